import type { Backend } from "../../backend.js";
import { address, type Heap } from "./heap.js";
import type { Kernels } from "./kernels.js";

type Reductions = Pick<
  Backend,
  | "reduce"
  | "reduceBackward"
  | "softmax"
  | "softmaxBackward"
  | "logSumExp"
  | "layerNorm"
  | "layerNormBackward"
  | "columnSums"
  | "squaredNorm"
>;

export function reductions(kernels: Kernels, heap: Heap): Reductions {
  return {
    reduce(op, a, { outer, axis, inner }, out) {
      const from = address(a, outer * axis * inner);
      const to = address(out, outer * inner);
      if (op === "max") kernels.reduceMax(from, outer, axis, inner, to);
      else kernels.reduceSum(from, outer, axis, inner, op === "mean" ? 1 / axis : 1, to);
    },

    reduceBackward(op, a, { outer, axis, inner }, dout, da) {
      const size = outer * axis * inner;
      const d = address(dout, outer * inner);
      const into = address(da, size);
      if (op === "max") kernels.reduceMaxBackward(address(a, size), outer, axis, inner, d, into);
      else kernels.reduceSumBackward(d, outer, axis, inner, op === "mean" ? 1 / axis : 1, into);
    },

    softmax(a, rows, width, out) {
      const n = rows * width;
      kernels.softmax(address(a, n), rows, width, address(out, n));
    },

    softmaxBackward(out, rows, width, dout, da) {
      const n = rows * width;
      kernels.softmaxBackward(address(out, n), rows, width, address(dout, n), address(da, n));
    },

    logSumExp(a, rows, width, out) {
      kernels.logSumExp(address(a, rows * width), rows, width, address(out, rows), heap.work(width + 4));
    },

    layerNorm({ a, rows, width, gain, bias, epsilon, out, mean, inverseStd }) {
      const n = rows * width;
      kernels.layerNorm(
        address(a, n),
        rows,
        width,
        address(gain, width),
        address(bias, width),
        epsilon,
        address(out, n),
        address(mean, rows),
        address(inverseStd, rows),
      );
    },

    layerNormBackward({ a, rows, width, gain, mean, inverseStd }, { dout, da, dgain, dbias }) {
      const n = rows * width;
      kernels.layerNormBackward(
        address(a, n),
        rows,
        width,
        address(gain, width),
        address(mean, rows),
        address(inverseStd, rows),
        address(dout, n),
        da ? address(da, n) : 0,
        address(dgain, width),
        address(dbias, width),
      );
    },

    columnSums(a, rows, width, out) {
      kernels.columnSums(address(a, rows * width), rows, width, address(out, width));
    },

    squaredNorm(a, count) {
      return kernels.squaredNorm(address(a, count), count);
    },
  };
}
