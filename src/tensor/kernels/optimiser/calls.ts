// Written by scripts/write-kernel-table.js from src/tensor/kernels/. Do not edit.

import { address } from "../../backends/wasm/heap.js";
import type { WasmParts } from "../wasm-parts.js";
import { BLOCK } from "../experts/constants.js";
import { rowsUpTo, setAdam } from "./settings.js";
import type { OptimiserKernels } from "./contract.js";

/** Methods that are one call of a kernel. */
export function calls(parts: WasmParts): Pick<OptimiserKernels, "adam" | "adamGrouped" | "adamRows"> {
  const { kernels, heap } = parts;
  return {
    adam(state, gradient, start, count, step, settings) {
      setAdam(kernels, settings);
      kernels.adam(
        address(state.weight, start + count),
        address(state.firstMoment, start + count),
        address(state.secondMoment, start + count),
        address(gradient, start + count),
        start,
        count,
        step,
      );
    },

    adamGrouped(state, x, dout, dispatch, inputs, outputs, steps, settings) {
      setAdam(kernels, settings);
      const { experts, pairs } = dispatch;
      kernels.adamGrouped(
        address(state.weight, experts * inputs * outputs),
        address(state.firstMoment, experts * inputs * outputs),
        address(state.secondMoment, experts * inputs * outputs),
        address(x, 0),
        address(dout, pairs * outputs),
        address(dispatch.offsets, experts + 1),
        address(dispatch.rows, pairs),
        experts,
        inputs,
        outputs,
        address(steps, experts),
        heap.work(Math.max(BLOCK * outputs, pairs * (BLOCK + outputs + 4)) + 4),
      );
    },

    adamRows(state, gradient, rows, count, width, steps, settings) {
      setAdam(kernels, settings);
      const size = rowsUpTo(rows, count) * width;
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
