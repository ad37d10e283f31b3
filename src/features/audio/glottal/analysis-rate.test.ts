import { describe, expect, it } from "vitest";
import { isVoicedAt, voicedStretches } from "./analysis-rate.js";

describe("voicedStretches", () => {
  it("covers the voiced frames and their margins, merged, within the signal", () => {
    expect(voicedStretches(new Uint8Array([1, 0, 0, 0, 0, 1, 1, 0, 1]), 1300, 100)).toEqual([
      [0, 180],
      [620, 1300],
    ]);
  });

  it("is empty without voice or without samples", () => {
    expect(voicedStretches(new Uint8Array(5), 800, 100)).toEqual([]);
    expect(voicedStretches(new Uint8Array(5).fill(1), 0, 100)).toEqual([]);
    expect(voicedStretches(new Uint8Array([0, 0, 0, 1]), 100, 20)).toEqual([]);
  });
});

describe("isVoicedAt", () => {
  it("uses the nearest frame, and nothing is voiced beyond the last", () => {
    const vuv = new Uint8Array([0, 1, 0]);
    expect([79, 80, 239, 241, 1000].map((n) => isVoicedAt(vuv, n))).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
  });
});
