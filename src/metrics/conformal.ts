import { defined } from "../core/defined.js";

/**
 * Split conformal prediction (Lei et al. 2018, JASA 113:1094; Angelopoulos & Bates 2021, arXiv:2107.07511).
 *
 * Turns errors on calibration samples into regions that contain the label with a given probability. This
 * holds for every model, if the calibration samples and the new sample are exchangeable.
 */

/**
 * Returns the conformal quantile: the ceil((n + 1) level)-th smallest of n scores. The score of a new sample
 * is below it with probability at least `level`.
 *
 * @param sorted calibration scores, ascending, [n]
 * @param level in (0, 1)
 * @returns Infinity if n is too small for this level
 */
export function conformalQuantile(sorted: ArrayLike<number>, level: number): number {
  // 0.9 * 70 is slightly above 63 in floating point.
  const rank = Math.ceil((sorted.length + 1) * level - 1e-9);
  return rank > sorted.length ? Infinity : (sorted[Math.max(rank, 1) - 1] ?? Infinity);
}

/** Returns the classes in descending order of probability. Ties keep the order of the classes. */
function byProbability(probabilities: ArrayLike<number>): number[] {
  return Array.from(probabilities, (_, c) => c).sort(
    (a, b) => defined(probabilities[b]) - defined(probabilities[a]) || a - b,
  );
}

/**
 * Score of a class: 1 minus its probability (least ambiguous sets; Sadinle, Lei & Wasserman 2019, JASA
 * 114:223).
 *
 * If the probabilities are right, this score gives the smallest sets on average for a given coverage. Sets
 * that accumulate probabilities up to a threshold contain nearly all of a few classes: the least probable
 * class always completes the sum to 1.
 * @param probabilities [C]
 */
export function classScore(probabilities: ArrayLike<number>, label: number): number {
  return 1 - defined(probabilities[label]);
}

/**
 * Returns the classes whose {@link classScore} is at most the threshold, in descending order of probability.
 *
 * Always includes the most probable class, so that the set is never empty.
 */
export function classSet(probabilities: ArrayLike<number>, threshold: number): number[] {
  return byProbability(probabilities).filter(
    (c, rank) => rank === 0 || classScore(probabilities, c) <= threshold,
  );
}
