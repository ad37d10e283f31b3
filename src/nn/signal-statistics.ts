import { defined } from "../core/defined.js";
import { log } from "../core/math.js";
import type { FloatArray } from "../tensor/backend.js";

/**
 * Statistics of a feature vector that are independent of its meaning.
 *
 * A linear map cannot compute them: for example, noise that is symmetric around zero changes no mean.
 * Features z are standardised. "silent" is |z| below 0.02 or 0.1. "loud" is |z| of at least 0.9 times the
 * largest |z| of the vector. The residual is z minus its projection on the principal directions of the
 * training data. Noise that is unrelated to the data falls into the residual.
 */
export const signalStatistics = [
  "mean |z|",
  "log mean z^2",
  "mean z",
  "log kurtosis",
  "share silent below 0.02",
  "share silent below 0.1",
  "share below 0.5",
  "largest |z|",
  "share loud",
  "product of neighbours over mean z^2",
  "least mean |z| over an eighth of the features",
  "log mean residual^2",
  "residual^2 over z^2",
  "log mean projection^2 in units of the training data's",
] as const;

/** Thresholds of |z| for the statistics. */
export const SIGNAL_LEVELS = { nearZero: 0.02, quiet: 0.1, low: 0.5, loud: 0.9 } as const;

/** Added to arguments of logarithms and to denominators, in units of variance 1. */
export const SIGNAL_FLOOR = 1e-4;

/** Number of features in the window of "least mean": an eighth of them, at least 2 if there are that many. */
export function quietWindow(width: number): number {
  return Math.min(width, Math.max(2, Math.floor(width / 8)));
}

/** Vector and its projection on the principal directions of the training data. */
export interface Projected {
  /** [D] standardised */
  readonly z: FloatArray;
  /** Component along each direction, [R]. */
  readonly along: FloatArray;
  /** Projection on these directions, sum_r along_r direction_r. [D] */
  readonly explained: FloatArray;
}

/**
 * Computes the statistics of one vector, in the order of {@link signalStatistics}.
 *
 * @param variance variance of the training data along each direction, [R]
 * @returns [S]
 */
export function statisticsOf({ z, along, explained }: Projected, variance: ArrayLike<number>): Float64Array {
  const width = z.length;
  let [sum, absolute, square, fourth, neighbours, largest, residuals] = [0, 0, 0, 0, 0, 0, 0];
  let [nearZero, quiet, low] = [0, 0, 0];
  for (let d = 0; d < width; d++) {
    const value = defined(z[d]);
    const size = Math.abs(value);
    sum += value;
    absolute += size;
    square += value * value;
    fourth += value * value * value * value;
    // |z|^2 - |along|^2 would cancel if the residual is small
    residuals += (value - defined(explained[d])) ** 2;
    if (d > 0) neighbours += value * defined(z[d - 1]);
    largest = Math.max(largest, size);
    nearZero += Number(size < SIGNAL_LEVELS.nearZero);
    quiet += Number(size < SIGNAL_LEVELS.quiet);
    low += Number(size < SIGNAL_LEVELS.low);
  }
  let loud = 0;
  for (let d = 0; d < width; d++) loud += Number(Math.abs(defined(z[d])) >= SIGNAL_LEVELS.loud * largest);
  const power = square / width;
  const residual = residuals / width;
  let relative = 0;
  for (let r = 0; r < along.length; r++)
    relative += defined(along[r]) ** 2 / (defined(variance[r]) + SIGNAL_FLOOR);
  return Float64Array.from([
    absolute / width,
    log(power + SIGNAL_FLOOR),
    sum / width,
    log((fourth / width + SIGNAL_FLOOR) / (power * power + SIGNAL_FLOOR)),
    nearZero / width,
    quiet / width,
    low / width,
    largest,
    loud / width,
    neighbours / width / (power + SIGNAL_FLOOR),
    leastWindow(z),
    log(residual + SIGNAL_FLOOR),
    residual / (power + SIGNAL_FLOOR),
    log(relative / along.length + SIGNAL_FLOOR),
  ]);
}

/** Computes the smallest mean |z| over any {@link quietWindow} neighbouring features. */
function leastWindow(z: FloatArray): number {
  const window = quietWindow(z.length);
  const sums = new Float64Array(z.length + 1); // up to each feature
  for (let d = 0; d < z.length; d++) sums[d + 1] = defined(sums[d]) + Math.abs(defined(z[d]));
  let least = Infinity;
  for (let end = window; end <= z.length; end++)
    least = Math.min(least, defined(sums[end]) - defined(sums[end - window]));
  return least / window;
}
