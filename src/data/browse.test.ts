import { describe, expect, it } from "vitest";
import { distributionsOf, featuresOf, findSamples, histogram } from "./browse.js";
import { toyDataset } from "./testing/toy-dataset.js";

describe("histogram", () => {
  it("counts every finite value once, also the highest", () => {
    expect(histogram([0, 1, 2, 3, 4, NaN], 2)).toEqual([
      { low: 0, high: 2, count: 2 },
      { low: 2, high: 4, count: 3 },
    ]);
    expect(histogram([5, 5])).toEqual([{ low: 5, high: 5, count: 2 }]);
    expect(histogram([])).toEqual([]);
  });
});

describe("findSamples", () => {
  const dataset = toyDataset();

  it("filters by label and by a missing modality, and pages", () => {
    const all = findSamples(dataset, { split: "test", from: 0, limit: 1000 });
    expect(all.total).toBe(48);
    const low = findSamples(dataset, { split: "test", from: 0, limit: 1000, most: -1 });
    expect(low.total).toBeGreaterThan(0);
    expect(low.samples.every(({ label }) => typeof label === "number" && label <= -1)).toBe(true);
    const silent = findSamples(dataset, { split: "test", from: 0, limit: 1000, missing: "audio" });
    expect(silent.total).toBeGreaterThan(0);
    expect(silent.samples.every(({ steps }) => steps["audio"] === null && steps["text"] === 1)).toBe(true);
    const second = findSamples(dataset, { split: "test", from: 1, limit: 1 });
    expect(second.samples).toEqual(all.samples.slice(1, 2));
    expect(findSamples(dataset, { split: "test", from: 0, limit: 5, search: "NOWHERE" }).total).toBe(0);
  });

  it("finds a class, and a label among several", () => {
    const classes = toyDataset({ task: "classification" });
    const positive = findSamples(classes, { split: "test", from: 0, limit: 99, label: "positive" });
    expect(new Set(positive.samples.map(({ label }) => label))).toEqual(new Set(["positive"]));
    const labels = toyDataset({ task: "multi-label" });
    const joy = findSamples(labels, { split: "test", from: 0, limit: 99, label: "joy" });
    expect(joy.total).toBeGreaterThan(0);
    expect(joy.samples.every(({ label }) => Array.isArray(label) && label.includes("joy"))).toBe(true);
  });
});

describe("findSamples with measured quality", () => {
  const plain = toyDataset();
  const { test } = plain.splits;
  const values = Float32Array.from({ length: 2 * test.size }, (_, i) => (i === 1 || i === 9 ? 0.4 : 0));
  const quality = { audio: { names: ["score", "audio.silent"], values } };
  const dataset = { ...plain, splits: { ...plain.splits, test: { ...test, quality } } };

  it("filters and counts problems of the inputs that a sample has", () => {
    const { samples } = findSamples(dataset, { split: "test", from: 0, limit: 9, problem: "audio.silent" });
    expect(samples).toMatchObject([
      { row: 0, problems: [{ modality: "audio", code: "audio.silent", severity: Math.fround(0.4) }] },
    ]); // row 4 has the same measure and no audio
    expect(findSamples(dataset, { split: "test", from: 0, limit: 9, problem: "score" }).total).toBe(0);
    expect(distributionsOf(dataset).test.problems).toEqual({ "audio.silent": 1 });
    expect(distributionsOf(dataset).train.problems).toEqual({});
  });

  it("takes rows in their order, and ids that are given or left out", () => {
    const [, second = "", third = ""] = test.ids;
    const page = { split: "test", from: 0, limit: 9, rows: [3, 2, 1] } as const;
    expect(findSamples(dataset, page).samples.map(({ row }) => row)).toEqual([3, 2, 1]);
    expect(findSamples(dataset, { ...page, only: [second] }).samples.map(({ row }) => row)).toEqual([1]);
    expect(findSamples(dataset, { ...page, except: [third] }).samples.map(({ row }) => row)).toEqual([3, 1]);
  });
});

describe("featuresOf", () => {
  const dataset = toyDataset();

  it("gives the vectors of a sample, and null for missing modalities", () => {
    const { samples } = findSamples(dataset, { split: "test", from: 0, limit: 1, missing: "audio" });
    const row = samples[0]?.row ?? -1;
    const { text, audio } = featuresOf(dataset, "test", row);
    expect(audio).toBeNull();
    const table = dataset.splits.test.modalities["text"];
    expect(text).toEqual(Array.from(table?.values.subarray(row * 6, (row + 1) * 6) ?? []));
  });

  it("refuses a row that is not there", () => {
    expect(() => featuresOf(dataset, "valid", 40)).toThrow("the split valid has 40 samples, and no row 40");
  });
});

it("distributionsOf counts each sample of each split", () => {
  const { train, test } = distributionsOf(toyDataset());
  const sum = (bins: readonly { readonly count: number }[] = []): number =>
    bins.reduce((total, { count }) => total + count, 0);
  expect([sum(train.labels["sentiment"]), sum(test.labels["sentiment"])]).toEqual([96, 48]);
  expect(sum(train.steps["text"])).toBe(96);
  expect(sum(train.steps["audio"])).toBeLessThan(96);
});
