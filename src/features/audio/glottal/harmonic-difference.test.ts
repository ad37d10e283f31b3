import { describe, expect, it } from "vitest";
import { hammingWindow } from "../windows.js";
import { harmonicDifference } from "./harmonic-difference.js";
import { glottalFlow } from "./inverse-filtering.js";
import { lfHarmonic, lfPulse } from "./lf-model.js";
import { pulsesBetween } from "./pulses.js";
import { analysedVoice, median, tenseToBreathy } from "./testing/analysed-voice.js";

function trueDifference(rd: number): number {
  const [first, second] = [1, 2]
    .map((h) => lfHarmonic(lfPulse(rd), h))
    .map(({ re, im }) => Math.hypot(re, im));
  return 20 * Math.log10((first ?? NaN) / (second ?? NaN));
}

describe("harmonicDifference", () => {
  it.each([6, 0, -12])(
    "of two harmonics that differ by %d dB is that, even where the period is a little wrong",
    (difference) => {
      const second = 10 ** (-difference / 20);
      const x = Float64Array.from(
        { length: 1600 },
        (_, n) => Math.cos((2 * Math.PI * n) / 100) + second * Math.cos((4 * Math.PI * n) / 100 + 1),
      );
      for (const start of [696, 700, 704])
        expect(harmonicDifference(x, { start, end: 800 }, hammingWindow)).toBeCloseTo(difference, -0.4);
      expect(
        Math.abs((harmonicDifference(x, { start: 700, end: 800 }, hammingWindow) ?? NaN) - difference),
      ).toBeLessThan(0.3);
    },
  );

  it.each([80, 130, 200])(
    "through a vocal tract and back, at %d Hz, grows with Rd and is within 3 dB of the true source's",
    (f0) => {
      let before = -Infinity;
      for (const rd of tenseToBreathy) {
        const { speech, closures } = analysedVoice({ rd, f0, seconds: 0.3 }, f0);
        const { derivative } = glottalFlow(speech, closures);
        const pulses = pulsesBetween(closures).slice(4, -4);
        const found = median(
          pulses.map((pulse) => harmonicDifference(derivative, pulse, hammingWindow) ?? NaN),
        );
        expect(Math.abs(found - trueDifference(rd))).toBeLessThan(3);
        expect(found).toBeGreaterThan(before);
        before = found;
      }
    },
  );

  it("is undefined of silence, and finite at the ends of the signal", () => {
    expect(
      harmonicDifference(new Float64Array(400), { start: 100, end: 200 }, hammingWindow),
    ).toBeUndefined();
    const x = Float64Array.from({ length: 101 }, (_, n) => Math.sin(n * n));
    expect(Number.isFinite(harmonicDifference(x, { start: 0, end: 100 }, hammingWindow))).toBe(true);
  });
});
