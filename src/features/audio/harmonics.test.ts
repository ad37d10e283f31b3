import { describe, expect, it } from "vitest";
import { HarmonicAnalysis } from "./harmonics.js";

const F0 = 130;
const amplitudeOf = (k: number): number => 0.3 / k;
const phaseOf = (k: number): number => 0.3 * k * k - 1;

/** Harmonics whose phases are known at sample 2000. */
const signal = Float32Array.from({ length: 4000 }, (_, n) => {
  let sum = 0;
  for (let k = 1; k <= 40; k++)
    sum += amplitudeOf(k) * Math.cos((2 * Math.PI * k * F0 * (n - 2000)) / 16_000 + phaseOf(k));
  return sum;
});

describe("HarmonicAnalysis", () => {
  const analysis = new HarmonicAnalysis();
  analysis.analyse(signal, 2000, F0);
  const { harmonics } = analysis;

  it("finds as many harmonics as fit, and their spacing", () => {
    expect(harmonics.count).toBe(Math.round((8000 - F0 / 2) / F0));
    expect(Math.abs(harmonics.spacing - F0)).toBeLessThan(0.1);
  });

  it("finds half the amplitude of each cosine, and its phase at the centre", () => {
    for (let k = 1; k <= 40; k++) {
      expect(Math.abs((harmonics.amplitude[k - 1] ?? 0) / (amplitudeOf(k) / 2) - 1)).toBeLessThan(0.02);
      const difference = (harmonics.phase[k - 1] ?? 0) - phaseOf(k);
      expect(Math.abs(Math.sin(difference / 2))).toBeLessThan(0.02);
    }
  });

  it("is finite for silence and outside the signal", () => {
    for (const centre of [-500, 0, 3999, 9000]) {
      analysis.analyse(signal, centre, 50);
      expect(analysis.harmonics.amplitude.subarray(0, analysis.harmonics.count).every((a) => a > 0)).toBe(
        true,
      );
      expect(analysis.harmonics.phase.every(Number.isFinite)).toBe(true);
    }
  });
});
