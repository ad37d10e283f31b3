import { defined } from "../core/defined.js";
import { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * Computes the contribution of each modality to each prediction: |prediction - prediction with the modality's
 * block zeroed|, summed over outputs and divided by its sum over modalities. All predictions with a zeroed
 * block are computed in one pass over M * B rows.
 *
 * A missing modality has 0. If no block changes the prediction, the modalities of the sample have equal
 * contributions.
 *
 * @param blocks M blocks [B, W]
 * @param present M flags [B]
 * @param predict maps M blocks [rows, W] to predictions [rows, outputs]; the rows are the batch, repeated
 * @returns M arrays [B]
 */
export function contributions(
  tape: Tape,
  blocks: readonly Tensor[],
  present: readonly ArrayLike<number>[],
  prediction: Tensor,
  predict: (tape: Tape, blocks: readonly Tensor[]) => Tensor,
): Float32Array[] {
  if (blocks.length === 1)
    return present.map((flags) => Float32Array.from(flags, (flag) => (flag === 0 ? 0 : 1)));
  return shareOfChanges(changeWithoutEach(tape, blocks, prediction, predict), present);
}

/**
 * Returns the change without each modality as a fraction of all changes. A missing modality has 0. If nothing
 * changes, the modalities of the sample have equal fractions.
 * @param changes M of [B], at least 0
 * @param present M of [B]
 * @returns M of [B]
 */
export function shareOfChanges(
  changes: readonly ArrayLike<number>[],
  present: readonly ArrayLike<number>[],
): Float32Array[] {
  const batch = present[0]?.length ?? 0;
  const shares = changes.map(() => new Float32Array(batch));
  for (let b = 0; b < batch; b++) {
    const raw = changes.map((change, m) => (present[m]?.[b] === 0 ? 0 : defined(change[b])));
    const total = raw.reduce((sum, value) => sum + value, 0);
    const owners = present.filter((flags) => flags[b] !== 0).length;
    shares.forEach((share, m) => {
      const equal = present[m]?.[b] === 0 ? 0 : 1 / owners;
      share[b] = total > 0 ? defined(raw[m]) / total : equal;
    });
  }
  return shares;
}

/** Computes |prediction - prediction with block m zeroed|, summed over outputs: M arrays [B]. */
function changeWithoutEach(
  tape: Tape,
  blocks: readonly Tensor[],
  prediction: Tensor,
  predict: (tape: Tape, blocks: readonly Tensor[]) => Tensor,
): Float64Array[] {
  const [batch, outputs] = [prediction.extent(0), prediction.extent(1)];
  const scratch = new Tape(tape.backend, false); // without gradients
  const stacked = blocks.map((block, m) => {
    const copies = scratch.output([blocks.length * batch, block.extent(1)], []); // [M * B, W]
    for (let copy = 0; copy < blocks.length; copy++)
      tape.backend.copy(block.buffer, 0, copies.buffer, copy * block.size, block.size);
    copies.buffer.view.fill(0, m * block.size, (m + 1) * block.size);
    return copies;
  });
  const without = predict(scratch, stacked).buffer.view; // [M * B, outputs]
  const full = prediction.buffer.view;
  return blocks.map((_, m) => {
    const change = new Float64Array(batch);
    for (let i = 0; i < batch * outputs; i++) {
      const b = Math.floor(i / outputs);
      change[b] = defined(change[b]) + Math.abs(defined(full[i]) - defined(without[m * batch * outputs + i]));
    }
    return change;
  });
}
