import { describe, expect, it } from "vitest";
import { normalAt, randomKey, uniformAt } from "../core/random.js";
import { expectedCalibrationError } from "./calibration-error.js";
import { classScore, classSet, conformalQuantile } from "./conformal.js";

describe("the conformal quantile", () => {
  const scores = Array.from({ length: 19 }, (_, i) => i + 1);
  it.each([
    [0.9, 18],
    [0.91, 19],
    [0.95, 19],
    [0.951, Infinity],
    [0.5, 10],
    [0.01, 1],
  ])("of 1..19 at level %f is %f", (level, expected) => {
    expect(conformalQuantile(scores, level)).toBe(expected);
  });
  it("does not change by rounding: 0.9 of 70 is the 63rd", () => {
    expect(
      conformalQuantile(
        Array.from({ length: 69 }, (_, i) => i + 1),
        0.9,
      ),
    ).toBe(63);
  });
  it("promises nothing without scores", () => {
    expect(conformalQuantile([], 0.5)).toBe(Infinity);
  });

  it("covers as stated: at least the level, and hardly more", () => {
    const key = randomKey(2, "conformal");
    let covered = 0;
    const [rounds, size] = [400, 50];
    for (let round = 0; round < rounds; round++) {
      const drawn = Array.from({ length: size + 1 }, (_, i) =>
        Math.abs(normalAt(key, round * (size + 1) + i)),
      );
      const [fresh = NaN, ...rest] = drawn;
      covered +=
        fresh <=
        conformalQuantile(
          rest.sort((a, b) => a - b),
          0.8,
        )
          ? 1
          : 0;
    }
    expect(covered / rounds).toBeGreaterThan(0.75);
    expect(covered / rounds).toBeLessThan(0.86);
  });
});

describe("prediction sets", () => {
  it("contain the classes above the threshold, in order, and always the most probable one", () => {
    const p = [0.2, 0.5, 0.3];
    expect([0, 1, 2].map((label) => classScore(p, label))).toEqual([0.8, 0.5, 0.7]);
    expect(classSet(p, 0.4)).toEqual([1]);
    expect(classSet(p, 0.5)).toEqual([1]);
    expect(classSet(p, 0.7)).toEqual([1, 2]);
    expect(classSet(p, 0.8)).toEqual([1, 2, 0]);
    expect(classSet(p, Infinity)).toEqual([1, 2, 0]);
    expect(classSet(p, 0)).toEqual([1]);
  });
  it("contain a class exactly if its score is within the threshold, or it is the most probable", () => {
    const key = randomKey(1, "sets");
    for (let round = 0; round < 50; round++) {
      const raw = Array.from({ length: 4 }, (_, c) => uniformAt(key, round * 5 + c));
      const total = raw.reduce((sum, value) => sum + value, 0);
      const p = raw.map((value) => value / total);
      const threshold = uniformAt(key, round * 5 + 4);
      const set = classSet(p, threshold);
      p.forEach((value, c) => {
        if (classScore(p, c) <= threshold || value === Math.max(...p)) expect(set).toContain(c);
      });
    }
  });
});

describe("expected calibration error", () => {
  it("is the weighted gap between probability and accuracy per bin", () => {
    // Two samples at 0.9 of which one is right, two at 0.6 of which both are: (2 * |0.5 - 0.9| + 2 * |1 -
    // 0.6|) / 4
    const p = [0.9, 0.1, 0.9, 0.1, 0.6, 0.4, 0.4, 0.6];
    expect(expectedCalibrationError(p, [0, 1, 0, 1])).toBeCloseTo(0.4, 12);
    expect(expectedCalibrationError([1, 0, 0, 1], [0, 1])).toBe(0);
  });
  it("refuses nothing at all", () => {
    expect(() => expectedCalibrationError([], [])).toThrow(/no samples/);
  });
});

describe("sets of a model that errs", () => {
  it("cover as stated and hardly more, with few classes if the model is mostly right", () => {
    const key = randomKey(4, "sets of three");
    // The true class has a logit that is 1.5 higher: right in about three of four.
    const sample = (n: number): { readonly p: number[]; readonly label: number } => {
      const label = Math.floor(uniformAt(key, 10 * n) * 3);
      const logits = [0, 1, 2].map((c) => normalAt(key, 10 * n + 1 + c) + (c === label ? 1.5 : 0));
      const weights = logits.map((logit) => Math.exp(logit));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return { p: weights.map((weight) => weight / total), label };
    };
    const scores = Float64Array.from({ length: 1000 }, (_, n) =>
      classScore(sample(n).p, sample(n).label),
    ).sort();
    const threshold = conformalQuantile(scores, 0.9);
    const fresh = Array.from({ length: 4000 }, (_, n) => sample(5000 + n));
    const sets = fresh.map(({ p }) => classSet(p, threshold));
    const covered = sets.filter((set, n) => set.includes(fresh[n]?.label ?? -1)).length / 4000;
    const size = sets.reduce((sum, set) => sum + set.length, 0) / 4000;
    expect(covered).toBeGreaterThan(0.88);
    expect(covered).toBeLessThan(0.92);
    expect(size).toBeLessThan(1.8);
  });
});
