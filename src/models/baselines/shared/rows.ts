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
