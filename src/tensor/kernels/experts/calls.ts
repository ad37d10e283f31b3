// Written by scripts/write-kernel-table.js from src/tensor/kernels/. Do not edit.

import { address } from "../../backends/wasm/heap.js";
import type { WasmParts } from "../wasm-parts.js";
import { DEPTH } from "../matrices/constants.js";
import { requireWidth } from "./require-width.js";
import type { ExpertsKernels } from "./contract.js";

/** Methods that are one call of a kernel. */
export function calls(
  parts: WasmParts,
): Pick<
  ExpertsKernels,
  | "topK"
  | "dispatch"
  | "groupedLinear"
  | "groupedLinearBackwardInput"
  | "groupedWeightGradient"
  | "groupedBiasGradient"
  | "groupedSquaredNorm"
  | "gaussianMixture"
  | "gaussianMixtureBackward"
> {
  const { kernels, heap } = parts;
  return {
    topK(probabilities, rows, width, k, indices, values) {
      requireWidth(k, width);
      kernels.topK(
        address(probabilities, rows * width),
        rows,
        width,
        k,
        address(indices, rows * k),
        address(values, rows * k),
      );
    },

    dispatch(
      { indices, present, rows, slots },
      { experts, offsets, rows: pairRows, slots: pairSlots, pairOf },
    ) {
      return kernels.dispatch(
        address(indices, rows * slots),
        address(present, rows),
        rows,
        slots,
        experts,
        address(offsets, experts + 1),
        address(pairRows, rows * slots),
        address(pairSlots, rows * slots),
        address(pairOf, rows * slots),
      );
    },

    groupedLinear(x, weight, bias, dispatch, inputs, outputs, out, columns = outputs) {
      kernels.groupedLinear(
        address(x, 0),
        address(weight, dispatch.experts * inputs * outputs),
        address(bias, dispatch.experts * outputs),
        address(dispatch.offsets, dispatch.experts + 1),
        address(dispatch.rows, dispatch.pairs),
        dispatch.experts,
        inputs,
        outputs,
        address(out, dispatch.pairs * outputs),
        columns,
      );
    },

    groupedLinearBackwardInput(dout, weight, dispatch, inputs, outputs, rows, slots, dx) {
      const products = heap.work((dispatch.pairs + DEPTH) * inputs);
      kernels.groupedLinearBackwardInput(
        address(dout, dispatch.pairs * outputs),
        address(weight, dispatch.experts * inputs * outputs),
        address(dispatch.offsets, dispatch.experts + 1),
        address(dispatch.pairOf, rows * slots),
        dispatch.experts,
        inputs,
        outputs,
        rows,
        slots,
        address(dx, rows * inputs),
        products,
        products + 4 * dispatch.pairs * inputs,
      );
    },

    groupedWeightGradient(x, dout, dispatch, inputs, outputs, dweight) {
      kernels.groupedWeightGradient(
        address(x, 0),
        address(dout, dispatch.pairs * outputs),
        address(dispatch.offsets, dispatch.experts + 1),
        address(dispatch.rows, dispatch.pairs),
        dispatch.experts,
        inputs,
        outputs,
        address(dweight, dispatch.experts * inputs * outputs),
      );
    },

    groupedBiasGradient(dout, dispatch, outputs, dbias) {
      kernels.groupedBiasGradient(
        address(dout, dispatch.pairs * outputs),
        address(dispatch.offsets, dispatch.experts + 1),
        dispatch.experts,
        outputs,
        address(dbias, dispatch.experts * outputs),
      );
    },

    groupedSquaredNorm(x, dout, dispatch, inputs, outputs) {
      return kernels.groupedSquaredNorm(
        address(x, 0),
        address(dout, dispatch.pairs * outputs),
        address(dispatch.offsets, dispatch.experts + 1),
        address(dispatch.rows, dispatch.pairs),
        dispatch.experts,
        inputs,
        outputs,
      );
    },

    gaussianMixture({
      raw,
      gate,
      dispatch,
      rows,
      slots,
      width,
      clampLow,
      clampHigh,
      keys,
      noise,
      h,
      sigma2,
      kl,
    }) {
      kernels.gaussianMixture(
        address(raw, 2 * width * dispatch.pairs),
        address(gate, rows * slots),
        address(dispatch.pairOf, rows * slots),
        rows,
        slots,
        width,
        clampLow,
        clampHigh,
        keys ? address(keys, 2 * dispatch.pairs) : 0,
        address(h, rows * width),
        address(sigma2, rows * slots),
        address(kl, rows * slots),
        heap.work(width + 8),
        keys && noise ? address(noise, width * dispatch.pairs) : 0,
      );
    },

    gaussianMixtureBackward(
      { raw, gate, dispatch, rows, slots, width, clampLow, clampHigh, keys, noise },
      { dh, dsigma2, dkl, draw, dgate },
    ) {
      kernels.gaussianMixtureBackward(
        address(raw, 2 * width * dispatch.pairs),
        address(gate, rows * slots),
        address(dispatch.pairOf, rows * slots),
        rows,
        slots,
        width,
        clampLow,
        clampHigh,
        keys ? address(keys, 2 * dispatch.pairs) : 0,
        address(dh, rows * width),
        address(dsigma2, rows * slots),
        address(dkl, rows * slots),
        address(draw, 2 * width * dispatch.pairs),
        address(dgate, rows * slots),
        heap.work(width + 8),
        keys && noise ? address(noise, width * dispatch.pairs) : 0,
      );
    },
  };
}
