import { describe, expect, it } from "vitest";
import { peakSlope } from "./peak-slope.js";
import { lowToHigh, median, tenseToBreathy } from "./testing/analysed-voice.js";
import { syntheticVoice } from "./testing/synthetic-voice.js";
import { halfWavelet, waveletAt } from "./wavelet.js";

const frames = new Uint8Array(20).fill(1);

describe("peakSlope", () => {
  it("is the slope over octaves of the bands' peaks, looked at in every sample, within 0.002", () => {
    const { samples } = syntheticVoice({ rd: 1, f0: 130, seconds: 0.2 });
    const speech = Float64Array.from(samples);
    const levels = [64, 32, 16, 8, 4, 2, 1].map((scale) => {
      const wavelet = halfWavelet(scale);
      let greatest = 0;
      for (let n = 1600 - 320; n < 1600 + 320; n++)
        greatest = Math.max(greatest, Math.abs(waveletAt(speech, wavelet, n)));
      return Math.log10(greatest);
    });
    const slope = levels.reduce((sum, level, octave) => sum + (octave - 3) * level, 0) / 28;
    expect(Math.abs((peakSlope(speech, frames)[10] ?? NaN) - slope)).toBeLessThan(0.002);
  });

  it("of an impulse, which raises all bands to the same peak, is 0", () => {
    const impulse = Float64Array.from({ length: 3200 }, (_, n) => (n === 1600 ? 0.5 : 0));
    expect(peakSlope(impulse, frames)[10]).toBeCloseTo(0, 12);
  });

  it.each(lowToHigh)("falls from tense to breathy at %d Hz", (f0) => {
    let before = Infinity;
    for (const rd of tenseToBreathy) {
      const { samples, vuv } = syntheticVoice({ rd, f0, seconds: 0.2 });
      const found = median([...peakSlope(Float64Array.from(samples), vuv).subarray(5, 15)]);
      expect(found).toBeLessThan(before);
      before = found;
    }
  });

  it("is 0 in unvoiced and in silent frames", () => {
    const speech = Float64Array.from({ length: 3200 }, (_, n) => (n < 1600 ? Math.sin(n * n) : 0));
    const slopes = peakSlope(
      speech,
      frames.map((_, t) => (t === 3 ? 0 : 1)),
    );
    expect(slopes[3]).toBe(0);
    expect(slopes[4]).not.toBe(0);
    expect(slopes[18]).toBe(0);
    expect([...peakSlope(new Float64Array(0), frames)]).toEqual(Array(20).fill(0));
  });
});
