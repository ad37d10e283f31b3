import { defined } from "../core/defined.js";
import { DataError } from "../core/errors.js";
import { mean } from "../core/averages.js";
import { resamplingOf } from "./resampling.js";

/** Difference of two models with its interval, and the probability of at least this difference by chance. */
export interface PairedComparison {
  /** Mean difference over samples. */
  readonly difference: number;
  /** Lower end of the paired bootstrap interval at the requested level. */
  readonly low: number;
  readonly high: number;
  /** Two-sided p-value of the sign-flip test, at least 1 / (resamples + 1). */
  readonly p: number;
}

/** Options of a paired test. */
export interface PairedOptions {
  /** Confidence level of the interval, in (0, 1). */
  readonly level?: number;
  readonly resamples?: number;
  /** Seed of the resampling. The same seed gives the same numbers. */
  readonly seed?: number;
}

/**
 * Compares two models on the same samples. Computes the mean difference of a per-sample score, its percentile
 * interval over resampled samples (paired bootstrap, Efron & Tibshirani 1993), and the p-value of the
 * sign-flip permutation test (Good 2005): the frequency with which the mean of differences with random signs
 * is at least as far from 0.
 * @param a score of each sample (larger is better), averaged over seeds, [N]
 * @param b scores of the other model, [N]
 * @throws DataError "data.invalid-value" for lists of different lengths
 */
export function comparePaired(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { level = 0.95, resamples = 2000, seed = 1 }: PairedOptions = {},
): PairedComparison {
  const count = a.length;
  if (b.length !== count)
    throw new DataError(
      "data.invalid-value",
      `comparePaired: ${count} scores of one model and ${b.length} of the other`,
      { hint: "Give one score per sample, of the same samples in the same order." },
    );
  const differences = Float64Array.from({ length: count }, (_, n) => defined(a[n]) - defined(b[n]));
  const difference = mean(differences);
  const { rows, signs } = resamplingOf(count, resamples, seed);
  const means = new Float64Array(resamples);
  let asFar = 0;
  for (let r = 0; r < resamples; r++) {
    let [sum, flipped] = [0, 0];
    for (let n = 0; n < count; n++) {
      sum += defined(differences[defined(rows[r * count + n])]);
      flipped += defined(signs[r * count + n]) * defined(differences[n]);
    }
    means[r] = sum / count;
    // Tolerance for rounding, because the order of additions must not change the result.
    if (Math.abs(flipped / count) >= Math.abs(difference) - 1e-12) asFar += 1;
  }
  means.sort();
  const at = (share: number): number =>
    defined(means[Math.min(resamples - 1, Math.max(0, Math.round(share * (resamples - 1))))]);
  return {
    difference,
    low: at((1 - level) / 2),
    high: at((1 + level) / 2),
    p: (asFar + 1) / (resamples + 1),
  };
}

/** Comparison of one of several models with the same reference. */
export interface AdjustedComparison extends PairedComparison {
  /** p-value, corrected over the models by Holm's method. */
  readonly adjusted: number;
}

/**
 * Compares several models with a reference as {@link comparePaired} does, and corrects the p-values over the
 * models.
 * @param models scores of each model on the samples of the reference, each [N]
 * @param reference scores of the reference, [N]
 * @throws DataError "data.invalid-value" for lists of different lengths
 */
export function compareWithReference(
  models: readonly ArrayLike<number>[],
  reference: ArrayLike<number>,
  options: PairedOptions = {},
): readonly AdjustedComparison[] {
  const compared = models.map((scores) => comparePaired(scores, reference, options));
  const adjusted = holm(compared.map(({ p }) => p));
  return compared.map((comparison, i) => ({ ...comparison, adjusted: defined(adjusted[i]) }));
}

/**
 * Adjusts p-values of several tests by Holm's method (1979), in the given order. The probability of any false
 * finding among them is then at most the level.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((p, i) => ({ p, i })).sort((x, y) => x.p - y.p);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let largest = 0;
  order.forEach(({ p, i }, rank) => {
    largest = Math.max(largest, Math.min(1, p * (pValues.length - rank)));
    adjusted[i] = largest;
  });
  return adjusted;
}

/** Averages lists of equal length element by element: a score of each sample over seeds. */
export function meanOfLists(lists: readonly ArrayLike<number>[]): Float64Array {
  return Float64Array.from({ length: lists[0]?.length ?? 0 }, (_, n) =>
    mean(lists.map((list) => defined(list[n]))),
  );
}
