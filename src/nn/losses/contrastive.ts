import { add, div, scale, shift } from "../../tensor/ops/elementwise.js";
import { crossEntropy } from "../../tensor/ops/losses.js";
import { matmul } from "../../tensor/ops/matmul.js";
import { mean, sum } from "../../tensor/ops/reductions.js";
import { gatherRows, transpose } from "../../tensor/ops/shape-ops.js";
import { sqrt, square } from "../../tensor/ops/unary.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";

/** Keeps the length of a zero vector from dividing by zero. */
const FLOOR = 1e-12;

/**
 * The symmetric contrastive loss (InfoNCE in both directions, Radford et al. 2021) between two views of the
 * same samples: with unit vectors a_i and b_i, the mean over i of -log softmax_j(a_i b_j / t)[i] / 2 - log
 * softmax_j(b_i a_j / t)[i] / 2.
 * @param a [B, H] @param b [B, H]
 * @param rows samples that take part; fewer than two have nothing to be told apart from
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
  const [one, other] = [unitRows(tape, gatherRows(tape, a, rows)), unitRows(tape, gatherRows(tape, b, rows))];
  const similarity = scale(tape, matmul(tape, one, transpose(tape, other)), 1 / temperature); // [R, R]
  const own = rows.map((_, i) => i);
  const both = add(
    tape,
    mean(tape, crossEntropy(tape, similarity, own)),
    mean(tape, crossEntropy(tape, transpose(tape, similarity), own)),
  );
  return scale(tape, both, 0.5);
}

function unitRows(tape: Tape, x: Tensor): Tensor {
  return div(tape, x, sqrt(tape, shift(tape, sum(tape, square(tape, x), 1, true), FLOOR))); // [R, H]
}
