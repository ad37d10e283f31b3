import { defined } from "../../core/defined.js";
import { foldIn, type RandomKey, randomKey } from "../../core/random.js";
import type { Backend, Dispatch, IntBuffer } from "../backend.js";

/** Source of the noise of one modality's experts in one step (epsilon of Eq. 3). */
export interface ExpertNoise {
  /** From {@link expertNoiseKey}. */
  readonly key: RandomKey;
  /** Index of each sample, independent of its position in the batch. [B] */
  readonly sampleIndex: ArrayLike<number>;
}

/** Returns the key of all expert noise of a modality in one optimiser step. */
export function expertNoiseKey(seed: number, modality: string, step: number): RandomKey {
  return foldIn(randomKey(seed, `expert-noise/${modality}`), step);
}

/**
 * Writes one key per (sample, expert) pair, in the layout of `gaussianMixture` and `normals`.
 *
 * A pair's noise depends on the sample and the expert only, not on its position in the batch. All
 * implementations of the mixture thus draw the same numbers.
 * @param rows sample (row of the batch) of each pair, [R]
 * @param experts expert of each pair, [R]
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
    const row = defined(rows[p]);
    let key = ofRow.get(row);
    if (key === undefined) {
      key = foldIn(noise.key, defined(noise.sampleIndex[row]));
      ofRow.set(row, key);
    }
    const pairKey = foldIn(key, defined(experts[p]));
    out[2 * p] = pairKey.k0;
    out[2 * p + 1] = pairKey.k1;
  }
}

/** Returns the keys of all pairs of `dispatch`, [R, 2]. `indices` [B, S] is the expert of each slot. */
export function noiseKeys(
  backend: Backend,
  noise: ExpertNoise,
  indices: IntBuffer,
  dispatch: Dispatch,
  slots: number,
): IntBuffer {
  const keys = backend.scratchInts(dispatch.pairs * 2); // [R, 2]
  const [rows, slotOf, expertOf] = [dispatch.rows.view, dispatch.slots.view, indices.view];
  const experts = new Int32Array(dispatch.pairs);
  for (let p = 0; p < dispatch.pairs; p++)
    experts[p] = defined(expertOf[defined(rows[p]) * slots + defined(slotOf[p])]);
  writeExpertNoiseKeys(noise, rows, experts, dispatch.pairs, keys.view);
  return keys;
}
