import { describe, expect, it } from "vitest";
import { highPass } from "./high-pass.js";

function sinusoid(hertz: number): Float64Array {
  return Float64Array.from({ length: 16000 }, (_, n) => Math.cos((2 * Math.PI * hertz * n) / 16000));
}

/**
 * Of the middle half second, where the ends no longer matter: gain of the part in phase, and of the part a
 * quarter of a period late.
 */
function response(hertz: number, cutoff: number): [number, number] {
  const filtered = highPass(sinusoid(hertz), cutoff);
  let inPhase = 0;
  let late = 0;
  for (let n = 4000; n < 12000; n++) {
    inPhase += ((filtered[n] ?? NaN) * Math.cos((2 * Math.PI * hertz * n) / 16000)) / 4000;
    late += ((filtered[n] ?? NaN) * Math.sin((2 * Math.PI * hertz * n) / 16000)) / 4000;
  }
  return [inPhase, late];
}

describe("highPass", () => {
  it.each([
    [40, 40, 0.5],
    [480, 480, 0.5],
    [100, 40, 1 / (1 + 0.4 ** 8)],
    [10, 40, 1 / (1 + 4 ** 8)],
    [1000, 480, 1 / (1 + 0.48 ** 8)],
  ])(
    "at %d Hz, cut off at %d Hz, has the gain %d of a Butterworth filter run twice, and no delay",
    (hertz, cutoff, gain) => {
      const [inPhase, late] = response(hertz, cutoff);
      expect(inPhase).toBeCloseTo(gain, 1.7);
      expect(late).toBeCloseTo(0, 3);
    },
  );

  it("takes a constant away without a click, and leaves its input alone", () => {
    const constant = new Float64Array(500).fill(0.7);
    expect(highPass(constant, 40).every((value) => Math.abs(value) < 1e-12)).toBe(true);
    expect(constant[0]).toBe(0.7);
    expect(highPass(new Float64Array(0), 40)).toHaveLength(0);
  });
});
