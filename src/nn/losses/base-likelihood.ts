import { add, scale, shift, sub } from "../../tensor/ops/elementwise.js";
import { mean, sum } from "../../tensor/ops/reductions.js";
import { square } from "../../tensor/ops/unary.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Flowed } from "../coupling-flow.js";

/** log(2 pi) / 2 */
const HALF_LOG_TWO_PI = 0.9189385332046727;

/**
 * Negative log-likelihood per dimension of x under a flow with a Gaussian base of unit variance.
 *
 * Mean over rows of (|z - mu|^2 / 2 + H log(2 pi) / 2 - log |det dz/dx|) / H.
 * @param flowed z [R, H] and its log-determinants; R at least 1
 * @param mu mean of the base for each row, [R, H] or [H]
 * @returns a scalar
 */
export function baseLikelihoodLoss(tape: Tape, { z, logDeterminant }: Flowed, mu: Tensor): Tensor {
  const squares = scale(tape, sum(tape, square(tape, sub(tape, z, mu)), 1, true), 0.5); // [R, 1]
  const each = add(tape, squares, scale(tape, logDeterminant, -1)); // [R, 1]
  return shift(tape, scale(tape, mean(tape, each), 1 / z.extent(1)), HALF_LOG_TWO_PI);
}
