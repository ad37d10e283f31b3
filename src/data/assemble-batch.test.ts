import { describe, expect, it } from "vitest";
import { assembleBatch } from "./assemble-batch.js";
import type { Split } from "./dataset.js";
import { chooseModalities } from "./modality-names.js";
import { modalitySubsets } from "./subsets.js";
import { summariseDataset } from "./summarise-dataset.js";
import { generateSynthetic } from "./synthetic/generate.js";
import { fillNormal } from "../core/fill-normal.js";
import { normalAt, randomKey } from "../core/random.js";

const split: Split = {
  name: "test",
  size: 3,
  ids: ["a", "b", "c"],
  labels: Float32Array.of(1, 10, 2, 20, 3, 30),
  modalities: {
    audio: {
      width: 2,
      steps: 2,
      values: Float32Array.from({ length: 12 }, (_, i) => i),
      mask: Uint8Array.of(0, 1, 1, 1, 1, 0),
      present: Uint8Array.of(1, 0, 1),
    },
    text: {
      width: 1,
      steps: 1,
      values: Float32Array.of(7, 8, 9),
      mask: Uint8Array.of(1, 1, 1),
      present: Uint8Array.of(1, 1, 1),
    },
  },
};

describe("assembleBatch", () => {
  it("copies rows in the requested order, repeats included", () => {
    const batch = assembleBatch(split, [2, 0, 2]);
    expect(batch.size).toBe(3);
    expect(Array.from(batch.sampleIndex)).toEqual([2, 0, 2]);
    expect(Array.from(batch.labels ?? [])).toEqual([3, 30, 1, 10, 3, 30]);
    expect(Array.from(batch.modalities["audio"]?.values ?? [])).toEqual([
      8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11,
    ]);
    expect(Array.from(batch.modalities["audio"]?.mask ?? [])).toEqual([1, 0, 0, 1, 1, 0]);
    expect(Array.from(batch.modalities["audio"]?.present ?? [])).toEqual([1, 1, 1]);
    expect(Array.from(assembleBatch(split, [1]).modalities["audio"]?.present ?? [])).toEqual([0]);
  });

  it("takes some of the modalities, and leaves labels out", () => {
    const batch = assembleBatch(split, Int32Array.of(1), { modalities: ["text"], labels: false });
    expect(Object.keys(batch.modalities)).toEqual(["text"]);
    expect(batch.labels).toBeUndefined();
  });

  it("does not share memory with the split", () => {
    const batch = assembleBatch(split, [0]);
    batch.modalities["text"]?.values.fill(99);
    expect(split.modalities["text"]?.values[0]).toBe(7);
  });

  it("refuses missing rows and modalities", () => {
    expect(() => assembleBatch(split, [3])).toThrow(/3 samples; there is no sample 3/);
    expect(() => assembleBatch(split, [-1])).toThrow(/no sample -1/);
    expect(() => assembleBatch(split, [0], { modalities: ["vision"] })).toThrow(/no modality "vision"/);
  });
});

describe("modalitySubsets", () => {
  it("lists the seven subsets of three, small ones first", () => {
    expect(modalitySubsets(["t", "a", "v"])).toEqual([
      ["t"],
      ["a"],
      ["v"],
      ["t", "a"],
      ["t", "v"],
      ["a", "v"],
      ["t", "a", "v"],
    ]);
    expect(modalitySubsets(["t"])).toEqual([["t"]]);
    expect(modalitySubsets(["1", "2", "3", "4", "5"])).toHaveLength(31);
  });
});

describe("chooseModalities", () => {
  it("puts text, audio and vision first by default, and keeps the order of requested modalities", () => {
    expect(chooseModalities(undefined, ["pose", "visual", "acoustic", "text"], "x")).toEqual([
      "text",
      "acoustic",
      "visual",
      "pose",
    ]);
    expect(chooseModalities(["visual", "pose"], ["pose", "visual"], "x")).toEqual(["visual", "pose"]);
    expect(() => chooseModalities([], ["text"], "x")).toThrow(/no modality was requested/);
  });
});

describe("summariseDataset", () => {
  it("counts the existing ones", () => {
    const splits = {
      train: { ...split, name: "train" as const },
      valid: { ...split, name: "valid" as const },
      test: split,
    };
    const modalities = [
      { name: "audio", width: 2, steps: 2 },
      { name: "text", width: 1, steps: 1 },
    ];
    const summary = summariseDataset({
      name: "x",
      task: { kind: "regression", targets: ["p", "q"] },
      modalities,
      splits,
      notes: ["n"],
    });
    const test = summary.splits[2];
    expect(test?.modalities[0]).toEqual({
      name: "audio",
      missing: 1,
      steps: { least: 1, mean: 1, most: 1 },
      zeros: 0,
      least: 2,
      most: 9,
    });
    expect(test?.targets[1]).toMatchObject({
      name: "q",
      mean: 20,
      least: 10,
      most: 30,
      negative: 0,
      zero: 0,
      positive: 3,
    });
    expect(test?.targets[0]?.std).toBeCloseTo(Math.sqrt(2 / 3), 12);
  });

  it("counts corruption kinds of synthetic data", () => {
    const summary = summariseDataset(
      generateSynthetic({ sizes: { train: 50, valid: 10, test: 10 } }).dataset,
    );
    const counts = summary.splits[0]?.modalities[0]?.corruption ?? {};
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(50);
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });
});

describe("fillNormal", () => {
  it("is the stream of normalAt", () => {
    const key = randomKey(3, "x");
    const out = new Float64Array(7);
    fillNormal(key, out, 2);
    out.forEach((value, i) => {
      expect(value).toBeCloseTo(2 * normalAt(key, i), 9);
    });
  });
});
