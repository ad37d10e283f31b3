import { foldIn, type RandomKey, randomKey } from "../../core/random.js";

/** Where the noise of one modality's experts comes from in one step (epsilon of Eq. 3). */
export interface ExpertNoise {
  /** From {@link expertNoiseKey}. */
  readonly key: RandomKey;
  /** [B]: identifies each sample whatever its place in the batch. */
  readonly sampleIndex: ArrayLike<number>;
}

/** The key of all expert noise of a modality in one optimiser step. */
export function expertNoiseKey(seed: number, modality: string, step: number): RandomKey {
  return foldIn(randomKey(seed, `expert-noise/${modality}`), step);
}

/**
 * The keys of one (sample, expert) pair each, laid out as `gaussianMixture` and `normals` read them. A pair's
 * noise depends on the sample and on the expert itself, not on where the pair stands in the batch, so every
 * implementation of the mixture draws the same numbers.
 * @param rows [R] the sample (row of the batch) of each pair
 * @param experts [R] its expert
 * @param out [R, 2]
 */
export function writeExpertNoiseKeys(
  noise: ExpertNoise,
  rows: ArrayLike<number>,
  experts: ArrayLike<number>,
  count: number,
  out: Int32Array,
): void {
  const ofRow = new Map<number, RandomKey>();
  for (let p = 0; p < count; p++) {
    const row = rows[p] ?? 0;
    let key = ofRow.get(row);
    if (key === undefined) {
      key = foldIn(noise.key, noise.sampleIndex[row] ?? 0);
      ofRow.set(row, key);
    }
    const pairKey = foldIn(key, experts[p] ?? 0);
    out[2 * p] = pairKey.k0;
    out[2 * p + 1] = pairKey.k1;
  }
}
