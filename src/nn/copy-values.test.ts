import { describe, expect, it } from "vitest";
import { copyValues } from "./copy-values.js";

describe("a copy of values", () => {
  const values = Float32Array.of(1, 2, 3);

  it("overwrites an earlier array of its size, and does not change with the values", () => {
    const earlier = new Float32Array(3);
    expect(copyValues(values, earlier)).toBe(earlier);
    expect(earlier).toEqual(values);
    const copy = copyValues(values, undefined);
    values[0] = 9;
    expect([copy[0], earlier[0]]).toEqual([1, 1]);
  });

  it("is a new array if there is none of its size", () => {
    const shorter = new Float32Array(2);
    expect(copyValues(values, shorter)).toEqual(values);
    expect(shorter).toEqual(new Float32Array(2));
  });
});
