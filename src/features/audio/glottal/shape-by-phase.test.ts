import { describe, expect, it } from "vitest";
import { normalAt, randomKey } from "../../../core/random.js";
import type { ShapeEstimate } from "./shape-by-phase.js";
import { ShapeByPhase } from "./shape-by-phase.js";
import { median, tenseToBreathy } from "./testing/analysed-voice.js";
import { syntheticVoice } from "./testing/synthetic-voice.js";

const shapes = new ShapeByPhase();

function estimates(samples: Float32Array, f0: number): ShapeEstimate[] {
  const speech = Float64Array.from(samples);
  return Array.from(
    { length: 20 },
    (_, i) => shapes.estimate(speech, i + 8, f0) ?? { rd: NaN, confidence: NaN },
  );
}

describe("ShapeByPhase", () => {
  it.each([
    [80, 0.02],
    [100, 0.05],
    [140, 0.07],
    [200, 0.12],
    [250, 0.35],
  ])("finds Rd of a clean voice of %d Hz within %d, wherever in the cycle it looks", (f0, tolerance) => {
    for (const rd of tenseToBreathy) {
      for (const estimate of estimates(syntheticVoice({ rd, f0, seconds: 0.4 }).samples, f0))
        expect(Math.abs(estimate.rd - rd)).toBeLessThan(tolerance);
    }
  });

  it("finds it in noise 20 dB below the speech, and with F0 1% wrong, within 0.15 (median)", () => {
    for (const rd of tenseToBreathy) {
      const noisy = estimates(syntheticVoice({ rd, f0: 120, seconds: 0.4, noise: 0.012 }).samples, 120);
      expect(Math.abs(median(noisy.map((estimate) => estimate.rd)) - rd)).toBeLessThan(0.15);
      const mistuned = estimates(syntheticVoice({ rd, f0: 120, seconds: 0.4 }).samples, 121.2);
      expect(Math.abs(median(mistuned.map((estimate) => estimate.rd)) - rd)).toBeLessThan(0.15);
    }
  });

  it("is confident of a clean voice and not of noise", () => {
    const key = randomKey(3, "noise");
    const noise = estimates(
      Float32Array.from({ length: 6400 }, (_, n) => 0.1 * normalAt(key, n)),
      120,
    );
    const clean = estimates(syntheticVoice({ rd: 1, f0: 120, seconds: 0.4 }).samples, 120);
    expect(Math.min(...clean.map(({ confidence }) => confidence))).toBeGreaterThan(0.85);
    expect(median(noise.map(({ confidence }) => confidence))).toBeLessThan(0.65);
    expect(Math.max(...noise.map(({ confidence }) => confidence))).toBeLessThan(0.85);
  });

  it("gives nothing for silence, for voices too high for 8 harmonics, or for an invalid F0", () => {
    expect(shapes.estimate(new Float64Array(1600), 3, 120)).toBeUndefined();
    const { samples } = syntheticVoice({ rd: 1, f0: 120, seconds: 0.1 });
    for (const f0 of [1200, 1e9, 10, 0, -5, NaN, Infinity])
      expect(shapes.estimate(Float64Array.from(samples), 3, f0)).toBeUndefined();
  });
});
