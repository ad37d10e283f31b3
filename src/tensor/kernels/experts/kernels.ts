import { buffer, type KernelFamily, moves, optionalBuffer, splitRows, value, work } from "../entry.js";
import { BLOCK } from "./constants.js";

const offsets = buffer("dispatch.experts + 1", "dispatch.offsets");
const rowsOfPairs = buffer("dispatch.pairs", "dispatch.rows");
const experts = value("dispatch.experts");
const perPair = buffer("dispatch.pairs * outputs");
const perSlot = buffer("rows * slots");
const gaussians = "raw, gate, dispatch, rows, slots, width, clampLow, clampHigh, keys, noise";
const pairs = {
  raw: buffer("2 * width * dispatch.pairs"),
  gate: perSlot,
  pairOf: buffer("rows * slots", "dispatch.pairOf"),
  rows: value(),
  slots: value(),
  width: value(),
  clampLow: value(),
  clampHigh: value(),
  keys: optionalBuffer("2 * dispatch.pairs"),
} as const;
const noise = value("keys && noise ? address(noise, width * dispatch.pairs) : 0");

/** Nanoseconds per product, per moved element, and per element of a pair's Gaussian. */
const PRODUCT = 0.07;
const MOVE = 0.3;
const GAUSSIAN = 4;
/** Number of rows of a tile of the output. */
const TILE = 4;
/** Numbers of a part of the pairs. */
const pairsFrom = { from: 0, pairs: { of: "offsets", at: "experts" } } as const;
/** Bytes of a row, and of its slots. */
const row = [4, "width"] as const;
const slot = [4, "slots"] as const;

export const family = {
  constants: { BLOCK },
  uses: { "../matrices/constants.js": ["DEPTH"], "./require-width.js": ["requireWidth"] },
  kernels: {
    topK: {
      assembly: "routing",
      native: "routing::top_k",
      method: "probabilities, rows, width, k, indices, values",
      before: "requireWidth(k, width);",
      numbers: {
        probabilities: buffer("rows * width"),
        rows: value(),
        width: value(),
        k: value(),
        indices: buffer("rows * k"),
        values: buffer("rows * k"),
      },
      cost: moves("rows", "width"),
    },
    dispatch: {
      assembly: "routing",
      native: "routing::dispatch",
      method:
        "{ indices, present, rows, slots }, { experts, offsets, rows: pairRows, slots: pairSlots, pairOf }",
      numbers: {
        indices: perSlot,
        present: buffer("rows"),
        rows: value(),
        slots: value(),
        experts: value(),
        offsets: buffer("experts + 1"),
        pairRows: perSlot,
        pairSlots: perSlot,
        pairOf: perSlot,
      },
      returns: true,
      cost: moves("rows", "slots"),
    },
    groupedLinear: {
      assembly: "grouped",
      native: "grouped::linear",
      blocks: { grouped_linear: "grouped::linear_block" },
      method: "x, weight, bias, dispatch, inputs, outputs, out, columns = outputs",
      numbers: {
        x: buffer("0"),
        weight: buffer("dispatch.experts * inputs * outputs"),
        bias: buffer("dispatch.experts * outputs"),
        offsets,
        rows: rowsOfPairs,
        experts,
        inputs: value(),
        outputs: value(),
        out: perPair,
        columns: value(),
      },
      split: [
        {
          kernel: "groupedLinearPart",
          units: "pairs",
          block: TILE,
          steps: { from: [1] },
          also: pairsFrom,
          nanoseconds: [[PRODUCT, "pairs", "inputs", "columns"]],
        },
      ],
    },
    groupedLinearBackwardInput: {
      assembly: "grouped",
      native: "grouped::linear_backward_input",
      blocks: {
        grouped_input_products: "grouped::input_products_block",
        grouped_input_sums: "grouped::input_sums_block",
      },
      method: "dout, weight, dispatch, inputs, outputs, rows, slots, dx",
      before: "const products = heap.work((dispatch.pairs + DEPTH) * inputs);",
      numbers: {
        dout: perPair,
        weight: buffer("dispatch.experts * inputs * outputs"),
        offsets,
        pairOf: buffer("rows * slots", "dispatch.pairOf"),
        experts,
        inputs: value(),
        outputs: value(),
        rows: value(),
        slots: value(),
        dx: buffer("rows * inputs"),
        products: value(),
        transposed: value("products + 4 * dispatch.pairs * inputs"),
      },
      split: [
        {
          kernel: "groupedInputProducts",
          units: "pairs",
          block: TILE,
          steps: { from: [1] },
          also: pairsFrom,
          nanoseconds: [[PRODUCT, "pairs", "inputs", "outputs"]],
          work: "transposed",
        },
        {
          kernel: "groupedInputSums",
          units: "rows",
          steps: { pairOf: [4, "slots"], dx: [4, "inputs"] },
          nanoseconds: [[MOVE, "rows", "slots", "inputs"]],
        },
      ],
    },
    groupedWeightGradient: {
      assembly: "grouped",
      native: "grouped::weight_gradient",
      blocks: { grouped_weight_gradient: "grouped::weight_gradient_block" },
      method: "x, dout, dispatch, inputs, outputs, dweight",
      numbers: {
        x: buffer("0"),
        dout: perPair,
        offsets,
        rows: rowsOfPairs,
        experts,
        inputs: value(),
        outputs: value(),
        dweight: buffer("dispatch.experts * inputs * outputs"),
      },
      split: [
        {
          kernel: "groupedWeightGradientPart",
          units: "inputRows",
          block: BLOCK,
          steps: { from: [1] },
          also: { from: 0, inputRows: "inputs", pairs: { of: "offsets", at: "experts" } },
          nanoseconds: [[PRODUCT, "pairs", "inputs", "outputs"]],
        },
      ],
    },
    /** Some of the pairs. */
    groupedLinearPart: {
      assembly: "grouped",
      numbers: {
        x: value(),
        weight: value(),
        bias: value(),
        offsets: value(),
        rows: value(),
        experts: value(),
        inputs: value(),
        outputs: value(),
        out: value(),
        columns: value(),
        from: value(),
        pairs: value(),
      },
    },
    /** The first phase of `groupedLinearBackwardInput` for some of the pairs. */
    groupedInputProducts: {
      assembly: "grouped",
      numbers: {
        dout: value(),
        weight: value(),
        offsets: value(),
        experts: value(),
        inputs: value(),
        outputs: value(),
        products: value(),
        transposed: value(),
        from: value(),
        pairs: value(),
      },
    },
    /** The second phase of `groupedLinearBackwardInput`. */
    groupedInputSums: {
      assembly: "grouped",
      numbers: {
        pairOf: value(),
        inputs: value(),
        rows: value(),
        slots: value(),
        dx: value(),
        products: value(),
      },
    },
    /** Some rows of each expert's gradient. */
    groupedWeightGradientPart: {
      assembly: "grouped",
      numbers: {
        x: value(),
        dout: value(),
        offsets: value(),
        rows: value(),
        experts: value(),
        inputs: value(),
        outputs: value(),
        dweight: value(),
        from: value(),
        inputRows: value(),
      },
    },
    groupedBiasGradient: {
      assembly: "grouped",
      native: "grouped::bias_gradient",
      blocks: { grouped_bias_gradient: "grouped::bias_gradient_block" },
      method: "dout, dispatch, outputs, dbias",
      numbers: {
        dout: perPair,
        offsets,
        experts,
        outputs: value(),
        dbias: buffer("dispatch.experts * outputs"),
      },
      cost: moves("experts", "outputs"),
    },
    groupedSquaredNorm: {
      assembly: "gram",
      native: "gram::squared_norm",
      method: "x, dout, dispatch, inputs, outputs",
      numbers: {
        x: buffer("0"),
        dout: perPair,
        offsets,
        rows: rowsOfPairs,
        experts,
        inputs: value(),
        outputs: value(),
      },
      returns: true,
    },
    gaussianMixture: {
      assembly: "mixture",
      native: "mixture::mixture",
      blocks: { gaussian_mixture: "mixture::mixture_block" },
      method: `{ ${gaussians}, h, sigma2, kl }`,
      numbers: {
        ...pairs,
        h: buffer("rows * width"),
        sigma2: perSlot,
        kl: perSlot,
        work: work("width + 8"),
        noise,
      },
      split: splitRows(
        "rows",
        { gate: slot, pairOf: slot, h: row, sigma2: slot, kl: slot },
        [GAUSSIAN, "slots", "width"],
        { work: "work" },
      ),
    },
    gaussianMixtureBackward: {
      assembly: "mixture",
      native: "mixture::mixture_backward",
      blocks: { gaussian_mixture_backward: "mixture::mixture_backward_block" },
      method: `{ ${gaussians} }, { dh, dsigma2, dkl, draw, dgate }`,
      numbers: {
        ...pairs,
        dh: buffer("rows * width"),
        dsigma2: perSlot,
        dkl: perSlot,
        draw: buffer("2 * width * dispatch.pairs"),
        dgate: perSlot,
        work: work("width + 8"),
        noise,
      },
      split: splitRows(
        "rows",
        { gate: slot, pairOf: slot, dh: row, dsigma2: slot, dkl: slot, dgate: slot },
        [GAUSSIAN, "slots", "width"],
        { work: "work" },
      ),
    },
  },
} as const satisfies KernelFamily;
