import { describe, expect, it } from "vitest";
import { randomKey, uniformAt } from "../core/random.js";
import { convolve } from "./convolve.js";

const noise = (length: number, purpose: string): Float64Array =>
  Float64Array.from({ length }, (_, i) => 2 * uniformAt(randomKey(1, purpose), i) - 1);

/** The definition. */
function slow(signal: Float64Array, response: Float64Array): Float64Array {
  return signal.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < response.length && k <= i; k++) sum += (response[k] ?? NaN) * (signal[i - k] ?? NaN);
    return sum;
  });
}

describe("convolve", () => {
  it.each([
    [1, 1],
    [2, 5],
    [100, 7],
    [5000, 300],
    [3000, 2999],
    [777, 4000],
  ])("agrees with the definition for %i samples and a response of %i", (n, m) => {
    const [x, h] = [noise(n, "x"), noise(m, "h")];
    const expected = slow(x, h);
    const errors = convolve(x, h).map((value, i) => Math.abs(value - (expected[i] ?? NaN)));
    expect(Math.max(...errors)).toBeLessThan(1e-10);
  });

  it("returns nothing for nothing", () => {
    expect(convolve(new Float64Array(0), noise(4, "h"))).toHaveLength(0);
  });
});
