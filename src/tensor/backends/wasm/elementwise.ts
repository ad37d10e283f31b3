import type { Backend, BinaryOp, UnaryOp } from "../../backend.js";
import { address, type Heap } from "./heap.js";
import type { Kernels } from "./kernels.js";

type Elementwise = Pick<
  Backend,
  | "fill"
  | "copy"
  | "unary"
  | "unaryBackward"
  | "binary"
  | "affine"
  | "addScaled"
  | "clamp"
  | "clampBackward"
  | "dropout"
  | "normals"
>;

/** Operation codes of kernels/elementwise.ts. */
const unaryNumbers: Readonly<Record<UnaryOp, number>> = {
  neg: 0,
  exp: 1,
  log: 2,
  sqrt: 3,
  square: 4,
  abs: 5,
  reciprocal: 6,
  relu: 7,
  gelu: 8,
  sigmoid: 9,
  tanh: 10,
  softplus: 11,
  geluErf: 12,
};

const binaryNumbers: Readonly<Record<BinaryOp, number>> = { add: 0, sub: 1, mul: 2, div: 3, max: 4 };

/** Smallest random word that keeps its value: (word + 1/2) / 2^32 >= rate, in integers. */
export function dropoutThreshold(rate: number): number {
  return Math.max(0, Math.ceil(rate * 4294967296 - 0.5));
}

export function elementwise(kernels: Kernels, heap: Heap): Elementwise {
  return {
    fill(out, value) {
      kernels.fill(address(out, 0), out.size, value);
    },

    copy(a, aOffset, out, outOffset, count, accumulate = false) {
      const from = address(a, aOffset + count) + 4 * aOffset;
      const to = address(out, outOffset + count) + 4 * outOffset;
      if (accumulate) kernels.addRange(from, to, count);
      else kernels.copyRange(from, to, count);
    },

    unary(op, a, out) {
      kernels.unary(unaryNumbers[op], address(a, 0), a.size, address(out, a.size));
    },

    unaryBackward(op, a, out, dout, da) {
      const n = a.size;
      kernels.unaryBackward(
        unaryNumbers[op],
        address(a, 0),
        address(out, n),
        address(dout, n),
        n,
        address(da, n),
      );
    },

    binary(op, a, b, out) {
      const n = a.size;
      kernels.binary(binaryNumbers[op], address(a, 0), address(b, n), n, address(out, n));
    },

    affine(a, scale, shift, out) {
      kernels.affine(address(a, 0), scale, shift, a.size, address(out, a.size));
    },

    addScaled(a, scale, out) {
      kernels.addScaled(address(a, 0), scale, a.size, address(out, a.size));
    },

    clamp(a, low, high, out) {
      kernels.clamp(address(a, 0), low, high, a.size, address(out, a.size));
    },

    clampBackward(a, low, high, dout, da) {
      const n = a.size;
      kernels.clampBackward(address(a, 0), low, high, address(dout, n), n, address(da, n));
    },

    dropout(a, rows, width, keys, rate, out) {
      const n = rows * width;
      kernels.dropout(
        address(a, n),
        rows,
        width,
        address(keys, 2 * rows),
        dropoutThreshold(rate),
        1 / (1 - rate),
        address(out, n),
      );
    },

    normals(keys, rows, width, out) {
      kernels.normals(address(keys, 2 * rows), rows, width, address(out, rows * width), heap.work(width + 8));
    },
  };
}
