import type { Activation } from "../kernels/sequences/contract.js";
import type { Tape } from "../tape.js";
import type { Tensor } from "../tensor.js";
import { addLinearGradients, linearShape } from "./linear.js";

/**
 * Computes op(x W + b), a linear map and its activation in one operation. The backward pass computes the
 * gradient before the activation and the bias gradient together.
 *
 * @param x [..., D]
 * @param weight [D, F]
 * @param bias [F]
 * @param op "relu", "gelu" (tanh form) or "geluErf" (exact form)
 * @returns [..., F]
 * @throws ShapeError if the widths do not fit
 */
export function linearActivation(
  tape: Tape,
  x: Tensor,
  weight: Tensor,
  bias: Tensor,
  op: Activation,
): Tensor {
  const { backend } = tape;
  const { leading, rows, inputs, outputs } = linearShape(x, weight, bias);
  const output = tape.output([...leading, outputs], [x, weight, bias]); // [..., F]
  // The slope of relu follows from its output, so that it needs no second buffer.
  const before = op === "relu" ? output.buffer : backend.scratch(rows * outputs); // [..., F]
  backend.linear(x.buffer, weight.buffer, bias.buffer, before, rows, inputs, outputs);
  backend.unary(op, before, output.buffer);
  tape.record(output, (dout) => {
    const dbias = bias.requiresGradient ? tape.gradientOf(bias) : undefined;
    // In place: no other rule reads the gradient of the output.
    backend.activationBackward(op, before, rows, outputs, dout, dout, dbias);
    addLinearGradients(tape, x, weight, dout, rows);
  });
  return output;
}
