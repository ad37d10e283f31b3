import { defined } from "../../core/defined.js";
import type { Luma } from "./luma.js";

/** Number of taps on each side of the mean that blurs again: 9 in all, as in the paper. */
const REACH = 4;

/**
 * Measures the blur of an image, 0 (sharp) to 1 (blurred), after Crete, Dolmiere, Ladret and Nicolas, "The
 * Blur Effect: Perception and Estimation with a New No-Reference Perceptual Blur Metric" (SPIE 6492, 2007).
 *
 * Blurring a sharp image again removes much of the difference between neighbours; blurring a blurred image
 * removes little. blur = max over both directions of 1 - sum max(0, |dF| - |dB|) / sum |dF|, where B is F
 * under a mean of 9 pixels along the direction. An image without differences has blur 0.
 */
export function blurOf({ width, height, values }: Luma): number {
  return Math.max(along(values, height, width, width, 1), along(values, width, height, 1, width));
}

/**
 * Measures the blur along one direction.
 * @param lines number of lines along the direction, `stride` apart; each has `length` pixels, `step` apart
 */
function along(values: Float32Array, lines: number, length: number, stride: number, step: number): number {
  let total = 0;
  let lost = 0;
  for (let line = 0; line < lines; line++) {
    const start = line * stride;
    const at = (i: number): number => defined(values[start + Math.min(length - 1, Math.max(0, i)) * step]);
    for (let i = 1; i < length; i++) {
      // difference of neighbouring means, times their number of taps
      const entering = at(i + REACH) - at(i - 1 - REACH);
      const sharp = Math.abs(at(i) - at(i - 1));
      total += sharp;
      lost += Math.max(0, sharp - Math.abs(entering) / (2 * REACH + 1));
    }
  }
  return total === 0 ? 0 : 1 - lost / total;
}
