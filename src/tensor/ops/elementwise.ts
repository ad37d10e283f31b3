import type { BinaryOp, FloatBuffer } from "../backend.js";
import type { Tape } from "../tape.js";
import type { Shape, Tensor } from "../tensor.js";
import { addBroadcastGradient, broadcastShape, broadcastTo } from "./broadcasting.js";

/** Operands in their common shape, and the result. */
interface Operands {
  readonly shape: Shape;
  readonly a: FloatBuffer;
  readonly b: FloatBuffer;
  readonly output: Tensor;
}

function apply(tape: Tape, op: BinaryOp, a: Tensor, b: Tensor): Operands {
  const shape = broadcastShape(op, a.shape, b.shape);
  const output = tape.output(shape, [a, b]);
  const operands = { shape, a: broadcastTo(tape, a, shape), b: broadcastTo(tape, b, shape), output };
  tape.backend.binary(op, operands.a, operands.b, output.buffer);
  return operands;
}

/** Returns a scratch buffer with op(x, y). */
function combine(tape: Tape, op: BinaryOp, x: FloatBuffer, y: FloatBuffer): FloatBuffer {
  const out = tape.backend.scratch(x.size);
  tape.backend.binary(op, x, y, out);
  return out;
}

/**
 * a + b under numpy's broadcasting rule.
 * @throws ShapeError if the shapes do not broadcast (all operations of this file)
 */
export function add(tape: Tape, a: Tensor, b: Tensor): Tensor {
  const { shape, output } = apply(tape, "add", a, b);
  tape.record(output, (dout) => {
    if (a.requiresGradient) addBroadcastGradient(tape, a, dout, shape);
    if (b.requiresGradient) addBroadcastGradient(tape, b, dout, shape);
  });
  return output;
}

/** a - b, broadcasting. */
export function sub(tape: Tape, a: Tensor, b: Tensor): Tensor {
  const { shape, output } = apply(tape, "sub", a, b);
  tape.record(output, (dout) => {
    if (a.requiresGradient) addBroadcastGradient(tape, a, dout, shape);
    if (b.requiresGradient) addBroadcastGradient(tape, b, dout, shape, -1);
  });
  return output;
}

/** a * b, element by element, broadcasting. */
export function mul(tape: Tape, a: Tensor, b: Tensor): Tensor {
  const { shape, output, ...full } = apply(tape, "mul", a, b);
  tape.record(output, (dout) => {
    if (a.requiresGradient) addBroadcastGradient(tape, a, combine(tape, "mul", dout, full.b), shape);
    if (b.requiresGradient) addBroadcastGradient(tape, b, combine(tape, "mul", dout, full.a), shape);
  });
  return output;
}

/** a / b, broadcasting. Division by zero follows IEEE 754. */
export function div(tape: Tape, a: Tensor, b: Tensor): Tensor {
  const { shape, output, ...full } = apply(tape, "div", a, b);
  tape.record(output, (dout) => {
    const da = combine(tape, "div", dout, full.b);
    if (a.requiresGradient) addBroadcastGradient(tape, a, da, shape);
    if (b.requiresGradient) addBroadcastGradient(tape, b, combine(tape, "mul", da, output.buffer), shape, -1);
  });
  return output;
}

/** max(a, b), broadcasting. If they are equal, the gradient goes to `a`. */
export function maximum(tape: Tape, a: Tensor, b: Tensor): Tensor {
  const { shape, output, ...full } = apply(tape, "max", a, b);
  tape.record(output, (dout) => {
    const { backend } = tape;
    const excess = combine(tape, "sub", full.b, full.a); // relu's derivative is 1 where b > a
    const db = backend.scratch(output.size);
    backend.fill(db, 0);
    backend.unaryBackward("relu", excess, excess, dout, db);
    if (a.requiresGradient) addBroadcastGradient(tape, a, combine(tape, "sub", dout, db), shape);
    if (b.requiresGradient) addBroadcastGradient(tape, b, db, shape);
  });
  return output;
}

/** a * factor + amount for two numbers. */
export function affine(tape: Tape, a: Tensor, factor: number, amount: number): Tensor {
  const output = tape.output(a.shape, [a]);
  tape.backend.affine(a.buffer, factor, amount, output.buffer);
  tape.record(output, (dout) => {
    tape.backend.addScaled(dout, factor, tape.gradientOf(a));
  });
  return output;
}

/** a * factor for a number. */
export function scale(tape: Tape, a: Tensor, factor: number): Tensor {
  return affine(tape, a, factor, 0);
}

/** a + amount for a number. */
export function shift(tape: Tape, a: Tensor, amount: number): Tensor {
  return affine(tape, a, 1, amount);
}
