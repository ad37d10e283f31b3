import { describe, expect, it } from "vitest";
import { largestRd, lfHarmonic, lfPulse, smallestRd } from "./lf-model.js";
import { lfWaveform } from "./testing/lf-waveform.js";

const shapes = [smallestRd, 0.5, 0.8, 1, 1.5, 2, largestRd];

/** Integral of f over [0, 1] by the midpoint rule, in two parts that meet at `te`, where e(t) has a kink. */
function integral(te: number, f: (t: number) => number): number {
  const steps = 20000;
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    const u = (i + 0.5) / steps;
    sum += (f(te * u) * te + f(te + (1 - te) * u) * (1 - te)) / steps;
  }
  return sum;
}

describe("lfPulse", () => {
  it.each(shapes)("is a pulse of flow that closes: Rd %d", (rd) => {
    const pulse = lfPulse(rd);
    expect(pulse.tp).toBeGreaterThan(0);
    expect(pulse.te).toBeGreaterThan(pulse.tp);
    expect(pulse.te + pulse.ta).toBeLessThan(1);
    expect(integral(pulse.te, (t) => lfWaveform(pulse, t))).toBeCloseTo(0, 7);
    expect(lfWaveform(pulse, pulse.te)).toBeCloseTo(-1, 12);
    expect(lfWaveform(pulse, pulse.te + 1e-9)).toBeCloseTo(-1, 6);
    expect(lfWaveform(pulse, 1)).toBeCloseTo(0, 12);
    expect(lfWaveform(pulse, pulse.tp)).toBeCloseTo(0, 12);
  });

  it("has the amplitude quotient that defines Rd: flow / (decline x period) is Rd x 0.11, within 12%", () => {
    for (const rd of shapes) {
      const pulse = lfPulse(rd);
      const greatest = integral(pulse.te, (t) => (t <= pulse.tp ? lfWaveform(pulse, t) : 0));
      expect(greatest / (0.11 * rd)).toBeGreaterThan(0.88);
      expect(greatest / (0.11 * rd)).toBeLessThan(1.12);
    }
  });
});

describe("lfHarmonic", () => {
  it.each(shapes)("is the Fourier integral of the waveform: Rd %d", (rd) => {
    const pulse = lfPulse(rd);
    for (const harmonic of [1, 2, 3, 8, 20]) {
      const { re, im } = lfHarmonic(pulse, harmonic);
      expect(re).toBeCloseTo(
        integral(pulse.te, (t) => lfWaveform(pulse, t) * Math.cos(2 * Math.PI * harmonic * t)),
        6,
      );
      expect(im).toBeCloseTo(
        -integral(pulse.te, (t) => lfWaveform(pulse, t) * Math.sin(2 * Math.PI * harmonic * t)),
        6,
      );
    }
  });
});
