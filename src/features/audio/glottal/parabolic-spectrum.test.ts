import { describe, expect, it } from "vitest";
import { glottalFlow } from "./inverse-filtering.js";
import { fastestDecay, parabolicSpectralParameter } from "./parabolic-spectrum.js";
import { pulsesBetween } from "./pulses.js";
import { analysedVoice, median, tenseToBreathy } from "./testing/analysed-voice.js";

/** One raised-cosine pulse that fills `share` of a cycle of 160 samples. */
function pulseOfWidth(share: number): Float64Array {
  return Float64Array.from({ length: 161 }, (_, n) =>
    n < 160 * share ? 1 - Math.cos((2 * Math.PI * n) / (160 * share)) : 0,
  );
}

const cycle = { start: 0, end: 160 };

describe("parabolicSpectralParameter", () => {
  it("is the ratio of spectral curvatures of a raised cosine and a rectangle, 1 - 6 / pi^2", () => {
    // ln|X(w)| = const - variance w^2 / 2: the variance of a raised cosine of width L is L^2 (1/12 - 1 / (2
    // pi^2)), of a rectangle L^2 / 12.
    const ratio = parabolicSpectralParameter(pulseOfWidth(1), cycle, fastestDecay) ?? NaN;
    expect(Math.abs(ratio - (1 - 6 / Math.PI ** 2))).toBeLessThan(0.06);
  });

  it("grows with the square of the width of the pulse", () => {
    const [narrow, wide] = [0.3, 0.6].map(
      (share) => parabolicSpectralParameter(pulseOfWidth(share), cycle, fastestDecay) ?? NaN,
    );
    expect((wide ?? NaN) / (narrow ?? NaN)).toBeGreaterThan(3.4);
    expect((wide ?? NaN) / (narrow ?? NaN)).toBeLessThan(4.6);
  });

  it.each([80, 130, 200])("through a vocal tract and back, at %d Hz, grows from tense to breathy", (f0) => {
    let before = 0;
    for (const rd of tenseToBreathy) {
      const { speech, closures } = analysedVoice({ rd, f0, seconds: 0.3 }, f0);
      const { flow } = glottalFlow(speech, closures);
      const pulses = pulsesBetween(closures).slice(4, -4);
      const found = median(
        pulses.map((pulse) => parabolicSpectralParameter(flow, pulse, fastestDecay) ?? NaN),
      );
      expect(found).toBeGreaterThan(before);
      before = found;
    }
    expect(before).toBeLessThan(0.5);
  });

  it("is undefined without flow, and does not change with the level", () => {
    expect(parabolicSpectralParameter(new Float64Array(200).fill(3), cycle, fastestDecay)).toBeUndefined();
    const pulse = pulseOfWidth(0.5);
    const louder =
      parabolicSpectralParameter(
        pulse.map((value) => 1000 * value - 5),
        cycle,
        fastestDecay,
      ) ?? NaN;
    expect(louder).toBeCloseTo(parabolicSpectralParameter(pulse, cycle, fastestDecay) ?? NaN, 9);
  });
});
