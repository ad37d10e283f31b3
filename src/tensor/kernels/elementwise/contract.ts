import type { FloatBuffer, IntBuffer } from "../../buffers.js";
import type { binaryCodes, unaryCodes } from "./constants.js";

/** Operation on single elements. */
export type UnaryOp = keyof typeof unaryCodes;
/** Operation on pairs of elements of the same shape. */
export type BinaryOp = keyof typeof binaryCodes;

/** Kernels of single elements, and random draws. */
export interface ElementwiseKernels {
  /** Sets every element of `out` to `value`. */
  fill(out: FloatBuffer, value: number): void;
  /** out[outOffset .. +count] = a[aOffset .. +count]; accumulate adds instead. */
  copy(
    a: FloatBuffer,
    aOffset: number,
    out: FloatBuffer,
    outOffset: number,
    count: number,
    accumulate?: boolean,
  ): void;
  /** out = op(a), element by element. */
  unary(op: UnaryOp, a: FloatBuffer, out: FloatBuffer): void;
  /** da += dout * op'(a). Some derivatives use `out`, the forward result. */
  unaryBackward(op: UnaryOp, a: FloatBuffer, out: FloatBuffer, dout: FloatBuffer, da: FloatBuffer): void;
  /** out = op(a, b), element by element. All three have the same size. */
  binary(op: BinaryOp, a: FloatBuffer, b: FloatBuffer, out: FloatBuffer): void;
  /** out = a * scale + shift. */
  affine(a: FloatBuffer, scale: number, shift: number, out: FloatBuffer): void;
  /** out += a * scale. */
  addScaled(a: FloatBuffer, scale: number, out: FloatBuffer): void;
  /** out = a, limited to [low, high]. */
  clamp(a: FloatBuffer, low: number, high: number, out: FloatBuffer): void;
  /**
   * da += dout if low <= a <= high. The bounds are included, so that a value on a bound can still change
   * (PyTorch releases differ here).
   */
  clampBackward(a: FloatBuffer, low: number, high: number, dout: FloatBuffer, da: FloatBuffer): void;
  /**
   * out[i] = uniform(key(row), i) >= rate ? a / (1 - rate) : 0. `keys` [rows, 2] holds one random key per
   * row, so that a row's mask does not depend on other samples of the batch.
   */
  dropout(a: FloatBuffer, rows: number, width: number, keys: IntBuffer, rate: number, out: FloatBuffer): void;
  /** Standard normals: out[r * width + j] = normalAt(keys[r], j). */
  normals(keys: IntBuffer, rows: number, width: number, out: FloatBuffer): void;
}
