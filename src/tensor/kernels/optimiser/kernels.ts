import { BLOCK } from "../experts/constants.js";
import { buffer, type KernelFamily, splitRows, value, work } from "../entry.js";

/** Weight and moments with at least `size` elements. */
const state = (size: string) =>
  ({
    weight: buffer(size, "state.weight"),
    firstMoment: buffer(size, "state.firstMoment"),
    secondMoment: buffer(size, "state.secondMoment"),
  }) as const;

/** Nanoseconds per update, and per product of its gradient. */
const UPDATE = 0.8;
const PRODUCT = 0.07;
/** Number of elements of a unit: a cache line. */
const LINE = 16;

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
      split: splitRows("count", { start: [1] }, [UPDATE], { block: LINE, settings: "adamSettings" }),
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
      split: [
        {
          kernel: "adamGroupedPart",
          units: "inputRows",
          block: BLOCK,
          steps: { from: [1] },
          also: { from: 0, inputRows: "inputs", pairs: { of: "offsets", at: "experts" } },
          nanoseconds: [
            [UPDATE, "experts", "inputs", "outputs"],
            [PRODUCT, "pairs", "inputs", "outputs"],
          ],
          work: "work",
          settings: "adamSettings",
        },
        {
          kernel: "adamGroupedSteps",
          units: "experts",
          steps: { offsets: [4], steps: [4] },
          nanoseconds: [["experts"]],
        },
      ],
    },
    /** Some rows of each expert's weights, without counting the step. */
    adamGroupedPart: {
      assembly: "adam",
      numbers: {
        weight: value(),
        firstMoment: value(),
        secondMoment: value(),
        x: value(),
        dout: value(),
        offsets: value(),
        rows: value(),
        experts: value(),
        inputs: value(),
        outputs: value(),
        steps: value(),
        work: value(),
        from: value(),
        inputRows: value(),
      },
    },
    adamGroupedSteps: {
      assembly: "adam",
      numbers: { offsets: value(), experts: value(), steps: value() },
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
      split: splitRows("count", { gradient: [4, "width"], rows: [4], steps: [4] }, [UPDATE, "width"], {
        settings: "adamSettings",
      }),
    },
  },
} as const satisfies KernelFamily;
