import type { Luma } from "./luma.js";

/** Taps to each side of the mean that blurs again: 9 in all, as in the paper. */
const REACH = 4;

/**
 * How blurred an image looks, 0 (sharp) to 1 (blurred), after Crete, Dolmiere, Ladret and Nicolas, "The Blur
 * Effect: Perception and Estimation with a New No-Reference Perceptual Blur Metric" (SPIE 6492, 2007):
 * blurring a sharp image again takes away much of the difference between neighbours, blurring a blurred one
 * little. blur = max over both directions of 1 - sum max(0, |dF| - |dB|) / sum |dF|, where B is F under a
 * mean of 9 pixels along the direction.
 * An image without any differences has no blur to see: 0.
 */
export function blurOf({ width, height, values }: Luma): number {
  return Math.max(along(values, height, width, width, 1), along(values, width, height, 1, width));
}

/**
 * @param lines how many lines run along the direction, `stride` apart; each has `length` pixels, `step` apart
 */
function along(values: Float32Array, lines: number, length: number, stride: number, step: number): number {
  let total = 0;
  let lost = 0;
  for (let line = 0; line < lines; line++) {
    const start = line * stride;
    const at = (i: number): number => values[start + Math.min(length - 1, Math.max(0, i)) * step] ?? 0;
    for (let i = 1; i < length; i++) {
      // the difference of neighbouring means, times their taps
      const entering = at(i + REACH) - at(i - 1 - REACH);
      const sharp = Math.abs(at(i) - at(i - 1));
      total += sharp;
      lost += Math.max(0, sharp - Math.abs(entering) / (2 * REACH + 1));
    }
  }
  return total === 0 ? 0 : 1 - lost / total;
}
