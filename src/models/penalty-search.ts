import { defined } from "../core/defined.js";

/**
 * Number of epochs without a better shared penalty. After them, the search continues modality by modality.
 */
const SHARED_PATIENCE = 6;
/** Steps from the best penalty of a modality; a negative one makes the penalty larger. */
const OFFSETS = [-10, -6, -3, -2, -1, 1, 2, 4];

/**
 * Exponents k of the penalties `penalty * penaltyFactor^k` for the next epoch, one for each modality.
 *
 * The penalty is first shared: 0, 1, 2 and so on, until six in a row gave no improvement. Then the modalities
 * take turns: each tries steps away from the best combination so far, while the others stay fixed. The turns
 * continue until the training loop ends. The search depends only on validation scores, through `improved`,
 * and is not random.
 * @param improved for each finished epoch, whether its validation score was the best so far
 * @param modalities number of modalities
 */
export function nextExponents(improved: readonly boolean[], modalities: number): number[] {
  let best = new Array<number>(modalities).fill(0);
  let shared = 0;
  let last = 0;
  while (shared < improved.length && shared - last <= SHARED_PATIENCE) {
    if (improved[shared] === true) {
      last = shared;
      best = best.fill(shared);
    }
    shared++;
  }
  if (shared - last <= SHARED_PATIENCE) return new Array<number>(modalities).fill(shared);
  let centre = best;
  for (let turn = 0; ; turn++) {
    const modality = Math.floor(turn / OFFSETS.length) % modalities;
    if (turn % OFFSETS.length === 0) centre = best;
    const tried = centre.map((exponent, m) =>
      m === modality ? exponent + defined(OFFSETS[turn % OFFSETS.length]) : exponent,
    );
    const epoch = shared + turn;
    if (epoch >= improved.length) return tried;
    if (improved[epoch] === true) best = tried;
  }
}

/** `penalty * factor^exponent` by products alone, so that every machine gives the same bits. */
export function penaltyAt(penalty: number, factor: number, exponent: number): number {
  let value = penalty;
  for (let step = 0; step < Math.abs(exponent); step++)
    value = exponent > 0 ? value * factor : value / factor;
  return value;
}
