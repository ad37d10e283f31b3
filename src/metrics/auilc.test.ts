import { describe, expect, it } from "vitest";
import { auilc } from "./auilc.js";

describe("auilc", () => {
  it("sums trapezoids of unequal width", () => {
    // 0.5 * (1 + 3) / 2 + 0.25 * (3 + 1) / 2
    expect(auilc([0, 0.5, 0.75], [1, 3, 1])).toEqual({ area: 1.5, mean: 2 });
  });

  it("of a constant curve is its value times the range of rates", () => {
    const rates = Array.from({ length: 8 }, (_, i) => i / 10);
    const { area, mean } = auilc(
      rates,
      rates.map(() => 0.8),
    );
    expect(mean).toBeCloseTo(0.8, 12);
    expect(area).toBeCloseTo(0.56, 12);
  });

  it("is the mean of the published chart's shape: ends weigh half", () => {
    const rates = [0, 0.25, 0.5, 0.75, 1];
    expect(auilc(rates, [1, 0, 0, 0, 0]).area).toBe(0.125);
    expect(auilc(rates, [0, 1, 0, 0, 0]).area).toBe(0.25);
  });

  it.each([
    [[0], [1], /at least two/],
    [[0, 1], [1], /2 rates and 1 values/],
    [[0, 0], [1, 1], /must increase, but 0 is followed by 0/],
    [[0.5, 0.1], [1, 1], /must increase/],
    [[0, NaN], [1, 1], /finite/],
    [[0, 1], [1, Infinity], /finite/],
  ])("refuses rates %j with values %j", (rates, values, expected) => {
    expect(() => auilc(rates, values)).toThrow(expected);
  });
});
