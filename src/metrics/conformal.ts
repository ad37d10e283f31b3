import { defined } from "../core/defined.js";

/**
 * Split conformal prediction: from the errors on samples that were not trained on to regions that hold the
 * truth with a promised probability, whatever the model is, as long as those samples and the new one are
 * exchangeable (Lei et al. 2018, JASA 113:1094; Angelopoulos & Bates 2021, arXiv:2107.07511).
 */

/**
 * The score that a new sample stays below with probability at least `level`: the ceil((n + 1) level)-th
 * smallest of n.
 * @param sorted [n] calibration scores, ascending
 * @param level in (0, 1)
 * @returns Infinity if n is too small to promise this level
 */
export function conformalQuantile(sorted: ArrayLike<number>, level: number): number {
  const rank = Math.ceil((sorted.length + 1) * level - 1e-9); // 0.9 * 70 is a little more than 63
  return rank > sorted.length ? Infinity : (sorted[Math.max(rank, 1) - 1] ?? Infinity);
}

/** Classes in falling order of probability, the first of equals first. */
function byProbability(probabilities: ArrayLike<number>): number[] {
  return Array.from(probabilities, (_, c) => c).sort(
    (a, b) => defined(probabilities[b]) - defined(probabilities[a]) || a - b,
  );
}

/**
 * Least ambiguous sets (Sadinle, Lei & Wasserman 2019, JASA 114:223): the score of a class is how far its
 * probability is from 1. Of all sets with a promised coverage those by this score have the fewest classes on
 * average, if the probabilities are right. (Sets that add up probabilities to a threshold hold nearly every
 * class of a few, since the least probable one always completes the sum to 1.)
 * @param probabilities [C]
 */
export function classScore(probabilities: ArrayLike<number>, label: number): number {
  return 1 - defined(probabilities[label]);
}

/**
 * The classes whose {@link classScore} is within the threshold, and the most probable one whatever its score:
 * never empty; in falling order of probability.
 */
export function classSet(probabilities: ArrayLike<number>, threshold: number): number[] {
  return byProbability(probabilities).filter(
    (c, rank) => rank === 0 || classScore(probabilities, c) <= threshold,
  );
}
