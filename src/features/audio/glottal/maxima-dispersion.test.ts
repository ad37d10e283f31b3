import { describe, expect, it } from "vitest";
import { maximaDispersion } from "./maxima-dispersion.js";
import { pulsesBetween } from "./pulses.js";
import { analysedVoice, lowToHigh, median } from "./testing/analysed-voice.js";

describe("maximaDispersion", () => {
  it("is 0 for one impulse at the closure; a second one 8 samples away shifts half of the bands", () => {
    const impulse = Float64Array.from({ length: 2000 }, (_, n) => (n === 1000 ? -1 : 0));
    expect(maximaDispersion(impulse, { start: 840, end: 1000 })).toBe(0);
    expect(maximaDispersion(impulse, { start: 832, end: 992 })).toBeCloseTo(8 / 160, 12);
  });

  it("is at most the reach of the search, 0.2", () => {
    const noise = Float64Array.from({ length: 2000 }, (_, n) => Math.sin(n * n));
    const found = maximaDispersion(noise, { start: 840, end: 1000 }) ?? NaN;
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThanOrEqual(0.2);
  });

  it.each(lowToHigh)("is larger in modal and in breathy voice than in tense voice, at %d Hz", (f0) => {
    const [tense, modal, breathy] = [0.4, 1.2, 2.4].map((rd) => {
      const { residual, closures } = analysedVoice({ rd, f0, seconds: 0.3, noise: 0.0005 }, f0);
      const pulses = pulsesBetween(closures).slice(4, -4);
      return median(pulses.map((pulse) => maximaDispersion(residual, pulse) ?? NaN));
    });
    expect(modal).toBeGreaterThan(1.15 * (tense ?? NaN));
    expect(breathy).toBeGreaterThan(1.4 * (tense ?? NaN));
  });

  it("is undefined if a period does not fit on both sides", () => {
    expect(maximaDispersion(new Float64Array(300), { start: 0, end: 160 })).toBeUndefined();
    expect(maximaDispersion(new Float64Array(321), { start: 0, end: 160 })).toBeDefined();
  });
});
