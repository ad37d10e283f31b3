import { defined } from "../../../core/defined.js";
import { mul } from "../../../tensor/ops/elementwise.js";
import type { Tape } from "../../../tensor/tape.js";
import type { Tensor } from "../../../tensor/tensor.js";

/**
 * Sets rows whose flag is 0 to zero, [B, H].
 * @param x [B, H]
 * @param flags [B]
 */
export function onlyRows(tape: Tape, x: Tensor, flags: ArrayLike<number>): Tensor {
  return mul(tape, x, tape.constant(flags, [flags.length, 1]));
}

/**
 * Returns the training samples of a modality: those that have it and a training label.
 * @param present [B]
 * @param taught number of samples with a training label, which come first; default all
 */
export function taughtRows(present: ArrayLike<number>, taught = present.length): number[] {
  return Array.from({ length: Math.min(present.length, taught) }, (_, b) => b).filter(
    (b) => present[b] !== 0,
  );
}

/**
 * Picks the labels of some samples, in the order of `rows`.
 * @param labels [B] or [B, outputs]
 */
export function labelsOfRows(labels: ArrayLike<number>, rows: readonly number[], batch: number): number[] {
  const width = labels.length / batch;
  return rows.flatMap((row) => Array.from({ length: width }, (_, o) => defined(labels[row * width + o])));
}
