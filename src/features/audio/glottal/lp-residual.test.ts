import { describe, expect, it } from "vitest";
import { lpResidual } from "./lp-residual.js";
import { syntheticVoice } from "./testing/synthetic-voice.js";

const voice = syntheticVoice({ rd: 1, f0: 120, seconds: 0.5 });
const speech = Float64Array.from(voice.samples);

describe("lpResidual", () => {
  it("is flatter than the speech: its peaks stand out more", () => {
    const crest = (x: Float64Array): number =>
      x.reduce((most, v) => Math.max(most, Math.abs(v)), 0) /
      Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length);
    expect(crest(lpResidual(speech, speech, voice.vuv))).toBeGreaterThan(1.5 * crest(speech));
  });

  it("is computed only around voiced frames, and there does not depend on the rest", () => {
    const all = lpResidual(speech, speech, voice.vuv);
    const middle = lpResidual(
      speech,
      speech,
      voice.vuv.map((_, t) => (t >= 20 && t < 30 ? 1 : 0)),
    );
    expect(middle[2000]).toBe(0);
    expect(middle[6000]).toBe(0);
    expect([...middle.subarray(3200, 4700)]).toEqual([...all.subarray(3200, 4700)]);
  });
});
