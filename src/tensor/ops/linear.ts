import { ShapeError } from "../../core/errors.js";
import type { FloatBuffer } from "../buffers.js";
import type { Tape } from "../tape.js";
import { formatShape, type Tensor } from "../tensor.js";

/**
 * Linear map x W + b over the last axis.
 *
 * If the weight is a parameter, its gradient stays factored (see FactoredGradient), so that the optimiser
 * need not read it from memory.
 * @param x [..., D]
 * @param weight [D, F]
 * @param bias [F], or undefined
 * @returns [..., F]
 * @throws ShapeError if the widths do not fit
 */
export function linear(tape: Tape, x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const { leading, rows, inputs, outputs } = linearShape(x, weight, bias);
  const output = tape.output([...leading, outputs], bias ? [x, weight, bias] : [x, weight]); // [..., F]
  tape.backend.linear(x.buffer, weight.buffer, bias?.buffer, output.buffer, rows, inputs, outputs);
  tape.record(output, (dout) => {
    addLinearGradients(tape, x, weight, dout, rows);
    if (bias?.requiresGradient) tape.backend.columnSums(dout, rows, outputs, tape.gradientOf(bias));
  });
  return output;
}

/** Sizes of a linear map. */
export interface LinearShape {
  readonly leading: readonly number[];
  /** Product of the leading extents. */
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
}

/**
 * Checks the shapes of a linear map.
 *
 * @throws ShapeError if the widths do not fit
 */
export function linearShape(x: Tensor, weight: Tensor, bias: Tensor | undefined): LinearShape {
  requireFit(x, weight, bias);
  const leading = x.shape.slice(0, -1);
  const rows = leading.reduce((product, extent) => product * extent, 1);
  return { leading, rows, inputs: weight.extent(0), outputs: weight.extent(1) };
}

/** Adds the gradients of x and of the weight, given d(x W). The gradient of a parameter stays factored. */
export function addLinearGradients(
  tape: Tape,
  x: Tensor,
  weight: Tensor,
  dout: FloatBuffer,
  rows: number,
): void {
  const { backend } = tape;
  const inputs = weight.extent(0);
  const outputs = weight.extent(1);
  if (x.requiresGradient) {
    const { buffer, accumulate } = tape.gradientTarget(x);
    const shape = { m: rows, n: inputs, k: outputs, transposeB: true, accumulate };
    backend.gemm(dout, weight.buffer, buffer, shape);
  }
  if (weight.parameter?.groups === 1 && weight.requiresGradient) {
    tape.addFactoredGradient(weight, {
      kind: "factored",
      x: x.buffer,
      dout,
      dispatch: tape.identityDispatch(rows),
      inputs,
      outputs,
    });
  } else if (weight.requiresGradient) {
    const { buffer, accumulate } = tape.gradientTarget(weight);
    const shape = { m: inputs, n: outputs, k: rows, transposeA: true, accumulate };
    backend.gemm(x.buffer, dout, buffer, shape);
  }
}

function requireFit(x: Tensor, weight: Tensor, bias: Tensor | undefined): void {
  const shapes = (): string => `input ${formatShape(x.shape)}, weight ${formatShape(weight.shape)}`;
  if (x.shape.length === 0 || weight.shape.length !== 2 || x.shape.at(-1) !== weight.shape[0]) {
    throw new ShapeError(
      `linear: the input's last axis must have as many values as the weight [D, F] has rows; got ${shapes()}`,
    );
  }
  if (bias && (bias.shape.length !== 1 || bias.size !== weight.shape[1])) {
    throw new ShapeError(`linear: the bias must be [F]; got ${shapes()}, bias ${formatShape(bias.shape)}`);
  }
}
