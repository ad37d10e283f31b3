import type { Tape } from "../tape.js";
import type { Tensor } from "../tensor.js";
import { rowsOf } from "./axis.js";

/**
 * softmax(a)_j = e^a_j / sum_i e^a_i over the last axis, without overflow.
 * @param a [..., D], D >= 1
 * @returns [..., D], each row in [0, 1] with sum 1
 */
export function softmax(tape: Tape, a: Tensor): Tensor {
  const { rows, width } = rowsOf("softmax", a.shape);
  const output = tape.output(a.shape, [a]);
  tape.backend.softmax(a.buffer, rows, width, output.buffer);
  tape.record(output, (dout) => {
    tape.backend.softmaxBackward(output.buffer, rows, width, dout, tape.gradientOf(a));
  });
  return output;
}

/**
 * log(sum_j e^a_j) over the last axis, without overflow.
 * @param a [..., D], D >= 1
 * @returns [...]
 */
export function logSumExp(tape: Tape, a: Tensor): Tensor {
  const { backend } = tape;
  const { rows, width } = rowsOf("logSumExp", a.shape);
  const output = tape.output(a.shape.slice(0, -1), [a]);
  backend.logSumExp(a.buffer, rows, width, output.buffer);
  tape.record(output, (dout) => {
    const weights = backend.scratch(a.size); // d logSumExp / da = softmax(a)
    const repeated = backend.scratch(a.size);
    const product = backend.scratch(a.size);
    backend.softmax(a.buffer, rows, width, weights);
    backend.broadcast(dout, [rows, 1], [rows, width], repeated);
    backend.binary("mul", weights, repeated, product);
    backend.addScaled(product, 1, tape.gradientOf(a));
  });
  return output;
}

/**
 * a - logSumExp(a) over the last axis: the logarithm of {@link softmax}, accurate for small probabilities.
 * @param a [..., D], D >= 1
 * @returns [..., D]
 */
export function logSoftmax(tape: Tape, a: Tensor): Tensor {
  const { backend } = tape;
  const { rows, width } = rowsOf("logSoftmax", a.shape);
  const output = tape.output(a.shape, [a]);
  const perRow = backend.scratch(rows);
  const repeated = backend.scratch(a.size);
  // a - maximum first, so that large values lose no digits in float32
  const shifted = backend.scratch(a.size);
  backend.reduce("max", a.buffer, { outer: rows, axis: width, inner: 1 }, perRow);
  backend.broadcast(perRow, [rows, 1], [rows, width], repeated);
  backend.binary("sub", a.buffer, repeated, shifted);
  backend.logSumExp(shifted, rows, width, perRow);
  backend.broadcast(perRow, [rows, 1], [rows, width], repeated);
  backend.binary("sub", shifted, repeated, output.buffer);
  tape.record(output, (dout) => {
    const total = backend.scratch(rows); // da = dout - softmax(a) * sum(dout)
    const repeatedTotal = backend.scratch(a.size);
    const probabilities = backend.scratch(a.size);
    const product = backend.scratch(a.size);
    backend.reduce("sum", dout, { outer: rows, axis: width, inner: 1 }, total);
    backend.broadcast(total, [rows, 1], [rows, width], repeatedTotal);
    backend.unary("exp", output.buffer, probabilities);
    backend.binary("mul", probabilities, repeatedTotal, product);
    const da = tape.gradientOf(a);
    backend.addScaled(dout, 1, da);
    backend.addScaled(product, -1, da);
  });
  return output;
}
