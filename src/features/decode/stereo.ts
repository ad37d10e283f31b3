import { defined } from "../../core/defined.js";

/**
 * Ratio of the energies of difference and sum above which the channels of a pair cancel each other. They
 * carry one sound with opposite signs, so their mean is almost zero. Wide music stays far below.
 */
const CANCELLED = 100;

/** Energies of the two mixes of a pair of channels. */
export interface PairEnergy {
  /** Energy of (left + right) / 2. */
  readonly sum: number;
  /** Energy of (left - right) / 2. */
  readonly difference: number;
}

/**
 * True if the channels of a pair have opposite signs, as after one crossed cable. Then half their difference
 * is the sound. For every other pair, the mean is the sound.
 */
export function isPhaseInverted({ sum, difference }: PairEnergy): boolean {
  return difference > CANCELLED * sum;
}

/** Returns the energies of interleaved pairs (mean, half difference). Skips pairs that are not finite. */
export function pairEnergy(pairs: Float32Array): PairEnergy {
  let [sum, difference] = [0, 0];
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const [mean, half] = [defined(pairs[i]), defined(pairs[i + 1])];
    if (Number.isFinite(mean) && Number.isFinite(half)) {
      sum += mean * mean;
      difference += half * half;
    }
  }
  return { sum, difference };
}
