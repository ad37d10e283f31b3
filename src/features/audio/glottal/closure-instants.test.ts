import { describe, expect, it } from "vitest";
import { closureInstants, medianVoicedF0 } from "./closure-instants.js";
import { analysedVoice, lowToHigh, tenseToBreathy } from "./testing/analysed-voice.js";

/** Distance from each of `these` to the nearest of `those`, in samples. */
function distances(these: readonly number[], those: readonly number[]): number[] {
  return these.map((a) => those.reduce((least, b) => Math.min(least, Math.abs(a - b)), Infinity));
}

describe("closureInstants", () => {
  it.each(lowToHigh)(
    "finds every closure of a steady voice of %d Hz within 1.5 samples (0.1 ms), and no other instant",
    (f0) => {
      for (const rd of tenseToBreathy) {
        const { voice, closures } = analysedVoice({ rd, f0, seconds: 0.3 }, f0);
        const inner = voice.closures.slice(2, -2);
        expect(Math.max(...distances(inner, closures))).toBeLessThan(1.5);
        expect(Math.max(...distances(closures.slice(2, -2), voice.closures))).toBeLessThan(1.5);
        expect(closures.length).toBeGreaterThanOrEqual(inner.length);
      }
    },
  );

  it("follows a voice that glides over more than half an octave, from its mean F0", () => {
    const { voice, closures } = analysedVoice(
      { rd: 1, f0: (seconds) => 110 + 60 * seconds, seconds: 1 },
      140,
    );
    expect(Math.max(...distances(voice.closures.slice(2, -2), closures))).toBeLessThan(1.5);
  });

  it("finds 95% of them within 0.25 ms in noise 20 dB below the speech", () => {
    for (const f0 of [100, 200]) {
      const { voice, closures } = analysedVoice({ rd: 1, f0, seconds: 1, noise: 0.012 }, f0);
      const found = distances(voice.closures.slice(2, -2), closures).filter((distance) => distance <= 4);
      expect(found.length / (voice.closures.length - 4)).toBeGreaterThan(0.95);
    }
  });

  it("are in voiced frames only, and none are found in silence", () => {
    const { voice, speech, residual } = analysedVoice({ rd: 1, f0: 120, seconds: 0.4 }, 120);
    const half = voice.vuv.map((_, t) => (t < 20 ? 1 : 0));
    const closures = closureInstants(speech, residual, 120, half);
    expect(closures.length).toBeGreaterThan(15);
    expect(Math.max(...closures)).toBeLessThanOrEqual(19.5 * 160);
    expect(
      closureInstants(new Float64Array(3200), new Float64Array(3200), 120, new Uint8Array(20).fill(1)),
    ).toEqual([]);
    expect(closureInstants(new Float64Array(2), new Float64Array(2), 120, new Uint8Array(1).fill(1))).toEqual(
      [],
    );
  });
});

describe("medianVoicedF0", () => {
  it("is the median of the voiced frames", () => {
    expect(medianVoicedF0(new Float64Array([300, 100, 0, 120, 90]), new Uint8Array([0, 1, 1, 1, 1]))).toBe(
      100,
    );
    expect(medianVoicedF0(new Float64Array([100, 130]), new Uint8Array([1, 1]))).toBe(115);
  });
});
