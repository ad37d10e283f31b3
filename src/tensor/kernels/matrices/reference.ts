import type { FloatArray } from "../../buffers.js";
import { at } from "../../backends/reference/access.js";
import type { GemmShape, MatricesKernels } from "./contract.js";

/** Computes one product. The offsets are the starts of the matrices. */
function multiply(
  a: FloatArray,
  aStart: number,
  b: FloatArray,
  bStart: number,
  out: FloatArray,
  outStart: number,
  shape: GemmShape,
): void {
  const { m, n, k, transposeA = false, transposeB = false, accumulate = false } = shape;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) {
        const left = at(a, aStart + (transposeA ? p * m + i : i * k + p));
        const right = at(b, bStart + (transposeB ? j * k + p : p * n + j));
        sum += left * right;
      }
      const place = outStart + i * n + j;
      out[place] = accumulate ? at(out, place) + sum : sum;
    }
  }
}

export const reference: MatricesKernels = {
  gemm(a, b, out, shape) {
    multiply(a.view, 0, b.view, 0, out.view, 0, shape);
  },

  batchedGemm(a, b, out, count, shape) {
    const { m, n, k } = shape;
    for (let c = 0; c < count; c++)
      multiply(a.view, c * m * k, b.view, c * k * n, out.view, c * m * n, shape);
  },

  linear(a, weight, bias, out, m, k, n) {
    const x = a.view;
    const w = weight.view;
    const y = out.view;
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = bias ? at(bias.view, j) : 0;
        for (let p = 0; p < k; p++) sum += at(x, i * k + p) * at(w, p * n + j);
        y[i * n + j] = sum;
      }
    }
  },
};
