import {
  buffer,
  functions,
  type KernelFamily,
  moves,
  optionalBuffer,
  splitRows,
  value,
  work,
} from "../entry.js";

/** Nanoseconds per element that is read, of a row's few passes, and with an exponential. */
const READ = 0.3;
const PLAIN = 0.6;
const EXPONENTIAL = 2;
/** Number of columns of a unit: a cache line. */
const LINE = 16;
/** Bytes of a row, and of an axis with all that is inside it. */
const row = [4, "width"] as const;
const block = [4, "axis", "inner"] as const;
/** Address 0 stays 0. */
const inputRow = { flag: "da", set: row, unset: [0] } as const;

export const family = {
  kernels: {
    reduceSum: {
      assembly: "reduce",
      native: "reduce::reduce_sum",
      blocks: { reduce_sum: "reduce::reduce_sum_block" },
      numbers: {
        a: value(),
        outer: value(),
        axis: value(),
        inner: value(),
        scale: value(),
        out: value(),
      },
      cost: moves("outer", "axis", "inner"),
      split: splitRows("outer", { a: block, out: [4, "inner"] }, [READ, "axis", "inner"]),
    },
    reduceSumBackward: {
      assembly: "reduce",
      native: "reduce::reduce_sum_backward",
      blocks: { reduce_sum_backward: "reduce::reduce_sum_backward_block" },
      numbers: {
        dout: value(),
        outer: value(),
        axis: value(),
        inner: value(),
        scale: value(),
        da: value(),
      },
      cost: moves("outer", "axis", "inner"),
      split: splitRows("outer", { dout: [4, "inner"], da: block }, [READ, "axis", "inner"]),
    },
    reduceMax: {
      assembly: "reduce",
      native: "reduce::reduce_max",
      blocks: { reduce_max: "reduce::reduce_max_block" },
      numbers: { a: value(), outer: value(), axis: value(), inner: value(), out: value() },
      cost: moves("outer", "axis", "inner"),
      split: splitRows("outer", { a: block, out: [4, "inner"] }, [1, "axis", "inner"]),
    },
    reduceMaxBackward: {
      assembly: "reduce",
      native: "reduce::reduce_max_backward",
      blocks: { reduce_max_backward: "reduce::reduce_max_backward_block" },
      numbers: {
        a: value(),
        outer: value(),
        axis: value(),
        inner: value(),
        dout: value(),
        da: value(),
      },
      cost: moves("outer", "axis", "inner"),
      split: splitRows("outer", { a: block, dout: [4, "inner"], da: block }, [1, "axis", "inner"]),
    },
    columnSums: {
      assembly: "reduce",
      native: "reduce::column_sums",
      blocks: { column_sums: "reduce::column_sums_block" },
      method: "a, rows, width, out",
      numbers: { a: buffer("rows * width"), rows: value(), width: value(), out: buffer("width") },
      cost: moves("rows", "width"),
      split: [
        {
          kernel: "columnSumsPart",
          units: "width",
          block: LINE,
          steps: { a: [4], out: [4] },
          also: { stride: "width" },
          nanoseconds: [[READ, "rows", "width"]],
        },
      ],
    },
    /** Some columns of rows that are `stride` floats apart. */
    columnSumsPart: {
      assembly: "reduce",
      numbers: { a: value(), rows: value(), width: value(), out: value(), stride: value() },
    },
    rowSums: {
      assembly: "reduce",
      native: "reduce::row_sums",
      blocks: { row_sums: "reduce::row_sums_block" },
      numbers: { a: value(), rows: value(), width: value(), out: value() },
      cost: moves("rows", "width"),
      split: splitRows("rows", { a: row, out: [4] }, [READ, "width"]),
    },
    squaredNorm: {
      assembly: "reduce",
      native: "reduce::squared_norm",
      method: "a, count",
      numbers: { a: buffer("count"), count: value() },
      returns: true,
      cost: moves("count"),
    },
    softmax: {
      assembly: "normalise",
      native: "normalise::softmax",
      blocks: { softmax: "normalise::softmax_block" },
      method: "a, rows, width, out",
      numbers: {
        a: buffer("rows * width"),
        rows: value(),
        width: value(),
        out: buffer("rows * width"),
      },
      cost: functions("rows", "width"),
      split: splitRows("rows", { a: row, out: row }, [EXPONENTIAL, "width"]),
    },
    softmaxBackward: {
      assembly: "reduce",
      native: "normalise::softmax_backward",
      blocks: { softmax_backward: "normalise::softmax_backward_block" },
      method: "out, rows, width, dout, da",
      numbers: {
        out: buffer("rows * width"),
        rows: value(),
        width: value(),
        dout: buffer("rows * width"),
        da: buffer("rows * width"),
      },
      cost: moves("rows", "width"),
      split: splitRows("rows", { out: row, dout: row, da: row }, [PLAIN, "width"]),
    },
    logSumExp: {
      assembly: "normalise",
      native: "normalise::log_sum_exp",
      blocks: { log_sum_exp: "normalise::log_sum_exp_block" },
      method: "a, rows, width, out",
      numbers: {
        a: buffer("rows * width"),
        rows: value(),
        width: value(),
        out: buffer("rows"),
        work: work("width + 4"),
      },
      cost: functions("rows", "width"),
      split: splitRows("rows", { a: row, out: [4] }, [EXPONENTIAL, "width"], { work: "work" }),
    },
    layerNorm: {
      assembly: "normalise",
      native: "normalise::layer_norm",
      blocks: { layer_norm: "normalise::layer_norm_block" },
      method: "{ a, rows, width, gain, bias, epsilon, out, mean, inverseStd }",
      numbers: {
        a: buffer("rows * width"),
        rows: value(),
        width: value(),
        gain: buffer("width"),
        bias: buffer("width"),
        epsilon: value(),
        out: buffer("rows * width"),
        mean: buffer("rows"),
        inverseStd: buffer("rows"),
      },
      cost: moves("rows", "width"),
      split: splitRows("rows", { a: row, out: row, mean: [4], inverseStd: [4] }, [PLAIN, "width"]),
    },
    layerNormBackward: {
      assembly: "normalise",
      native: "normalise::layer_norm_backward",
      blocks: {
        layer_norm_input: "normalise::layer_norm_input_block",
        layer_norm_parameters: "normalise::layer_norm_parameters_block",
      },
      method: "{ a, rows, width, gain, mean, inverseStd }, { dout, da, dgain, dbias }",
      numbers: {
        a: buffer("rows * width"),
        rows: value(),
        width: value(),
        gain: buffer("width"),
        mean: buffer("rows"),
        inverseStd: buffer("rows"),
        dout: buffer("rows * width"),
        da: optionalBuffer("rows * width"),
        dgain: buffer("width"),
        dbias: buffer("width"),
      },
      cost: moves("rows", "width"),
      split: [
        {
          kernel: "layerNormInputs",
          units: "rows",
          steps: { a: row, mean: [4], inverseStd: [4], dout: row, da: inputRow },
          nanoseconds: [[2 * PLAIN, "rows", "width"]],
        },
        {
          kernel: "layerNormParameters",
          units: "width",
          block: LINE,
          steps: { a: [4], dout: [4], dgain: [4], dbias: [4] },
          also: { stride: "width" },
          nanoseconds: [[PLAIN, "rows", "width"]],
        },
      ],
    },
    /** The part of `layerNormBackward` for rows: the gradient of the input. */
    layerNormInputs: {
      assembly: "normalise",
      numbers: {
        a: value(),
        rows: value(),
        width: value(),
        gain: value(),
        mean: value(),
        inverseStd: value(),
        dout: value(),
        da: value(),
      },
    },
    /** The part of `layerNormBackward` for columns: the gradients of gain and bias. */
    layerNormParameters: {
      assembly: "normalise",
      numbers: {
        a: value(),
        rows: value(),
        width: value(),
        mean: value(),
        inverseStd: value(),
        dout: value(),
        dgain: value(),
        dbias: value(),
        stride: value(),
      },
    },
    addLayerNorm: {
      assembly: "normalise",
      native: "normalise::add_layer_norm",
      blocks: { add_layer_norm: "normalise::add_layer_norm_block" },
      method: "{ left, right, a, rows, width, gain, bias, epsilon, out, mean, inverseStd }",
      numbers: {
        left: buffer("rows * width"),
        right: buffer("rows * width"),
        rows: value(),
        width: value(),
        gain: buffer("width"),
        bias: buffer("width"),
        epsilon: value(),
        sum: buffer("rows * width", "a"),
        out: buffer("rows * width"),
        mean: buffer("rows"),
        inverseStd: buffer("rows"),
      },
      cost: moves("rows", "width"),
      split: splitRows("rows", { left: row, right: row, sum: row, out: row, mean: [4], inverseStd: [4] }, [
        1.5 * PLAIN,
        "width",
      ]),
    },
  },
} as const satisfies KernelFamily;
