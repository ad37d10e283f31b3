import type { Backend } from "../backend.js";
import { mul } from "../ops/elementwise.js";
import { sum } from "../ops/reductions.js";
import { Tape } from "../tape.js";
import type { Shape, Tensor } from "../tensor.js";

export interface ArrayValue {
  readonly shape: Shape;
  readonly values: readonly number[];
}

export interface OperationResult {
  readonly shape: Shape;
  readonly output: readonly number[];
  /** Gradients of sum(output * cotangent), per input; zeros without a gradient. */
  readonly gradients: readonly (readonly number[])[];
}

/**
 * Runs an operation forward and backward once. Clears the step's memory.
 * @param cotangent weights of the outputs, or a function of their number
 */
export function runOperation(
  backend: Backend,
  apply: (tape: Tape, inputs: readonly Tensor[]) => Tensor,
  inputs: readonly ArrayValue[],
  cotangent: readonly number[] | ((size: number) => readonly number[]),
): OperationResult {
  const tape = new Tape(backend);
  const leaves = inputs.map(({ values, shape }) => tape.variable(values, shape));
  const output = apply(tape, leaves);
  const weights = typeof cotangent === "function" ? cotangent(output.size) : cotangent;
  tape.backward(sum(tape, mul(tape, output, tape.constant(weights, output.shape))));
  const result = {
    shape: output.shape,
    output: output.toArray(),
    gradients: leaves.map((leaf) => Array.from(leaf.gradient?.view ?? new Float64Array(leaf.size))),
  };
  backend.endStep();
  return result;
}
