import { cos } from "../../core/math.js";

/** Sums of cosines over [0, 2 pi], sampled at n points that include both ends. */
function cosineSum(length: number, coefficients: readonly number[]): Float64Array {
  return Float64Array.from({ length }, (_, i) => {
    const phase = length > 1 ? (2 * Math.PI * i) / (length - 1) : Math.PI;
    return coefficients.reduce((sum, a, k) => sum + a * cos(k * phase), 0);
  });
}

/** [n] Symmetric Blackman window: 0.42 - 0.5 cos x + 0.08 cos 2x, zero at both ends. */
export function blackmanWindow(length: number): Float64Array {
  return cosineSum(length, [0.42, -0.5, 0.08]);
}

/** [n] Symmetric Hamming window: 0.54 - 0.46 cos x. */
export function hammingWindow(length: number): Float64Array {
  return cosineSum(length, [0.54, -0.46]);
}

/**
 * [n] Symmetric Hann window without its zero ends (n + 2 points of 0.5 - 0.5 cos x, the outermost two left
 * out).
 */
export function hannWindow(length: number): Float64Array {
  return cosineSum(length + 2, [0.5, -0.5]).subarray(1, length + 1);
}

/**
 * [n] Periodic Hann window: n + 1 points of 0.5 - 0.5 cos x without the last, which is the next period's
 * first.
 */
export function periodicHannWindow(length: number): Float64Array {
  return cosineSum(length + 1, [0.5, -0.5]).subarray(0, length);
}
