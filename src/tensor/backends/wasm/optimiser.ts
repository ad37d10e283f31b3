import type { AdamSettings, Backend } from "../../backend.js";
import { offsetsOf, rowsOf } from "./experts.js";
import { address, type Heap } from "./heap.js";
import { BLOCK, type Kernels } from "./kernels.js";

type Optimiser = Pick<Backend, "adam" | "adamGrouped" | "adamRows">;

export function optimiser(kernels: Kernels, heap: Heap): Optimiser {
  const set = ({
    learningRate,
    beta1,
    beta2,
    epsilon,
    decay,
    weightDecay,
    gradientScale,
  }: AdamSettings): void => {
    kernels.adamSettings(
      learningRate,
      beta1,
      beta2,
      epsilon,
      Number(decay === "decoupled"),
      weightDecay,
      gradientScale,
    );
  };

  return {
    adam(state, gradient, start, count, step, settings) {
      const end = start + count;
      set(settings);
      kernels.adam(
        address(state.weight, end),
        address(state.firstMoment, end),
        address(state.secondMoment, end),
        address(gradient, end),
        start,
        count,
        step,
      );
    },

    adamGrouped(state, x, dout, dispatch, inputs, outputs, steps, settings) {
      const size = dispatch.experts * inputs * outputs;
      set(settings);
      kernels.adamGrouped(
        address(state.weight, size),
        address(state.firstMoment, size),
        address(state.secondMoment, size),
        address(x, 0),
        address(dout, dispatch.pairs * outputs),
        offsetsOf(dispatch),
        rowsOf(dispatch),
        dispatch.experts,
        inputs,
        outputs,
        address(steps, dispatch.experts),
        heap.work(Math.max(BLOCK * outputs, dispatch.pairs * (BLOCK + outputs + 4)) + 4),
      );
    },

    adamRows(state, gradient, rows, count, width, steps, settings) {
      const last = count === 0 ? -1 : (rows.view[count - 1] ?? -1);
      const size = (last + 1) * width; // rows ascend, so the last is the highest
      set(settings);
      kernels.adamRows(
        address(state.weight, size),
        address(state.firstMoment, size),
        address(state.secondMoment, size),
        address(gradient, count * width),
        address(rows, count),
        count,
        width,
        address(steps, count),
      );
    },
  };
}
