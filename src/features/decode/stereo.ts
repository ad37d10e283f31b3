/**
 * Energy of the difference over that of the sum, above which the channels of a pair cancel each other: they
 * carry one sound with opposite signs, and their mean is next to nothing. Wide music stays far below.
 */
const CANCELLED = 100;

/** Energies of the two ways to make one channel of two. */
export interface PairEnergy {
  /** Of (left + right) / 2. */
  readonly sum: number;
  /** Of (left - right) / 2. */
  readonly difference: number;
}

/**
 * Whether the channels of a pair have opposite signs, as after one crossed cable. Then half their difference
 * is the sound; for every other pair it is their mean.
 */
export function isPhaseInverted({ sum, difference }: PairEnergy): boolean {
  return difference > CANCELLED * sum;
}

/** Energies of interleaved pairs of sums and differences. */
export function pairEnergy(pairs: Float32Array): PairEnergy {
  let [sum, difference] = [0, 0];
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const [mean, half] = [pairs[i] ?? 0, pairs[i + 1] ?? 0];
    if (Number.isFinite(mean) && Number.isFinite(half)) {
      sum += mean * mean;
      difference += half * half;
    }
  }
  return { sum, difference };
}
