import { cos, log } from "../../../core/math.js";

/**
 * Returns |sum over n of x[n] exp(-i angle n)|^2 at one frequency in radians per sample, by Goertzel's
 * recursion (American Mathematical Monthly 65(1), 1958).
 */
export function powerAt(x: Float64Array, angle: number): number {
  const turn = 2 * cos(angle);
  let last = 0;
  let before = 0;
  for (const value of x) {
    const next = value + turn * last - before;
    before = last;
    last = next;
  }
  return last * last + before * before - turn * last * before;
}

/**
 * Returns the power in decibels, at least -300 dB, so that the logarithm of 0 and of rounding errors stays
 * finite.
 */
export function decibels(power: number): number {
  return power > 1e-30 ? (10 / Math.LN10) * log(power) : -300;
}
