import { log } from "../core/math.js";
import type { FloatArray } from "../tensor/backend.js";

/**
 * What a vector of features looks like, whatever it means. Normalisation and layers hide these things from a
 * linear map: noise that is symmetric around zero leaves every mean where it was. Features z are
 * standardised; "silent" is |z| below 0.02 or 0.1; "loud" is |z| of 0.9 of the vector's largest or more; the
 * residual is z less its projection on the training data's principal directions, which is where noise goes
 * that has nothing to do with the data.
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

/** Where one vector stops being silent, loud and so on. */
export const SIGNAL_LEVELS = { nearZero: 0.02, quiet: 0.1, low: 0.5, loud: 0.9 } as const;

/** Added before logarithms and to denominators, in units of a variance of 1. */
export const SIGNAL_FLOOR = 1e-4;

/** Features in the window of "least mean": an eighth of them, 2 at least where there are as many. */
export function quietWindow(width: number): number {
  return Math.min(width, Math.max(2, Math.floor(width / 8)));
}

/** A vector, and its projection on the principal directions of the training data. */
export interface Projected {
  /** [D] standardised */
  readonly z: FloatArray;
  /** [R]: its part along each direction. */
  readonly along: FloatArray;
  /** [D]: what lies in these directions, sum_r along_r direction_r. */
  readonly explained: FloatArray;
}

/**
 * The statistics of one vector, in the order of {@link signalStatistics}.
 * @param variance [R]: of the training data along each direction
 * @returns [S]
 */
export function statisticsOf({ z, along, explained }: Projected, variance: ArrayLike<number>): Float64Array {
  const width = z.length;
  let [sum, absolute, square, fourth, neighbours, largest, left] = [0, 0, 0, 0, 0, 0, 0];
  let [nearZero, quiet, low] = [0, 0, 0];
  for (let d = 0; d < width; d++) {
    const value = z[d] ?? NaN;
    const size = Math.abs(value);
    sum += value;
    absolute += size;
    square += value * value;
    fourth += value * value * value * value;
    // not |z|^2 - |along|^2, which loses its digits where little is left
    left += (value - (explained[d] ?? NaN)) ** 2;
    if (d > 0) neighbours += value * (z[d - 1] ?? NaN);
    largest = Math.max(largest, size);
    nearZero += Number(size < SIGNAL_LEVELS.nearZero);
    quiet += Number(size < SIGNAL_LEVELS.quiet);
    low += Number(size < SIGNAL_LEVELS.low);
  }
  let loud = 0;
  for (let d = 0; d < width; d++) loud += Number(Math.abs(z[d] ?? NaN) >= SIGNAL_LEVELS.loud * largest);
  const power = square / width;
  const residual = left / width;
  let relative = 0;
  for (let r = 0; r < along.length; r++)
    relative += (along[r] ?? NaN) ** 2 / ((variance[r] ?? NaN) + SIGNAL_FLOOR);
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

/** Smallest mean |z| of any stretch of {@link quietWindow} neighbouring features. */
function leastWindow(z: FloatArray): number {
  const window = quietWindow(z.length);
  const sums = new Float64Array(z.length + 1); // up to each feature
  for (let d = 0; d < z.length; d++) sums[d + 1] = (sums[d] ?? NaN) + Math.abs(z[d] ?? NaN);
  let least = Infinity;
  for (let end = window; end <= z.length; end++)
    least = Math.min(least, (sums[end] ?? NaN) - (sums[end - window] ?? NaN));
  return least / window;
}
