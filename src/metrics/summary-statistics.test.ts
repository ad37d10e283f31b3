import { describe, expect, it } from "vitest";
import { meanAndDeviation, quantileOf } from "./summary-statistics.js";

describe("meanAndDeviation", () => {
  it("uses n - 1", () => {
    expect(meanAndDeviation([1, 2, 3, 4])).toEqual({ mean: 2.5, deviation: Math.sqrt(5 / 3) });
  });
  it("has no deviation for a single value", () => {
    expect(meanAndDeviation([7])).toEqual({ mean: 7, deviation: null });
  });
});

describe("quantileOf", () => {
  it("agrees with numpy.quantile", () => {
    const sorted = [1, 2, 4, 8];
    expect([0, 0.25, 0.5, 0.9, 1].map((q) => quantileOf(sorted, q))).toEqual([
      1, 1.75, 3, 6.800000000000001, 8,
    ]);
    expect(quantileOf([5], 0.3)).toBe(5);
  });
});
