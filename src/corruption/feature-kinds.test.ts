import { describe, expect, it } from "vitest";
import { normalAt, randomKey } from "../core/random.js";
import type { FeatureKind, SampleSteps } from "./feature-kind.js";
import { FEATURE_KINDS, keysFrom } from "./feature-kinds.js";

const [STEPS, WIDTH] = [12, 20];
const mean = Float64Array.from({ length: WIDTH }, (_, d) => d / 4);
const std = Float64Array.from({ length: WIDTH }, (_, d) => 1 + d / 10);

function stepsOf(seed: number): Float32Array[] {
  return Array.from({ length: STEPS }, (_, t) =>
    Float32Array.from(mean, (middle, d) => {
      const deviations = normalAt(randomKey(seed, `step/${t}`), d);
      return middle + (std[d] ?? NaN) * deviations;
    }),
  );
}

/** Corrupts a sample. Returns the severity and the squared distance in deviations. */
function corrupted(
  kind: FeatureKind,
  amount: number,
  key = 1,
): { steps: Float32Array[]; severity: number; distance: number } {
  const [before, steps] = [stepsOf(1), stepsOf(1)];
  const sample: SampleSteps = { steps, mean, std, ...(kind.needsOther && { others: stepsOf(2) }) };
  const severity = kind.corrupt(sample, amount, keysFrom(randomKey(key, "test")));
  const distance = steps.reduce(
    (sum, step, t) =>
      sum +
      step.reduce((all, value, d) => all + ((value - (before[t]?.[d] ?? NaN)) / (std[d] ?? NaN)) ** 2, 0),
    0,
  );
  return { steps, severity, distance };
}

describe.each(Object.entries<FeatureKind>(FEATURE_KINDS))("%s", (_, kind) => {
  it("depends on the key alone, and changes more at a larger amount", () => {
    const amounts = [0.2, 0.6, 1].map((severity) => Math.min(kind.most, kind.amountAt(severity)));
    const results = amounts.map((amount) => corrupted(kind, amount));
    expect(corrupted(kind, amounts[1] ?? NaN)).toEqual(results[1]);
    const distances = results.map(({ distance }) => distance);
    expect([...distances].sort((a, b) => a - b)).toEqual(distances);
    expect(distances[2]).toBeGreaterThan(distances[0] ?? NaN);
    expect(results.every(({ severity, distance }) => severity > 0 === distance > 0)).toBe(true);
  });

  it("describes its amount", () => {
    expect(kind.unit).not.toBe("");
    expect(kind.amountAt(0)).toBe(0);
    expect(kind.amountAt(1)).toBeLessThanOrEqual(kind.most);
  });
});

describe("kinds in the units of the training data", () => {
  it("swap at 1 is the other sample, and without another the mean", () => {
    const steps = stepsOf(1);
    const others = stepsOf(2);
    FEATURE_KINDS.swap.corrupt({ steps, mean, std, others: others.slice(0, 1) }, 1);
    steps.forEach((step, t) => {
      const expected = t === 0 ? others[0] : Float32Array.from(mean);
      step.forEach((value, d) => {
        expect(value).toBeCloseTo(expected?.[d] ?? NaN, 5);
      });
    });
  });

  it("saturation keeps features within its limit and constant features as they are", () => {
    const flat = std.map((unit, d) => (d === 3 ? 0 : unit));
    const steps = stepsOf(1);
    const before = steps.map((step) => step[3]);
    FEATURE_KINDS.saturation.corrupt({ steps, mean, std: flat }, 1);
    const deviations = steps.flatMap((step) =>
      Array.from(step, (value, d) => (d === 3 ? 0 : Math.abs(value - (mean[d] ?? NaN)) / (std[d] ?? NaN))),
    );
    expect(Math.max(...deviations)).toBeCloseTo(0.5, 5);
    expect(steps.map((step) => step[3])).toEqual(before);
  });

  it("block sets one contiguous part of each step to the means", () => {
    const { steps } = corrupted(FEATURE_KINDS.block, 0.25);
    for (const step of steps) {
      const isMean = Array.from(step, (value, d) => Math.abs(value - (mean[d] ?? NaN)) < 1e-6);
      const starts = isMean.filter((here, d) => here && !isMean[(d + WIDTH - 1) % WIDTH]).length;
      expect([isMean.filter(Boolean).length, starts]).toEqual([5, 1]);
    }
  });
});
