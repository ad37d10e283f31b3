import { describe, expect, it } from "vitest";
import { highPass, lowPass } from "./butterworth.js";

const sampleRate = 16000;

function sinusoid(hertz: number): Float64Array {
  return Float64Array.from({ length: 16000 }, (_, n) => Math.cos((2 * Math.PI * hertz * n) / 16000));
}

/**
 * Returns, for the middle half second, where the ends no longer matter: the gain of the part in phase, and of
 * the part a quarter of a period late.
 */
function response(filter: typeof highPass, hertz: number, cutoff: number): [number, number] {
  const filtered = filter(sinusoid(hertz), { hertz: cutoff, sampleRate });
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
      const [inPhase, late] = response(highPass, hertz, cutoff);
      expect(inPhase).toBeCloseTo(gain, 1.7);
      expect(late).toBeCloseTo(0, 3);
    },
  );

  it("removes a constant without a click, and does not change its input", () => {
    const constant = new Float64Array(500).fill(0.7);
    expect(highPass(constant, { hertz: 40, sampleRate }).every((value) => Math.abs(value) < 1e-12)).toBe(
      true,
    );
    expect(constant[0]).toBe(0.7);
    expect(highPass(new Float64Array(0), { hertz: 40, sampleRate })).toHaveLength(0);
  });
});

describe("lowPass", () => {
  // The bilinear transform maps f to tan(pi f / rate).
  it.each([
    [400, 1000],
    [1000, 1000],
    [2000, 1000],
    [4000, 3400],
  ])("at %d Hz, cut off at %d Hz, has the gain of a Butterworth filter run twice", (hertz, cutoff) => {
    const warped = (f: number): number => Math.tan((Math.PI * f) / sampleRate);
    const [inPhase, late] = response(lowPass, hertz, cutoff);
    expect(inPhase).toBeCloseTo(1 / (1 + (warped(hertz) / warped(cutoff)) ** 8), 3);
    expect(late).toBeCloseTo(0, 3);
  });

  it("leaves a constant as it is", () => {
    const constant = new Float64Array(500).fill(0.7);
    const filtered = lowPass(constant, { hertz: 1000, sampleRate });
    expect(filtered.every((value) => Math.abs(value - 0.7) < 1e-12)).toBe(true);
  });
});
