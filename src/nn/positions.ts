import { cos, exp, log, sin } from "../core/math.js";

/**
 * Sinusoidal positions (Vaswani et al. 2017): columns 2i and 2i + 1 of step t are the sine and cosine of t /
 * 10000^(2i / H).
 *
 * @returns [T, H], row-major
 */
export function sinusoidalPositions(steps: number, width: number): Float64Array {
  const table = new Float64Array(steps * width);
  for (let j = 0; j < width; j++) {
    const rate = positionRate(j, width);
    for (let t = 0; t < steps; t++) table[t * width + j] = j % 2 === 0 ? sin(t * rate) : cos(t * rate);
  }
  return table;
}

/** Change of the angle per step in a column of {@link sinusoidalPositions}. */
export function positionRate(column: number, width: number): number {
  return exp((-log(10000) * (column - (column % 2))) / width);
}
