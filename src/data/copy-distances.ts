import { defined } from "../core/defined.js";
import { sqrt } from "../core/math.js";
import type { BatchModality } from "./batch.js";

/**
 * Computes the distances between the features of copies and those of their originals. A distance is the root
 * mean square, over the D features, of the difference between the means over time, divided by `unit`.
 * @param doubled 2B samples, the second half copies of the first
 * @returns [2B]; 0 for originals, and for copies if the copy or its original lacks the modality
 */
export function copyDistances(doubled: BatchModality, unit: number): Float32Array {
  const { width, present } = doubled;
  const half = present.length / 2;
  const out = new Float32Array(2 * half);
  for (let b = 0; b < half; b++) {
    if (present[b] === 0 || present[half + b] === 0) continue;
    const [original, copy] = [meanOf(doubled, b), meanOf(doubled, half + b)];
    let squares = 0;
    for (let d = 0; d < width; d++) squares += (defined(copy[d]) - defined(original[d])) ** 2;
    out[half + b] = sqrt(squares / width) / unit;
  }
  return out;
}

/** Mean of the real steps of sample b. [D] */
function meanOf({ width, steps, values, mask }: BatchModality, b: number): Float64Array {
  const mean = new Float64Array(width);
  let count = 0;
  for (let step = b * steps; step < (b + 1) * steps; step++) {
    if (mask[step] !== 1) continue;
    count += 1;
    for (let d = 0; d < width; d++) mean[d] = defined(mean[d]) + defined(values[step * width + d]);
  }
  return mean.map((sum) => sum / Math.max(count, 1));
}
