import { describe, expect, it } from "vitest";
import { lpResidual } from "./lp-residual.js";
import { polarity } from "./polarity.js";
import { tenseToBreathy } from "./testing/analysed-voice.js";
import { syntheticVoice } from "./testing/synthetic-voice.js";

function polarityOf(speech: Float64Array, vuv: Uint8Array): number {
  return polarity(speech, lpResidual(speech, speech, vuv), vuv);
}

describe("polarity", () => {
  it("is 1 for upright and -1 for inverted voices, of any shape and pitch, with and without noise", () => {
    for (const rd of tenseToBreathy) {
      for (const f0 of [90, 140, 220]) {
        for (const noise of [0, 0.003]) {
          const voice = syntheticVoice({ rd, f0, seconds: 0.2, noise });
          const speech = Float64Array.from(voice.samples);
          expect([rd, f0, noise, polarityOf(speech, voice.vuv)]).toEqual([rd, f0, noise, 1]);
          expect([
            rd,
            f0,
            noise,
            polarityOf(
              speech.map((value) => -value),
              voice.vuv,
            ),
          ]).toEqual([rd, f0, noise, -1]);
        }
      }
    }
  });

  it("is 1 of silence", () => {
    expect(polarityOf(new Float64Array(3200), new Uint8Array(20).fill(1))).toBe(1);
  });
});
