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
  it("is not moved by rounding: 0.9 of 70 is the 63rd", () => {
    expect(conformalQuantile(Array.from({ length: 69 }, (_, i) => i + 1), 0.9)).toBe(63);
  });
  it("promises nothing without scores", () => {
    expect(conformalQuantile([], 0.5)).toBe(Infinity);
  });

  it("covers as promised: at least the level, and hardly more", () => {
    const key = randomKey(2, "conformal");
    let covered = 0;
    const [rounds, size] = [400, 50];
    for (let round = 0; round < rounds; round++) {
      const drawn = Array.from({ length: size + 1 }, (_, i) => Math.abs(normalAt(key, round * (size + 1) + i)));
      const [fresh = NaN, ...rest] = drawn;
      covered += fresh <= conformalQuantile(rest.sort((a, b) => a - b), 0.8) ? 1 : 0;
    }
    expect(covered / rounds).toBeGreaterThan(0.75);
    expect(covered / rounds).toBeLessThan(0.86);
  });
});

describe("prediction sets", () => {
  it("hold the classes in order of probability until the threshold is reached", () => {
    const p = [0.2, 0.5, 0.3];
    expect([0, 1, 2].map((label) => classScore(p, label))).toEqual([1, 0.5, 0.8]);
    expect(classSet(p, 0.4)).toEqual([1]);
    expect(classSet(p, 0.5)).toEqual([1]);
    expect(classSet(p, 0.51)).toEqual([1, 2]);
    expect(classSet(p, 1)).toEqual([1, 2, 0]);
    expect(classSet(p, Infinity)).toEqual([1, 2, 0]);
    expect(classSet(p, 0)).toEqual([1]);
  });
  it("hold a class exactly when its score is within the threshold, or it is the most probable", () => {
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
    // Two samples at 0.9 of which one is right, two at 0.6 of which both are: (2 * |0.5 - 0.9| + 2 * |1 - 0.6|) / 4
    const p = [0.9, 0.1, 0.9, 0.1, 0.6, 0.4, 0.4, 0.6];
    expect(expectedCalibrationError(p, [0, 1, 0, 1])).toBeCloseTo(0.4, 12);
    expect(expectedCalibrationError([1, 0, 0, 1], [0, 1])).toBe(0);
  });
  it("refuses nothing at all", () => {
    expect(() => expectedCalibrationError([], [])).toThrow(/no samples/);
  });
});
