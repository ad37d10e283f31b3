import { describe, expect, it } from "vitest";
import { blackmanWindow } from "../windows.js";
import { harmonicsAround } from "./harmonics.js";

describe("harmonicsAround", () => {
  it("finds the amplitudes and phases of a sum of harmonics, up to one factor", () => {
    const parts = [1, 2, 3, 7].map((h) => ({ h, amplitude: 1 / h, phase: 0.4 * h * h }));
    const signal = Float64Array.from({ length: 4000 }, (_, n) =>
      parts.reduce(
        (sum, { h, amplitude, phase }) =>
          sum + amplitude * Math.cos((2 * Math.PI * h * 125 * (n - 2000)) / 16000 + phase),
        0,
      ),
    );
    const found = harmonicsAround(signal, 2000, 125, blackmanWindow);
    expect(found).toHaveLength(64);
    const scale = Math.hypot(found[0]?.re ?? NaN, found[0]?.im ?? NaN);
    for (const { h, amplitude, phase } of parts) {
      const { re, im } = found[h - 1] ?? { re: NaN, im: NaN };
      expect(re / scale).toBeCloseTo(amplitude * Math.cos(phase), 2);
      expect(im / scale).toBeCloseTo(amplitude * Math.sin(phase), 2);
    }
    expect(Math.hypot(found[4]?.re ?? NaN, found[4]?.im ?? NaN) / scale).toBeLessThan(0.01);
  });

  it("treats the signal as zero beyond its ends", () => {
    const found = harmonicsAround(new Float64Array([1, -1]), 0, 100, blackmanWindow);
    expect(found).toHaveLength(80);
    expect(found.every(({ re, im }) => Number.isFinite(re) && Number.isFinite(im))).toBe(true);
  });
});
