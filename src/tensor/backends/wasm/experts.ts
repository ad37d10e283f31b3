import { EuarError } from "../../../core/errors.js";
import type { Backend, Dispatch } from "../../backend.js";
import { address, type Heap } from "./heap.js";
import { DEPTH, type Kernels } from "./kernels.js";

type Experts = Pick<
  Backend,
  | "topK"
  | "dispatch"
  | "groupedLinear"
  | "groupedLinearBackwardInput"
  | "groupedWeightGradient"
  | "groupedBiasGradient"
  | "groupedSquaredNorm"
  | "gaussianMixture"
  | "gaussianMixtureBackward"
>;

/** Returns the address of a dispatch's offsets. */
export function offsetsOf(dispatch: Dispatch): number {
  return address(dispatch.offsets, dispatch.experts + 1);
}

export function rowsOf(dispatch: Dispatch): number {
  return address(dispatch.rows, dispatch.pairs);
}

export function experts(kernels: Kernels, heap: Heap): Experts {
  return {
    topK(probabilities, rows, width, k, indices, values) {
      if (k > width) throw new EuarError("internal", `topK: cannot take the ${k} largest of ${width} values`);
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
      const n = rows * slots;
      return kernels.dispatch(
        address(indices, n),
        address(present, rows),
        rows,
        slots,
        experts,
        address(offsets, experts + 1),
        address(pairRows, n),
        address(pairSlots, n),
        address(pairOf, n),
      );
    },

    groupedLinear(x, weight, bias, dispatch, inputs, outputs, out) {
      const n = dispatch.experts;
      kernels.groupedLinear(
        address(x, 0),
        address(weight, n * inputs * outputs),
        address(bias, n * outputs),
        offsetsOf(dispatch),
        rowsOf(dispatch),
        n,
        inputs,
        outputs,
        address(out, dispatch.pairs * outputs),
      );
    },

    groupedLinearBackwardInput(dout, weight, dispatch, inputs, outputs, rows, slots, dx) {
      const work = heap.work((dispatch.pairs + DEPTH) * inputs);
      kernels.groupedLinearBackwardInput(
        address(dout, dispatch.pairs * outputs),
        address(weight, dispatch.experts * inputs * outputs),
        offsetsOf(dispatch),
        address(dispatch.pairOf, rows * slots),
        dispatch.experts,
        inputs,
        outputs,
        rows,
        slots,
        address(dx, rows * inputs),
        work,
        work + 4 * dispatch.pairs * inputs,
      );
    },

    groupedWeightGradient(x, dout, dispatch, inputs, outputs, dweight) {
      const n = dispatch.experts;
      kernels.groupedWeightGradient(
        address(x, 0),
        address(dout, dispatch.pairs * outputs),
        offsetsOf(dispatch),
        rowsOf(dispatch),
        n,
        inputs,
        outputs,
        address(dweight, n * inputs * outputs),
      );
    },

    groupedBiasGradient(dout, dispatch, outputs, dbias) {
      const n = dispatch.experts;
      kernels.groupedBiasGradient(
        address(dout, dispatch.pairs * outputs),
        offsetsOf(dispatch),
        n,
        outputs,
        address(dbias, n * outputs),
      );
    },

    groupedSquaredNorm(x, dout, dispatch, inputs, outputs) {
      return kernels.groupedSquaredNorm(
        address(x, 0),
        address(dout, dispatch.pairs * outputs),
        offsetsOf(dispatch),
        rowsOf(dispatch),
        dispatch.experts,
        inputs,
        outputs,
      );
    },

    gaussianMixture(call) {
      const { raw, gate, dispatch, rows, slots, width, clampLow, clampHigh, keys, noise } = call;
      const { h, sigma2, kl } = call;
      const n = rows * slots;
      kernels.gaussianMixture(
        address(raw, 2 * width * dispatch.pairs),
        address(gate, n),
        address(dispatch.pairOf, n),
        rows,
        slots,
        width,
        clampLow,
        clampHigh,
        keys ? address(keys, 2 * dispatch.pairs) : 0,
        address(h, rows * width),
        address(sigma2, n),
        address(kl, n),
        heap.work(width + 8),
        keys && noise ? address(noise, width * dispatch.pairs) : 0,
      );
    },

    gaussianMixtureBackward(call, { dh, dsigma2, dkl, draw, dgate }) {
      const { raw, gate, dispatch, rows, slots, width, clampLow, clampHigh, keys, noise } = call;
      const n = rows * slots;
      const pairFloats = 2 * width * dispatch.pairs;
      kernels.gaussianMixtureBackward(
        address(raw, pairFloats),
        address(gate, n),
        address(dispatch.pairOf, n),
        rows,
        slots,
        width,
        clampLow,
        clampHigh,
        keys ? address(keys, 2 * dispatch.pairs) : 0,
        address(dh, rows * width),
        address(dsigma2, n),
        address(dkl, n),
        address(draw, pairFloats),
        address(dgate, n),
        heap.work(width + 8),
        keys && noise ? address(noise, width * dispatch.pairs) : 0,
      );
    },
  };
}
