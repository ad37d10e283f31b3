import { describe, expect, it } from "vitest";
import { mean, meanOfKnown, meanOrNull, median } from "./averages.js";
import { defined } from "./defined.js";
import { codeOf } from "./testing/code-of.js";

describe("averages", () => {
  it("are means and medians of any array", () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(mean(Float32Array.of(1, 2))).toBe(1.5);
    expect(median([9, 1, 2])).toBe(2);
    expect(median(Float32Array.of(10, 1, 2, 3))).toBe(2.5);
    expect(median([10, 9])).toBe(9.5); // by size, not as text
    expect([mean([]), median([])]).toEqual([NaN, NaN]);
  });

  it("sum in order", () => {
    expect(mean([1e16, 1, 1, -1e16])).toBe((1e16 + 1 + 1 - 1e16) / 4);
  });

  it("leave values unchanged", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it.each([
    [[1, 3], 2, 2],
    [[1, null, 3], null, 2],
    [[null], null, null],
    [[], null, null],
  ])("of %j: %j where all must be known, else %j", (values, all, known) => {
    expect(meanOrNull(values)).toBe(all);
    expect(meanOfKnown(values)).toBe(known);
  });
});

describe("defined", () => {
  it("returns elements, and fails outside the array", () => {
    const values = Float32Array.of(0, NaN);
    expect([defined(values[0]), defined(values[1])]).toEqual([0, NaN]);
    expect(codeOf(() => defined(values[2]))).toBe("internal");
    expect(codeOf(() => defined(values[-1]))).toBe("internal");
    expect(codeOf(() => defined(values[0.5]))).toBe("internal");
  });
});
