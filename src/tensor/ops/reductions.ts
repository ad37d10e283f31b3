import { ShapeError } from "../../core/errors.js";
import type { Reduction } from "../backend.js";
import type { Tape } from "../tape.js";
import { formatShape, type Shape, type Tensor } from "../tensor.js";
import { axisView, resolveAxis } from "./axis.js";

function apply(tape: Tape, op: Reduction, a: Tensor, axis: number | undefined, keepAxis: boolean): Tensor {
  const resolved = axis === undefined ? undefined : resolveAxis(op, a.shape, axis);
  const view = resolved === undefined ? { outer: 1, axis: a.size, inner: 1 } : axisView(a.shape, resolved);
  if (view.axis === 0 && op !== "sum") {
    throw new ShapeError(`${op}: no values to reduce in shape ${formatShape(a.shape)}`, {
      hint: "Skip empty batches.",
    });
  }
  const output = tape.output(reducedShape(a.shape, resolved, keepAxis), [a]);
  tape.backend.reduce(op, a.buffer, view, output.buffer);
  tape.record(output, (dout) => {
    tape.backend.reduceBackward(op, a.buffer, view, dout, tape.gradientOf(a));
  });
  return output;
}

function reducedShape(shape: Shape, axis: number | undefined, keepAxis: boolean): Shape {
  if (keepAxis) return shape.map((extent, i) => (axis === undefined || i === axis ? 1 : extent));
  return axis === undefined ? [] : shape.filter((_, i) => i !== axis);
}

/**
 * Sums over one axis, or over everything.
 *
 * @param axis negative counts from the end; by default all elements, which gives a scalar
 * @param keepAxis keep the axis with extent 1, ready to broadcast
 * @throws ShapeError if the axis does not exist
 */
export function sum(tape: Tape, a: Tensor, axis?: number, keepAxis = false): Tensor {
  return apply(tape, "sum", a, axis, keepAxis);
}

/**
 * Computes the mean over one axis, or over everything. Parameters as in {@link sum}.
 *
 * @throws ShapeError for zero elements
 */
export function mean(tape: Tape, a: Tensor, axis?: number, keepAxis = false): Tensor {
  return apply(tape, "mean", a, axis, keepAxis);
}

/**
 * Returns the largest value over one axis, or over everything. The first maximum gets the gradient.
 * Parameters as in {@link sum}.
 *
 * @throws ShapeError for zero elements
 */
export function max(tape: Tape, a: Tensor, axis?: number, keepAxis = false): Tensor {
  return apply(tape, "max", a, axis, keepAxis);
}
