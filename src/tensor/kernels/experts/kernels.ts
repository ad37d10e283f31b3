import { buffer, type KernelFamily, moves, optionalBuffer, value, work } from "../entry.js";
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
      method: "x, weight, bias, dispatch, inputs, outputs, out",
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
      },
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
    },
  },
} as const satisfies KernelFamily;
