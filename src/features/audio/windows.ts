import { cos } from "../../core/math.js";

/** Returns sums of cosines over [0, 2 pi], sampled at n points including both ends. */
function cosineSum(length: number, coefficients: readonly number[]): Float64Array {
  return Float64Array.from({ length }, (_, i) => {
    const phase = length > 1 ? (2 * Math.PI * i) / (length - 1) : Math.PI;
    return coefficients.reduce((sum, a, k) => sum + a * cos(k * phase), 0);
  });
}

/** Returns the symmetric Blackman window, 0.42 - 0.5 cos x + 0.08 cos 2x, zero at both ends: [n]. */
export function blackmanWindow(length: number): Float64Array {
  return cosineSum(length, [0.42, -0.5, 0.08]);
}

/** Returns the symmetric Hamming window, 0.54 - 0.46 cos x: [n]. */
export function hammingWindow(length: number): Float64Array {
  return cosineSum(length, [0.54, -0.46]);
}

/**
 * Returns the symmetric Hann window without its zero ends (the inner n of n + 2 points of 0.5 - 0.5 cos x):
 * [n].
 */
export function hannWindow(length: number): Float64Array {
  return cosineSum(length + 2, [0.5, -0.5]).subarray(1, length + 1);
}

/**
 * Returns the periodic Hann window: n + 1 points of 0.5 - 0.5 cos x without the last, which is the first of
 * the next period: [n].
 */
export function periodicHannWindow(length: number): Float64Array {
  return cosineSum(length + 1, [0.5, -0.5]).subarray(0, length);
}
