import { buffer, type KernelFamily, value, work } from "../entry.js";

/** Weight and moments with at least `size` elements. */
const state = (size: string) =>
  ({
    weight: buffer(size, "state.weight"),
    firstMoment: buffer(size, "state.firstMoment"),
    secondMoment: buffer(size, "state.secondMoment"),
  }) as const;

export const family = {
  rust: ["adam_element"],
  uses: { "../experts/constants.js": ["BLOCK"], "./settings.js": ["rowsUpTo", "setAdam"] },
  kernels: {
    adamSettings: {
      assembly: "adam",
      native: "adam::settings",
      numbers: {
        learningRate: value(),
        beta1: value(),
        beta2: value(),
        epsilon: value(),
        decoupled: value(),
        weightDecay: value(),
        gradientScale: value(),
      },
    },
    adam: {
      assembly: "adam",
      native: "adam::adam",
      blocks: { adam: "adam::adam_block" },
      method: "state, gradient, start, count, step, settings",
      before: "setAdam(kernels, settings);",
      numbers: {
        ...state("start + count"),
        gradient: buffer("start + count"),
        start: value(),
        count: value(),
        step: value(),
      },
    },
    adamGrouped: {
      assembly: "adam",
      native: "adam_grouped::adam_grouped",
      blocks: { adam_grouped: "adam_grouped::adam_grouped_block" },
      method: "state, x, dout, dispatch, inputs, outputs, steps, settings",
      before: "setAdam(kernels, settings); const { experts, pairs } = dispatch;",
      numbers: {
        ...state("experts * inputs * outputs"),
        x: buffer("0"),
        dout: buffer("pairs * outputs"),
        offsets: buffer("experts + 1", "dispatch.offsets"),
        rows: buffer("pairs", "dispatch.rows"),
        experts: value(),
        inputs: value(),
        outputs: value(),
        steps: buffer("experts"),
        work: work("Math.max(BLOCK * outputs, pairs * (BLOCK + outputs + 4)) + 4"),
      },
    },
    adamRows: {
      assembly: "adam",
      native: "adam::adam_rows",
      blocks: { adam_rows: "adam::adam_rows_block" },
      method: "state, gradient, rows, count, width, steps, settings",
      before: "setAdam(kernels, settings); const size = rowsUpTo(rows, count) * width;",
      numbers: {
        ...state("size"),
        gradient: buffer("count * width"),
        rows: buffer("count"),
        count: value(),
        width: value(),
        steps: buffer("count"),
      },
    },
  },
} as const satisfies KernelFamily;
