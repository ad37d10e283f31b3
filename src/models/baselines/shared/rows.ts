import { mul } from "../../../tensor/ops/elementwise.js";
import type { Tape } from "../../../tensor/tape.js";
import type { Tensor } from "../../../tensor/tensor.js";

/** [B, H]: rows whose flag is 0 become zero. @param x [B, H] @param flags [B] */
export function onlyRows(tape: Tape, x: Tensor, flags: ArrayLike<number>): Tensor {
  return mul(tape, x, tape.constant(flags, [flags.length, 1]));
}
