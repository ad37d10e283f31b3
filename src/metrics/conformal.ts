/**
 * Split conformal prediction: from the errors on samples that were not trained on to regions that hold the truth with a promised probability,
 * whatever the model is, as long as those samples and the new one are exchangeable (Lei et al. 2018, JASA 113:1094; Angelopoulos & Bates 2021,
 * arXiv:2107.07511).
 */

/**
 * The score that a new sample stays below with probability at least `level`: the ceil((n + 1) level)-th smallest of n.
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
  return Array.from(probabilities, (_, c) => c).sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0) || a - b);
}

/**
 * Adaptive prediction sets (Romano, Sesia & Candes 2020, arXiv:2006.02544), without their randomisation: the score of a class is the probability of
 * all classes that are at least as probable.
 * @param probabilities [C]
 */
export function classScore(probabilities: ArrayLike<number>, label: number): number {
  let mass = 0;
  for (const c of byProbability(probabilities)) {
    mass += probabilities[c] ?? 0;
    if (c === label) return mass;
  }
  return mass;
}

/**
 * The most probable classes, up to the one whose {@link classScore} reaches the threshold: never empty. It holds the true class
 * whenever that one's score is at most the threshold.
 */
export function classSet(probabilities: ArrayLike<number>, threshold: number): number[] {
  const set: number[] = [];
  let mass = 0;
  for (const c of byProbability(probabilities)) {
    if (set.length > 0 && mass >= threshold) break;
    mass += probabilities[c] ?? 0;
    set.push(c);
  }
  return set;
}
