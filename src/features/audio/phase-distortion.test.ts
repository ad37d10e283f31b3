import { describe, expect, it } from "vitest";
import type { Harmonics } from "./harmonics.js";
import { PHASE_BINS, PhaseDistortion } from "./phase-distortion.js";

const F0 = 125; // eight bins
const make = (phase: (k: number) => number, amplitude: (k: number) => number = () => 0.1): Harmonics => ({
  count: 63,
  spacing: F0,
  amplitude: Float64Array.from({ length: 63 }, (_, i) => amplitude(i + 1)),
  phase: Float64Array.from({ length: 63 }, (_, i) => phase(i + 1)),
});

function distortionOf(harmonics: Harmonics): (k: number) => number {
  const [re, im] = [new Float64Array(PHASE_BINS), new Float64Array(PHASE_BINS)];
  new PhaseDistortion().of(harmonics, F0, re, im);
  return (k) => Math.atan2(im[8 * (k + 1)] ?? 0, re[8 * (k + 1)] ?? 0);
}

describe("PhaseDistortion", () => {
  it("is 0 for a pulse, wherever it lies in the period", () => {
    for (const delay of [0, 0.7, 2.5]) {
      const at = distortionOf(make((k) => -k * delay));
      for (let k = 0; k < 62; k++) expect(Math.abs(at(k))).toBeLessThan(1e-9);
    }
  });

  it("is the second difference of the phases: 2 a for phases a k^2, whatever the delay", () => {
    // phi_{k+1} - phi_k - phi_1 = a (2k + 1) - a = 2 a k
    for (const delay of [0, 1.1]) {
      const at = distortionOf(make((k) => 0.02 * k * k - k * delay));
      for (let k = 1; k < 60; k++) expect(Math.abs(Math.sin((at(k) - 0.04 * k) / 2))).toBeLessThan(1e-9);
    }
  });

  it("removes the minimum phase of the amplitudes: a one-pole filter leaves nothing", () => {
    const w = (k: number): number => (2 * Math.PI * k * F0) / 16_000;
    const [a, b] = [(k: number) => 1 - 0.7 * Math.cos(w(k)), (k: number) => 0.7 * Math.sin(w(k))];
    const at = distortionOf(
      make(
        (k) => -Math.atan2(b(k), a(k)),
        (k) => 1 / Math.hypot(a(k), b(k)),
      ),
    );
    for (let k = 2; k < 55; k++) expect(Math.abs(at(k))).toBeLessThan(0.06);
  });
});
