import { describe, expect, it } from "vitest";
import { blackmanWindow, hammingWindow, hannWindow, periodicHannWindow } from "./windows.js";

describe("windows", () => {
  it("has the textbook values", () => {
    expect(Array.from(blackmanWindow(5), (x) => Math.round(x * 1e6) / 1e6 + 0)).toEqual([
      0, 0.34, 1, 0.34, 0,
    ]);
    expect(Array.from(hammingWindow(3), (x) => Math.round(x * 1e6) / 1e6)).toEqual([0.08, 1, 0.08]);
    expect(Array.from(hannWindow(3), (x) => Math.round(x * 1e6) / 1e6)).toEqual([0.5, 1, 0.5]);
    expect(Array.from(periodicHannWindow(4), (x) => Math.round(x * 1e6) / 1e6)).toEqual([0, 0.5, 1, 0.5]);
  });

  it("is 1 for a single point", () => {
    expect(blackmanWindow(1)[0]).toBeCloseTo(1, 12);
    expect(hannWindow(1)[0]).toBeCloseTo(1, 12);
  });
});
