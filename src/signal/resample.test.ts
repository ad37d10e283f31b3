import { describe, expect, it } from "vitest";
import { resample } from "./resample.js";

const tone = (rate: number, frequency: number, seconds = 0.25): Float32Array =>
  Float32Array.from(
    { length: Math.round(rate * seconds) },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * frequency * i) / rate),
  );

/** Largest distance within the middle half, away from the ends. */
function middleError(a: Float32Array, b: Float32Array): number {
  let worst = 0;
  for (let i = Math.floor(a.length / 4); i < (3 * a.length) / 4; i++)
    worst = Math.max(worst, Math.abs((a[i] ?? NaN) - (b[i] ?? NaN)));
  return worst;
}

describe("resample", () => {
  it.each([8000, 11_025, 22_050, 44_100, 48_000, 96_000])(
    "keeps a tone of the pass band, from %i Hz to 16 kHz",
    (rate) => {
      for (const frequency of [100, 1000, 0.42 * Math.min(rate, 16_000)]) {
        const got = resample(tone(rate, frequency), rate, 16_000);
        expect(got.length).toBe(Math.round((Math.round(rate * 0.25) * 16_000) / rate));
        expect(middleError(got, tone(16_000, frequency))).toBeLessThan(1e-4);
      }
    },
  );

  it.each([8200, 9000, 12_000, 20_000])(
    "removes a tone at %i Hz that would alias below 8 kHz",
    (frequency) => {
      const got = resample(tone(48_000, frequency), 48_000, 16_000);
      expect(middleError(got, new Float32Array(got.length))).toBeLessThan(3e-5);
    },
  );

  it("makes no images above the old Nyquist frequency", () => {
    const got = resample(tone(8000, 3000), 8000, 16_000);
    expect(middleError(got, tone(16_000, 3000))).toBeLessThan(1e-4);
  });

  it("keeps a constant, and accepts the shortest signals", () => {
    const got = resample(new Float32Array(4000).fill(0.25), 44_100, 16_000);
    expect(middleError(got, new Float32Array(got.length).fill(0.25))).toBeLessThan(1e-6);
    expect(resample(new Float32Array(0), 44_100, 16_000)).toHaveLength(0);
    expect(resample(Float32Array.of(0.5), 8000, 16_000)).toHaveLength(2);
  });

  it("returns the same array when there is nothing to do", () => {
    const signal = tone(16_000, 440);
    expect(resample(signal, 16_000, 16_000)).toBe(signal);
  });

  it.each([0, -1, NaN, Infinity, 1000, 1e9])("refuses a rate of %d", (rate) => {
    expect(() => resample(new Float32Array(10), rate, 16_000)).toThrow(
      expect.objectContaining({ code: "media.unsupported" }),
    );
  });
});
