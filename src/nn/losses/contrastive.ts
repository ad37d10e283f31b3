import { add, div, scale, shift } from "../../tensor/ops/elementwise.js";
import { crossEntropy } from "../../tensor/ops/losses.js";
import { matmul } from "../../tensor/ops/matmul.js";
import { mean, sum } from "../../tensor/ops/reductions.js";
import { gatherRows, transpose } from "../../tensor/ops/shape-ops.js";
import { sqrt, square } from "../../tensor/ops/unary.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";

/** Added to squared lengths, so that a zero vector does not divide by zero. */
const FLOOR = 1e-12;

/**
 * Symmetric contrastive loss between two views of the same samples (InfoNCE in both directions, Radford et
 * al. 2021).
 *
 * With unit vectors a_i and b_i: mean over i of -log softmax_j(a_i b_j / t)[i] / 2 - log softmax_j(b_i a_j /
 * t)[i] / 2.
 * @param a [B, H]
 * @param b [B, H]
 * @param rows counted samples
 * @param temperature t > 0
 * @returns a scalar, at least 0; 0 for fewer than two rows
 */
export function contrastiveLoss(
  tape: Tape,
  a: Tensor,
  b: Tensor,
  rows: readonly number[],
  temperature: number,
): Tensor {
  if (rows.length < 2) return tape.constant([0], []);
  // [R, H]
  const [first, second] = [
    unitRows(tape, gatherRows(tape, a, rows)),
    unitRows(tape, gatherRows(tape, b, rows)),
  ];
  const similarity = scale(tape, matmul(tape, first, transpose(tape, second)), 1 / temperature); // [R, R]
  const diagonal = rows.map((_, i) => i);
  const both = add(
    tape,
    mean(tape, crossEntropy(tape, similarity, diagonal)),
    mean(tape, crossEntropy(tape, transpose(tape, similarity), diagonal)),
  );
  return scale(tape, both, 0.5);
}

function unitRows(tape: Tape, x: Tensor): Tensor {
  return div(tape, x, sqrt(tape, shift(tape, sum(tape, square(tape, x), 1, true), FLOOR))); // [R, H]
}
