import { defined } from "../../core/defined.js";
import type { ImageMedia } from "../media.js";
import type { Luma } from "./luma.js";

const BLOCK = 16;
/** Mean luma below or above which a block cannot show its noise, because values are clipped. */
const CLIPPED_BELOW = 8;
const CLIPPED_ABOVE = 247;

/**
 * Estimates the standard deviation of additive noise in luma, 0 to 255, after Immerkaer, "Fast Noise Variance
 * Estimation" (Computer Vision and Image Understanding 64, 1996): sqrt(pi / 2) / 6 times the mean of |F * N|
 * with N = [1 -2 1; -2 4 -2; 1 -2 1].
 *
 * Edges and planes have almost no response, but texture has. So the estimate is the lower quartile over
 * blocks of 16 x 16: noise is everywhere, texture is not. 0 if no block is usable.
 */
export function noiseDeviation(luma: Luma): number {
  const estimates: number[] = [];
  for (let top = 1; top + BLOCK < luma.height; top += BLOCK) {
    for (let left = 1; left + BLOCK < luma.width; left += BLOCK) {
      const estimate = blockDeviation(luma, left, top);
      if (estimate !== undefined) estimates.push(estimate);
    }
  }
  estimates.sort((a, b) => a - b);
  return estimates.at(Math.floor(estimates.length / 4)) ?? 0;
}

function blockDeviation({ width, values }: Luma, left: number, top: number): number | undefined {
  let response = 0;
  let sum = 0;
  for (let y = top; y < top + BLOCK; y++) {
    for (let x = left; x < left + BLOCK; x++) {
      const i = y * width + x;
      const at = (offset: number): number => defined(values[i + offset]);
      const corners = at(-width - 1) + at(-width + 1) + at(width - 1) + at(width + 1);
      const sides = at(-width) + at(-1) + at(1) + at(width);
      response += Math.abs(corners - 2 * sides + 4 * at(0));
      sum += at(0);
    }
  }
  const mean = sum / (BLOCK * BLOCK);
  if (mean < CLIPPED_BELOW || mean > CLIPPED_ABOVE) return undefined;
  return (Math.sqrt(Math.PI / 2) * response) / (6 * BLOCK * BLOCK);
}

/** Largest distance of an impulse from the end of the range 0 to 255. */
const END = 2;
/** Smallest distance of an impulse from the median of its eight neighbours. */
const JUMP = 60;

/**
 * Returns the fraction of pixels that look like salt or pepper: green is at an end of its range and far from
 * the median of its eight neighbours (the test of switching median filters, e.g. Sun and Neuvo 1994). Skips
 * the edges of the image.
 */
export function impulseShare({ width, height, rgb }: ImageMedia): number {
  let impulses = 0;
  const green = (x: number, y: number): number => defined(rgb[(y * width + x) * 3 + 1]);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const value = green(x, y);
      if (value > END && value < 255 - END) continue;
      const ring = [
        green(x - 1, y - 1),
        green(x, y - 1),
        green(x + 1, y - 1),
        green(x - 1, y),
        green(x + 1, y),
        green(x - 1, y + 1),
        green(x, y + 1),
        green(x + 1, y + 1),
      ];
      ring.sort((a, b) => a - b);
      if (Math.abs(value - (defined(ring[3]) + defined(ring[4])) / 2) > JUMP) impulses++;
    }
  }
  return impulses / Math.max(1, (width - 2) * (height - 2));
}
