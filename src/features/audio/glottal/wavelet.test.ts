import { describe, expect, it } from "vitest";
import { halfWavelet, waveletAt } from "./wavelet.js";

describe("wavelets", () => {
  it.each([2, 4, 16, 64])("of scale %d answer most to about 8 kHz / scale", (scale) => {
    const wavelet = halfWavelet(scale);
    const answer = (hertz: number): number =>
      Math.abs(
        waveletAt(
          Float64Array.from({ length: 1201 }, (_, n) => Math.cos((2 * Math.PI * hertz * (n - 600)) / 16000)),
          wavelet,
          600,
        ),
      );
    const centre = 8000 / scale;
    for (const other of [
      centre / 2,
      centre / 1.4,
      Math.min(8000, centre * 1.4),
      Math.min(8000, centre * 2),
    ]) {
      if (other !== centre) expect(answer(other)).toBeLessThan(answer(centre));
    }
    expect(answer(0)).toBeLessThan(0.02 * answer(centre));
  });

  it("turn a negative impulse into a maximum at the same instant, with zeros beyond the ends", () => {
    const impulse = Float64Array.from({ length: 50 }, (_, n) => (n === 3 ? -1 : 0));
    const band = impulse.map((_, n) => waveletAt(impulse, halfWavelet(8), n));
    expect(band.indexOf(Math.max(...band))).toBe(3);
    expect(band[3]).toBe(1);
    expect(band.every(Number.isFinite)).toBe(true);
  });
});
