// Written by scripts/write-kernel-table.js from src/tensor/kernels/. Do not edit.

import { address } from "../../backends/wasm/heap.js";
import type { WasmParts } from "../wasm-parts.js";
import type { ReductionsKernels } from "./contract.js";

/** Methods that are one call of a kernel. */
export function calls(
  parts: WasmParts,
): Pick<
  ReductionsKernels,
  | "columnSums"
  | "squaredNorm"
  | "softmax"
  | "softmaxBackward"
  | "logSumExp"
  | "layerNorm"
  | "layerNormBackward"
  | "addLayerNorm"
> {
  const { kernels, heap } = parts;
  return {
    columnSums(a, rows, width, out) {
      kernels.columnSums(address(a, rows * width), rows, width, address(out, width));
    },

    squaredNorm(a, count) {
      return kernels.squaredNorm(address(a, count), count);
    },

    softmax(a, rows, width, out) {
      kernels.softmax(address(a, rows * width), rows, width, address(out, rows * width));
    },

    softmaxBackward(out, rows, width, dout, da) {
      kernels.softmaxBackward(
        address(out, rows * width),
        rows,
        width,
        address(dout, rows * width),
        address(da, rows * width),
      );
    },

    logSumExp(a, rows, width, out) {
      kernels.logSumExp(address(a, rows * width), rows, width, address(out, rows), heap.work(width + 4));
    },

    layerNorm({ a, rows, width, gain, bias, epsilon, out, mean, inverseStd }) {
      kernels.layerNorm(
        address(a, rows * width),
        rows,
        width,
        address(gain, width),
        address(bias, width),
        epsilon,
        address(out, rows * width),
        address(mean, rows),
        address(inverseStd, rows),
      );
    },

    layerNormBackward({ a, rows, width, gain, mean, inverseStd }, { dout, da, dgain, dbias }) {
      kernels.layerNormBackward(
        address(a, rows * width),
        rows,
        width,
        address(gain, width),
        address(mean, rows),
        address(inverseStd, rows),
        address(dout, rows * width),
        da ? address(da, rows * width) : 0,
        address(dgain, width),
        address(dbias, width),
      );
    },

    addLayerNorm({ left, right, a, rows, width, gain, bias, epsilon, out, mean, inverseStd }) {
      kernels.addLayerNorm(
        address(left, rows * width),
        address(right, rows * width),
        rows,
        width,
        address(gain, width),
        address(bias, width),
        epsilon,
        address(a, rows * width),
        address(out, rows * width),
        address(mean, rows),
        address(inverseStd, rows),
      );
    },
  };
}
