import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defined } from "../core/defined.js";
import type { Dataset } from "../data/dataset.js";
import { encoderFolder } from "../encoders/encoder-folder.js";
import { buildEncoder, openEncoder } from "../encoders/open-encoder.js";
import { fixtureFamilies, type FixtureFamily, fixtureFolder } from "../encoders/testing/family-fixture.js";
import { textEncoderOptions, type TextEncoderOptions } from "../encoders/text-encoder-config.js";
import type { TextEncoder } from "../encoders/text-encoder.js";
import { encodedSplit } from "../models/encode-split.js";
import { createWasmBackend } from "../tensor/backends/wasm/index.js";
import { phrases, smallTokens } from "../train/testing/text-data.js";
import { train } from "../train/train.js";
import { exportEncoder } from "./export-encoder.js";

type Options = Partial<TextEncoderOptions>;

const newFolder = (): string => mkdtempSync(join(tmpdir(), "euar-export-encoder-"));

function vectorsOf(encoder: TextEncoder, { splits }: Dataset): number[] {
  return Array.from(defined(encodedSplit(splits.test, "text", encoder).modalities["text"]).values);
}

/** Folder of a small random encoder, with the tokenizer of the small BERT. */
function folderWithTokenizer(family: FixtureFamily): string {
  const folder = newFolder();
  cpSync(fixtureFolder(family), folder, { recursive: true });
  cpSync(join(fixtureFolder("bert"), "tokenizer.json"), join(folder, "tokenizer.json"));
  return folder;
}

/** Trains with an encoder. Returns the vectors of the run's encoder, of the exported one, and of neither. */
async function compared(
  family: FixtureFamily,
  given: Options,
): Promise<Record<"run" | "out" | "start", number[]>> {
  const [folder, run, out] = [folderWithTokenizer(family), join(newFolder(), "run"), newFolder()];
  const [data, backend] = [await smallTokens(), await createWasmBackend()];
  const opened = openEncoder(encoderFolder(folder), textEncoderOptions(folder, given));
  const fresh = (): TextEncoder => buildEncoder(opened, backend, 1, 1);
  const start = vectorsOf(fresh(), data);
  const { model } = await train(
    { model: { name: "linear" }, train: { epochs: 2, batchSize: 16 }, encoder: opened, out: run },
    data,
  );
  const trained = fresh();
  for (const { name, buffer } of trained.parameters.all())
    buffer.view.set(defined(model.network.parameters.get(name)).buffer.view);
  await exportEncoder(run, out);
  const exported = openEncoder(encoderFolder(out), textEncoderOptions(out, { textTrain: 0 }));
  return {
    run: vectorsOf(trained, data),
    out: vectorsOf(buildEncoder(exported, backend, 1, 1), data),
    start,
  };
}

describe("the encoder of a run, as a folder", () => {
  it.each(fixtureFamilies)("gives the vectors of the run: %s", async (family) => {
    const { run, out, start } = await compared(family, { textLearningRate: 1e-2 });
    expect(out).toEqual(run);
    expect(out).not.toEqual(start);
  });

  it("has only the layers that the run keeps", async () => {
    const { run, out } = await compared("bert", { textLayers: 1, textTrain: 1, textLearningRate: 1e-2 });
    expect(out).toEqual(run);
  });

  it("has low-rank adapters in its weights", async () => {
    const { run, out, start } = await compared("bert", { textLora: 2, textLearningRate: 1e-1 });
    const difference = (a: number[], b: number[]): number =>
      a.reduce((most, value, i) => Math.max(most, Math.abs(value - defined(b[i]))), 0);
    expect(difference(out, run)).toBeLessThan(1e-5);
    expect(difference(out, start)).toBeGreaterThan(1e-3);
  });

  it("needs the tokenizer of the pretrained encoder", async () => {
    const [folder, run] = [folderWithTokenizer("bert"), join(newFolder(), "run")];
    const encoder = openEncoder(encoderFolder(folder), textEncoderOptions(folder, { textTrain: 1 }));
    const request = { model: { name: "linear" }, train: { epochs: 1 }, encoder, out: run } as const;
    await train(request, await smallTokens());
    rmSync(join(folder, "tokenizer.json"));
    await expect(exportEncoder(run, newFolder())).rejects.toThrow(/has no tokenizer\.json/);
  });

  it("is refused for a run without an encoder", async () => {
    const [run, out] = [join(newFolder(), "run"), newFolder()];
    await train({ model: { name: "linear" }, train: { epochs: 1 }, out: run }, phrases());
    await expect(exportEncoder(run, out)).rejects.toMatchObject({ code: "config.conflict" });
  });
});
