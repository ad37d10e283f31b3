import { describe, expect, it } from "vitest";
import { MelCepstrum } from "./mel-cepstrum.js";

const BINS = 513;
const mel = (f: number): number => 1127.01048 * Math.log(1 + f / 700);
const frequency = (bin: number): number => (8000 * bin) / (BINS - 1);

function cepstrumOf(amplitude: (f: number) => number, order = 24): Float32Array {
  const out = new Float32Array(order + 1);
  new MelCepstrum(BINS, 16_000, order).of(
    Float64Array.from({ length: BINS }, (_, i) => amplitude(frequency(i))),
    out,
    0,
  );
  return out;
}

describe("MelCepstrum", () => {
  it("has only c_0 = log a for a flat spectrum", () => {
    const c = cepstrumOf(() => 0.25);
    expect(c[0]).toBeCloseTo(Math.log(0.25), 6);
    expect(c.slice(1).every((x) => Math.abs(x) < 1e-6)).toBe(true);
  });

  it("finds the coefficients of a spectrum made of cosines on the mel scale", () => {
    const c = cepstrumOf((f) => {
      const x = (Math.PI * mel(f)) / mel(8000);
      return Math.exp(-3 + 1.5 * Math.cos(x) - 0.4 * Math.cos(5 * x) + 0.2 * Math.cos(24 * x));
    });
    const expected = new Float64Array(25);
    [expected[0], expected[1], expected[5], expected[24]] = [-3, 1.5, -0.4, 0.2];
    c.forEach((value, k) => {
      expect(Math.abs(value - (expected[k] ?? 0))).toBeLessThan(2e-3);
    });
  });

  it("gives back the spectrum of an all-pole filter within half a decibel on average", () => {
    const response = (f: number): number => {
      const w = (2 * Math.PI * f) / 16_000;
      const section = (centre: number, radius: number): number => {
        const theta = (2 * Math.PI * centre) / 16_000;
        const re = 1 - 2 * radius * Math.cos(theta) * Math.cos(w) + radius * radius * Math.cos(2 * w);
        const im = 2 * radius * Math.cos(theta) * Math.sin(w) - radius * radius * Math.sin(2 * w);
        return 1 / Math.hypot(re, im);
      };
      return section(600, 0.93) * section(1500, 0.9) * section(2600, 0.88);
    };
    const c = cepstrumOf(response);
    let error = 0;
    for (let i = 0; i < BINS; i++) {
      const x = (Math.PI * mel(frequency(i))) / mel(8000);
      const level = c.reduce((sum, value, k) => sum + value * Math.cos(k * x), 0);
      error += Math.abs(level - Math.log(response(frequency(i))));
    }
    expect((20 / Math.log(10)) * (error / BINS)).toBeLessThan(0.5);
  });
});
