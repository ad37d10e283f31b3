import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { FeatureOrigin } from "../adapter-identity.js";
import type { Dataset } from "../dataset.js";
import { selectModalities } from "../select-modalities.js";
import { loadDataset } from "./load-dataset.js";
import { npyHeader } from "./npy-header.js";

const root = mkdtempSync(join(tmpdir(), "euar-origin-"));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
let made = 0;

const origin: FeatureOrigin = {
  adapter: "audio/x",
  version: 1,
  packages: { p: "1" },
  options: { rate: 2 },
  width: 2,
};
const masks = { audio: "mask.npy" };
const description = {
  task: { kind: "regression" },
  all: { features: { audio: "x.npy", text: "t.npy" }, masks, table: "rows.tsv" },
  columns: { labels: "score", split: "split" },
  features: { audio: origin },
};

function npy(code: "<f4" | "|u1", shape: readonly number[], values: readonly number[]): Buffer {
  const body = code === "<f4" ? new Uint8Array(Float32Array.from(values).buffer) : Uint8Array.from(values);
  return Buffer.concat([npyHeader(code, shape), body]);
}

/** Four samples of two steps: train has two. */
function load(
  change: Readonly<Record<string, unknown>> = {},
  mask: readonly number[] = [1, 1, 0, 1, 0, 0, 1, 0],
  options = {},
): Promise<Dataset> {
  const folder = join(root, String(made++));
  mkdirSync(folder);
  writeFileSync(
    join(folder, "x.npy"),
    npy("<f4", [4, 2, 2], [0, 0, 1, 2, 9, 9, 3, 4, 9, 9, 9, 9, 5, 6, 9, 9]),
  );
  writeFileSync(join(folder, "t.npy"), npy("<f4", [4, 1], [1, 2, 3, 4]));
  writeFileSync(join(folder, "mask.npy"), npy("|u1", [4, mask.length / 4], mask));
  writeFileSync(join(folder, "rows.tsv"), "split\tscore\ntrain\t1\ntrain\t2\nvalid\t1\ntest\t0\n");
  writeFileSync(join(folder, "dataset.json"), JSON.stringify({ ...description, ...change }));
  return loadDataset(folder, options);
}

describe("a mask file", () => {
  it("decides which steps are real, zeros among them, and which samples lack the modality", async () => {
    const { splits } = await load();
    const { audio, text } = splits.train.modalities;
    expect(Array.from(audio?.mask ?? [])).toEqual([1, 1, 0, 1]);
    // what the mask hides is not kept
    expect(Array.from(audio?.values ?? [])).toEqual([0, 0, 1, 2, 0, 0, 3, 4]);
    expect(Array.from(splits.valid.modalities["audio"]?.present ?? [])).toEqual([0]);
    expect(Array.from(splits.valid.modalities["text"]?.present ?? [])).toEqual([1]);
    expect(text?.present).toHaveLength(2);
  });

  it("is minded when steps are pooled", async () => {
    const { splits } = await load({}, undefined, { pool: "mean" });
    expect(Array.from(splits.train.modalities["audio"]?.values ?? [])).toEqual([0.5, 1, 3, 4]);
  });

  it("must fit the features", async () => {
    await expect(load({}, [1, 1, 1, 1])).rejects.toMatchObject({
      code: "data.width-mismatch",
      message: expect.stringContaining("mask.npy: the mask has the shape (2, 1)") as string,
    });
    await expect(load({ all: { ...description.all, masks: { vision: "mask.npy" } } })).rejects.toMatchObject({
      code: "data.unknown-modality",
      message: expect.stringContaining('"masks" names "vision"') as string,
    });
  });
});

describe("the origin of features", () => {
  it("comes with the data set and with a choice of its modalities", async () => {
    const dataset = await load();
    expect(dataset.features).toEqual({ audio: origin });
    expect(selectModalities(dataset, ["text"]).features).toEqual({});
    expect((await load({}, undefined, { modalities: ["text"] })).features).toEqual({});
  });

  it("says that steps were pooled on reading", async () => {
    expect((await load({}, undefined, { pool: "mean" })).features?.["audio"]?.preparation).toEqual({
      align: "none",
      steps: null,
      fps: null,
      pool: "mean",
    });
  });

  it("is refused if it cannot be true", async () => {
    await expect(load({ features: { audio: { ...origin, width: 3 } } })).rejects.toMatchObject({
      code: "data.width-mismatch",
      message: expect.stringContaining("audio has 2 features, but its stated adapter audio/x") as string,
    });
    await expect(load({ features: { vision: origin } })).rejects.toMatchObject({
      code: "data.unknown-modality",
    });
    await expect(load({ features: { audio: { ...origin, version: "1" } } })).rejects.toMatchObject({
      code: "data.format",
      message: expect.stringContaining("features.audio.version") as string,
    });
  });
});
