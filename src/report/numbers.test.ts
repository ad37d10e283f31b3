import { describe, expect, it } from "vitest";
import { fixed } from "./numbers.js";

describe("fixed", () => {
  it.each([
    [0.12345, 3, "0.123"],
    [-2, 1, "-2.0"],
    [-0.004, 2, "0.00"],
    [-0.006, 2, "-0.01"],
    [null, 3, "n/a"],
    [undefined, 3, "n/a"],
    [NaN, 3, "n/a"],
    [Infinity, 3, "n/a"],
  ])("%s with %i decimals is %s", (value, decimals, text) => {
    expect(fixed(value, decimals)).toBe(text);
  });
});
