import type { FloatBuffer, IntBuffer } from "../../buffers.js";

/** Kernels that move rows and axes. */
export interface LayoutKernels {
  /**
   * Repeats `a` along the axes where `from` is 1. Shapes have equal rank; `from` is padded with leading ones.
   */
  broadcast(a: FloatBuffer, from: readonly number[], to: readonly number[], out: FloatBuffer): void;
  /** Backward pass of `broadcast`: da += sum of dout over the repeated axes. */
  broadcastBackward(dout: FloatBuffer, from: readonly number[], to: readonly number[], da: FloatBuffer): void;
  /**
   * out[i] = a[indices[i]], with a [n, width] and out [count, width]. A negative index gives a row of zeros.
   */
  gatherRows(a: FloatBuffer, width: number, indices: IntBuffer, count: number, out: FloatBuffer): void;
  /** da[indices[i]] += dout[i]. */
  scatterAddRows(dout: FloatBuffer, width: number, indices: IntBuffer, count: number, da: FloatBuffer): void;
  /** General transpose of a [d0, d1, d2, d3] array (lower ranks padded with leading ones). */
  permute(
    a: FloatBuffer,
    shape: readonly [number, number, number, number],
    axes: readonly [number, number, number, number],
    out: FloatBuffer,
  ): void;
}
