import { describe, expect, it } from "vitest";
import { defined } from "../core/defined.js";
import { assembleBatch } from "../data/assemble-batch.js";
import { featureUnits } from "../corruption/corrupted-copies.js";
import { damagedToy } from "../data/testing/damaged-toy.js";
import { toyDataset } from "../data/testing/toy-dataset.js";
import { EuarError } from "../core/errors.js";
import { copyDistances } from "../data/copy-distances.js";
import { RawCopies, withCopiesAppended } from "./raw-copies.js";
import { train } from "./train.js";
import type { TrainRequest } from "./train-request.js";

/** Code of the error that a promise is rejected with. */
async function refusal(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof EuarError ? error.code : "no error";
}

const dataset = damagedToy();
const split = dataset.splits.train;
const copies = defined(dataset.copies);
const options = { keep: 0, teach: true, seed: 2, step: 7, units: featureUnits(split) };
const rows = Int32Array.of(40, 3, 4, 11);
const batch = assembleBatch(split, rows);

describe("RawCopies", () => {
  it("adds a copy of each sample: one of its own, with its severity, kind, quality and label", () => {
    const doubled = new RawCopies(copies, split.size).addTo(batch, options);
    expect(doubled.size).toBe(8);
    expect(doubled.originals).toBe(4);
    expect(doubled.labels?.slice(4)).toEqual(batch.labels);
    const text = defined(doubled.modalities["text"]);
    expect(text.values.slice(0, 4 * 6)).toEqual(batch.modalities["text"]?.values);
    rows.forEach((row, b) => {
      const values = text.values.subarray((4 + b) * 6, (5 + b) * 6);
      const own = Array.from(copies.rows.keys()).filter((copy) => copies.rows[copy] === row);
      const found = own.find((copy) =>
        values.every((value, d) => value === copies.modalities["text"]?.values[copy * 6 + d]),
      );
      expect(found).toBeDefined();
      const copy = defined(found);
      const severity = defined(copies.damage["text"]?.severity[copy]);
      expect(doubled.severity?.["text"]?.[4 + b]).toBe(severity);
      expect(doubled.damage?.["text"]?.[4 + b]).toBe(severity > 0 ? 1 : 0);
      expect(text.quality?.[(4 + b) * 2]).toBeCloseTo(1 - severity, 6);
    });
    expect(doubled.severity?.["text"]?.slice(0, 4)).toEqual(new Float32Array(4));
  });

  it("keeps a modality undamaged with probability `keep`, and combines copies across modalities", () => {
    const all = assembleBatch(
      split,
      Int32Array.from({ length: split.size }, (_, i) => i),
    );
    const source = new RawCopies(copies, split.size);
    const half = source.addTo(all, { ...options, keep: 0.5 });
    const damaged = (name: string): number =>
      defined(half.severity?.[name]).filter((value) => value > 0).length / split.size;
    expect(damaged("text")).toBeGreaterThan(0.05);
    expect(damaged("text")).toBeLessThan(0.45); // half of the copies leave the text alone
    const never = source.addTo(all, { ...options, keep: 0.999999 });
    expect(Math.max(...defined(never.severity?.["audio"]))).toBe(0);
    expect(defined(never.modalities["audio"]).values.slice(split.size * 4)).toEqual(
      all.modalities["audio"]?.values,
    );
  });

  it("draws by seed, step and sample, whatever the batch", () => {
    const source = new RawCopies(copies, split.size);
    const alone = source.addTo(assembleBatch(split, rows.subarray(2, 3)), options);
    const together = source.addTo(batch, options);
    expect(alone.modalities["text"]?.values.slice(6)).toEqual(
      together.modalities["text"]?.values.slice(6 * 6, 7 * 6),
    );
    const later = [8, 9, 10, 11].map((step) => source.addTo(batch, { ...options, step }).severity?.["text"]);
    expect(
      later.some((severity) => severity?.some((value, b) => value !== together.severity?.["text"]?.[b])),
    ).toBe(true);
  });

  it("gives a sample without copies an undamaged one, and leaves a missing modality missing", () => {
    const few = { ...copies, size: 0, rows: new Int32Array(0) };
    const doubled = new RawCopies(few, split.size).addTo(batch, options);
    expect(Math.max(...defined(doubled.severity?.["text"]))).toBe(0);
    expect(doubled.modalities["text"]?.values.slice(24)).toEqual(batch.modalities["text"]?.values);
    const lacking = new RawCopies(copies, split.size).addTo(batch, options);
    expect(batch.modalities["audio"]?.present[2]).toBe(0);
    expect(lacking.modalities["audio"]?.present[6]).toBe(0);
    expect(lacking.severity?.["audio"]?.[6]).toBe(0);
  });
});

it("measures the distance of a copy from its original by means over time", () => {
  const doubled = {
    width: 2,
    steps: 2,
    values: Float32Array.of(1, 1, 3, 3, /**/ 5, 6, 9, 9),
    mask: Uint8Array.of(1, 1, 1, 0),
    present: Uint8Array.of(1, 1),
  };
  const distances = copyDistances(doubled, 2);
  expect(distances[0]).toBe(0);
  expect(distances[1]).toBeCloseTo(Math.sqrt((3 ** 2 + 4 ** 2) / 2) / 2, 6);
});

it("appends copies as samples with the labels of their originals", () => {
  const longer = withCopiesAppended(split, copies);
  expect(longer.size).toBe(split.size + copies.size);
  expect(longer.labels[split.size + 5]).toBe(split.labels[5]);
  expect(longer.modalities["text"]?.values.slice(split.size * 6)).toEqual(copies.modalities["text"]?.values);
});

describe("training with copies: raw", () => {
  const request = (
    name: "linear" | "ridge" | "concat" | "euar",
    raw: boolean,
  ): Parameters<typeof train>[0] => ({
    model: { name },
    train: { epochs: 2, copies: raw ? ["raw"] : [] },
  });

  it.each(["linear", "ridge", "concat", "euar"] as const)("changes what %s learns", async (name) => {
    const [plain, taught] = [
      await train(request(name, false), dataset),
      await train(request(name, true), dataset),
    ];
    expect(taught.history[1]?.train["task"]).not.toBe(plain.history[1]?.train["task"]);
    expect(taught.metrics.test["MAE"]).not.toBe(plain.metrics.test["MAE"]);
  });

  it("refuses data without copies, and raw copies together with corrupted features", async () => {
    expect(await refusal(train(request("linear", true), toyDataset()))).toBe("config.conflict");
    const mixed: TrainRequest = { model: { name: "linear" }, train: { copies: ["raw", "noise"] } };
    expect(await refusal(train(mixed, dataset))).toBe("config.conflict");
    const solved: TrainRequest = { model: { name: "ridge" }, train: { copies: ["noise"] } };
    expect(await refusal(train(solved, dataset))).toBe("config.conflict");
  });

  it("refuses copies of samples that do not exist", async () => {
    const stray = { ...dataset, copies: { ...copies, rows: copies.rows.map(() => 48) } };
    expect(await refusal(train(request("linear", true), stray))).toBe("data.invalid-value");
  });
});
