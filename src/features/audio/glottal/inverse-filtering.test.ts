import { describe, expect, it } from "vitest";
import { glottalFlow } from "./inverse-filtering.js";
import { analysedVoice, tenseToBreathy } from "./testing/analysed-voice.js";

/** Cosine of the angle between two signals over [from, to), at the best delay of up to 3 samples. */
function likeness(a: Float64Array, b: Float64Array, from: number, to: number): number {
  const cosines = [-3, -2, -1, 0, 1, 2, 3].map((delay) => {
    let ab = 0;
    let aa = 0;
    let bb = 0;
    for (let n = from; n < to; n++) {
      const x = a[n + delay] ?? NaN;
      const y = b[n] ?? NaN;
      ab += x * y;
      aa += x * x;
      bb += y * y;
    }
    return ab / Math.sqrt(aa * bb);
  });
  return Math.max(...cosines);
}

describe("glottalFlow", () => {
  it.each([80, 130, 200])("resembles the true derivative and flow of a voice of %d Hz", (f0) => {
    for (const rd of tenseToBreathy) {
      const { voice, speech, closures } = analysedVoice({ rd, f0, seconds: 0.3 }, f0);
      const { flow, derivative } = glottalFlow(speech, closures);
      expect(likeness(derivative, voice.derivative, 1200, 3600)).toBeGreaterThan(0.84);
      // The leak of integration rotates the phase of the lowest harmonics, which dominate a breathy pulse.
      expect(likeness(flow, voice.flow, 1200, 3600)).toBeGreaterThan(rd <= 1.2 ? 0.91 : 0.66);
    }
  });

  it("is zero without closures, and for a single closure", () => {
    const { speech } = analysedVoice({ rd: 1, f0: 100, seconds: 0.2 }, 100);
    for (const closures of [[], [1000], [0], [100, 2000]])
      expect(glottalFlow(speech, closures).derivative.every((value) => value === 0)).toBe(true);
  });

  it("takes closures at the very ends of the signal", () => {
    const { speech } = analysedVoice({ rd: 1, f0: 100, seconds: 0.2 }, 100);
    const { flow } = glottalFlow(speech, [0, 160, 3040, 3199]);
    expect(flow.every(Number.isFinite)).toBe(true);
    expect(flow).toHaveLength(speech.length);
  });
});
