import { defined } from "../core/defined.js";
import { type RandomKey, uniformAt } from "../core/random.js";

/**
 * Chooses another sample for each sample, among those that have the modality. Each sample has a draw; the
 * draws order the samples in a ring, and a sample gets the next one. Does not depend on the order of the
 * samples.
 *
 * @param present [N]: 0 = the sample lacks the modality
 * @param keys [N]: random key of each sample
 * @returns [N]: index of the other sample. A sample without the modality, or the only one with it, gets
 * itself.
 */
export function partnersOf(present: Uint8Array, keys: readonly RandomKey[]): Int32Array {
  const draws = keys.map((key) => uniformAt(key, RING));
  const ring = draws
    .flatMap((draw, n) => (present[n] === 0 ? [] : [{ draw, n }]))
    .sort((a, b) => a.draw - b.draw || a.n - b.n);
  const partners = Int32Array.from(keys, (_, n) => n);
  ring.forEach(({ n }, place) => {
    partners[n] = defined(ring[(place + 1) % ring.length]).n;
  });
  return partners;
}

/** Index of the draw that orders the ring, above the indices of the draws for features and steps. */
const RING = 2 ** 31;
