import { add } from "../tensor/ops/elementwise.js";
import { linear } from "../tensor/ops/linear.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { ExpertShifts } from "./expert-layer.js";

/**
 * Gives all experts the same shift.
 * @param shift [B, 1]
 * @returns [B, N]
 */
export function forEveryExpert(tape: Tape, shift: Tensor, experts: number): Tensor {
  return linear(tape, shift, tape.constant(new Float32Array(experts).fill(1), [1, experts]));
}

/** Returns the sum of two additions to an expert layer. */
export function sumOfShifts(
  tape: Tape,
  first: ExpertShifts | undefined,
  second: ExpertShifts | undefined,
): ExpertShifts {
  const sum = (a: Tensor | undefined, b: Tensor | undefined): Tensor | undefined =>
    a && b ? add(tape, a, b) : (a ?? b);
  return {
    logVarShift: sum(first?.logVarShift, second?.logVarShift),
    gateShift: sum(first?.gateShift, second?.gateShift),
  };
}
