import { ShapeError } from "../../core/errors.js";
import type { FloatBuffer } from "../backend.js";
import type { Tape } from "../tape.js";
import { formatShape, type Shape, type Tensor } from "../tensor.js";

/**
 * Returns the common shape of two operands under numpy's rule: aligned at the right, extents are equal or one
 * of them is 1.
 *
 * @throws ShapeError naming `operation` and both shapes
 */
export function broadcastShape(operation: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const left = padded(a, rank);
  const right = padded(b, rank);
  return left.map((extent, axis) => {
    const other = right[axis] ?? 1;
    if (extent === other || other === 1) return extent;
    if (extent === 1) return other;
    throw new ShapeError(
      `${operation}: shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast: ${extent} ` +
        `against ${other}`,
      {
        hint: "Aligned at the right, each pair of extents must be equal or contain a 1; reshape one operand.",
      },
    );
  });
}

/** Returns the values of `a` in shape `to`. Returns the same buffer if nothing repeats. */
export function broadcastTo(tape: Tape, a: Tensor, to: Shape): FloatBuffer {
  if (!repeats(a.shape, to)) return a.buffer;
  const out = tape.backend.scratch(to.reduce((product, extent) => product * extent, 1));
  tape.backend.broadcast(a.buffer, padded(a.shape, to.length), to, out);
  return out;
}

/**
 * Adds `scale` times a gradient of shape `from` to the gradient of `a`, summed over the axes along which `a`
 * was repeated.
 */
export function addBroadcastGradient(tape: Tape, a: Tensor, dout: FloatBuffer, from: Shape, scale = 1): void {
  const { backend } = tape;
  const da = tape.gradientOf(a);
  if (!repeats(a.shape, from)) {
    backend.addScaled(dout, scale, da);
    return;
  }
  const shape = padded(a.shape, from.length);
  if (scale === 1) {
    backend.broadcastBackward(dout, shape, from, da);
    return;
  }
  const sum = backend.scratch(a.size);
  backend.fill(sum, 0);
  backend.broadcastBackward(dout, shape, from, sum);
  backend.addScaled(sum, scale, da);
}

function padded(shape: Shape, rank: number): number[] {
  return [...new Array<number>(rank - shape.length).fill(1), ...shape];
}

function repeats(from: Shape, to: Shape): boolean {
  return padded(from, to.length).some((extent, axis) => extent !== to[axis]);
}
