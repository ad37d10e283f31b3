import { add, scale } from "../../../tensor/ops/elementwise.js";
import type { Tape } from "../../../tensor/tape.js";
import type { Tensor } from "../../../tensor/tensor.js";

/**
 * Averages a pairwise loss over all pairs of modalities; 0 for a single modality.
 * @param views M of [B, ...]
 * @param present M of [B]
 * @param loss returns a scalar from two views and the samples that have both
 */
export function meanOverPairs(
  tape: Tape,
  views: readonly Tensor[],
  present: readonly ArrayLike<number>[],
  loss: (one: Tensor, other: Tensor, rows: readonly number[]) => Tensor,
): Tensor {
  const pairs = views.flatMap((one, m) =>
    views
      .slice(m + 1)
      .map((other, n) => loss(one, other, sharedRows(present[m] ?? [], present[m + 1 + n] ?? []))),
  );
  const sum = pairs.reduce<Tensor | undefined>(
    (total, pair) => (total ? add(tape, total, pair) : pair),
    undefined,
  );
  return sum ? scale(tape, sum, 1 / pairs.length) : tape.constant([0], []);
}

/** Returns the rows that have both modalities. */
function sharedRows(one: ArrayLike<number>, other: ArrayLike<number>): number[] {
  return Array.from(one, (_, row) => row).filter((row) => one[row] !== 0 && other[row] !== 0);
}
