import {
  checkedCall,
  checkedPromise,
  FLAG,
  must,
  NUMBER,
  NUMBERS,
  objectOf,
  oneOf,
  optional,
  optionsOf,
  perhaps,
  rules,
} from "../core/checked-call.js";
import type { OptionRule } from "../core/check-options.js";
import { isRecord } from "../core/is-record.js";
import { SHAPE, TENSOR, tensor } from "./argument-checks.js";
import * as native from "./backends/native/index.js";
import * as peak from "./backends/native/peak.js";
import * as reference from "./backends/reference/index.js";
import * as wasm from "./backends/wasm/index.js";
import * as attentions from "./ops/attention.js";
import * as convolutions from "./ops/conv1d.js";
import * as dropouts from "./ops/dropout.js";
import * as elements from "./ops/elementwise.js";
import * as embeddings from "./ops/embedding.js";
import * as mixtures from "./ops/expert-mixture.js";
import * as norms from "./ops/layer-norm.js";
import * as activations from "./ops/linear-activation.js";
import * as layers from "./ops/linear.js";
import * as losses from "./ops/losses.js";
import * as products from "./ops/matmul.js";
import * as packedAttentions from "./ops/packed-attention.js";
import * as packings from "./ops/packing.js";
import * as pools from "./ops/pool-rows.js";
import * as reductions from "./ops/reductions.js";
import * as shapes from "./ops/shape-ops.js";
import * as softmaxes from "./ops/softmax.js";
import * as unary from "./ops/unary.js";
import { Tape } from "./tape.js";

// Functions of `euar/tensor`, with checks of their arguments' types. Layers, models and training call the
// unchecked operations.

const TAPE = must({ expected: "a tape", holds: (value) => value instanceof Tape });
const TENSORS = must({ expected: "a list of tensors", holds: (value) => isListOf(value, tensor) });
const packing: OptionRule = {
  expected: "what packingOf returns",
  holds: (value) =>
    isRecord(value) &&
    ["samples", "rows", "longest"].every((key) => rules.whole.holds(value[key])) &&
    isRecord(value["starts"]),
};
const PACKING = must(packing);
const drawn: OptionRule = {
  expected: "a key, a step and the indices of the samples",
  holds: (value) =>
    isRecord(value) &&
    isRecord(value["key"]) &&
    rules.whole.holds(value["step"]) &&
    rules.numbers.holds(value["sampleIndex"]),
};
const DRAWN = must(drawn);
const ONE = [TAPE, TENSOR] as const;
const TWO = [TAPE, TENSOR, TENSOR] as const;
const REDUCTION = [...ONE, optional(NUMBER), optional(FLAG)] as const;
const PACKED_OPTIONS = objectOf("options with a packing and a number of heads", {
  packing,
  heads: rules.count,
  scale: perhaps(rules.number),
  bias: {
    expected: "a table and the bucket of each pair",
    holds: (value) =>
      value === undefined ||
      (isRecord(value) && tensor.holds(value["table"]) && rules.numbers.holds(value["bucketOf"])),
  },
  dropout: {
    expected: "a rate and the source of its draws",
    holds: (value) =>
      value === undefined ||
      (isRecord(value) && rules.number.holds(value["rate"]) && drawn.holds(value["source"])),
  },
});
const EXPERTS = objectOf("the inputs of a mixture of experts", {
  x: tensor,
  routerWeight: tensor,
  routerBias: tensor,
  weight: tensor,
  bias: tensor,
  present: rules.numbers,
  topK: rules.count,
  run: oneOf(["selected", "all"]),
  logVarMin: rules.number,
  logVarMax: rules.number,
  logVarShift: perhaps(tensor),
  gateShift: perhaps(tensor),
  noise: {
    expected: "a key and the indices of the samples",
    holds: (value) =>
      value === undefined ||
      (isRecord(value) && isRecord(value["key"]) && rules.numbers.holds(value["sampleIndex"])),
  },
});

export const createReferenceBackend: typeof reference.createReferenceBackend = checkedCall(
  "createReferenceBackend",
  reference.createReferenceBackend,
  [optional(optionsOf({ precision: oneOf(["float64", "float32"]), poison: rules.flag }))],
);
export const createWasmBackend: typeof wasm.createWasmBackend = checkedPromise(
  "createWasmBackend",
  wasm.createWasmBackend,
  [
    optional(
      optionsOf({
        maximumPages: rules.count,
        threads: rules.count,
        arithmetic: oneOf(["exact", "fast"]),
      }),
    ),
  ],
);
export const createNativeBackend: typeof native.createNativeBackend = checkedCall(
  "createNativeBackend",
  native.createNativeBackend,
  [
    optional(
      optionsOf({
        maximumPages: rules.count,
        threads: rules.count,
        arithmetic: oneOf(["exact", "fast"]),
        smallOnWasm: rules.flag,
        instructionSet: rules.text,
      }),
    ),
  ],
);

export const runNativePeak: typeof peak.runNativePeak = checkedCall("runNativePeak", peak.runNativePeak, [
  must(rules.count),
  optional(must(oneOf(["exact", "fast"]))),
]);

export const attention: typeof attentions.attention = checkedCall("attention", attentions.attention, [
  ...TWO,
  TENSOR,
  optional(optionsOf({ heads: rules.count, keyMask: rules.numbers, onWeights: rules.call })),
]);
export const conv1d: typeof convolutions.conv1d = checkedCall("conv1d", convolutions.conv1d, [
  ...TWO,
  optional(TENSOR),
  objectOf("options with a kernel", { kernel: rules.count, padding: perhaps(oneOf(["same", "valid"])) }),
]);
export const dropout: typeof dropouts.dropout = checkedCall("dropout", dropouts.dropout, [
  ...ONE,
  NUMBER,
  DRAWN,
]);
export const packedDropout: typeof dropouts.packedDropout = checkedCall(
  "packedDropout",
  dropouts.packedDropout,
  [...ONE, NUMBER, DRAWN, PACKING],
);
export const add: typeof elements.add = checkedCall("add", elements.add, TWO);
export const sub: typeof elements.sub = checkedCall("sub", elements.sub, TWO);
export const mul: typeof elements.mul = checkedCall("mul", elements.mul, TWO);
export const div: typeof elements.div = checkedCall("div", elements.div, TWO);
export const maximum: typeof elements.maximum = checkedCall("maximum", elements.maximum, TWO);
export const affine: typeof elements.affine = checkedCall("affine", elements.affine, [
  ...ONE,
  NUMBER,
  NUMBER,
]);
export const scale: typeof elements.scale = checkedCall("scale", elements.scale, [...ONE, NUMBER]);
export const shift: typeof elements.shift = checkedCall("shift", elements.shift, [...ONE, NUMBER]);
export const embedding: typeof embeddings.embedding = checkedCall("embedding", embeddings.embedding, [
  ...ONE,
  NUMBERS,
]);
export const expertMixture: typeof mixtures.expertMixture = checkedCall(
  "expertMixture",
  mixtures.expertMixture,
  [TAPE, EXPERTS],
);
export const layerNorm: typeof norms.layerNorm = checkedCall("layerNorm", norms.layerNorm, [
  ...TWO,
  TENSOR,
  optional(NUMBER),
]);
export const addLayerNorm: typeof norms.addLayerNorm = checkedCall("addLayerNorm", norms.addLayerNorm, [
  ...TWO,
  TENSOR,
  TENSOR,
  optional(NUMBER),
]);
export const linear: typeof layers.linear = checkedCall("linear", layers.linear, [...TWO, optional(TENSOR)]);
export const linearActivation: typeof activations.linearActivation = checkedCall(
  "linearActivation",
  activations.linearActivation,
  [...TWO, TENSOR, must(oneOf(["gelu", "geluErf", "relu"]))],
);
export const squaredError: typeof losses.squaredError = checkedCall("squaredError", losses.squaredError, TWO);
export const absoluteError: typeof losses.absoluteError = checkedCall(
  "absoluteError",
  losses.absoluteError,
  TWO,
);
export const huber: typeof losses.huber = checkedCall("huber", losses.huber, [...TWO, optional(NUMBER)]);
export const crossEntropy: typeof losses.crossEntropy = checkedCall("crossEntropy", losses.crossEntropy, [
  ...ONE,
  NUMBERS,
]);
export const binaryCrossEntropyWithLogits: typeof losses.binaryCrossEntropyWithLogits = checkedCall(
  "binaryCrossEntropyWithLogits",
  losses.binaryCrossEntropyWithLogits,
  TWO,
);
export const gaussianNll: typeof losses.gaussianNll = checkedCall("gaussianNll", losses.gaussianNll, [
  ...TWO,
  TENSOR,
]);
export const mse: typeof losses.mse = checkedCall("mse", losses.mse, TWO);
export const l1: typeof losses.l1 = checkedCall("l1", losses.l1, TWO);
export const matmul: typeof products.matmul = checkedCall("matmul", products.matmul, [
  ...TWO,
  optional(optionsOf({ transposeA: rules.flag, transposeB: rules.flag })),
]);
export const packedAttention: typeof packedAttentions.packedAttention = checkedCall(
  "packedAttention",
  packedAttentions.packedAttention,
  [...TWO, TENSOR, PACKED_OPTIONS],
);
export const packedSelfAttention: typeof packedAttentions.packedSelfAttention = checkedCall(
  "packedSelfAttention",
  packedAttentions.packedSelfAttention,
  [...ONE, PACKED_OPTIONS],
);
export const packingOf: typeof packings.packingOf = checkedCall("packingOf", packings.packingOf, [
  TAPE,
  NUMBERS,
]);
export const poolRows: typeof pools.poolRows = checkedCall("poolRows", pools.poolRows, [
  ...ONE,
  NUMBERS,
  PACKING,
]);
export const meanWeights: typeof pools.meanWeights = checkedCall("meanWeights", pools.meanWeights, [PACKING]);
export const sum: typeof reductions.sum = checkedCall("sum", reductions.sum, REDUCTION);
export const mean: typeof reductions.mean = checkedCall("mean", reductions.mean, REDUCTION);
export const max: typeof reductions.max = checkedCall("max", reductions.max, REDUCTION);
export const reshape: typeof shapes.reshape = checkedCall("reshape", shapes.reshape, [...ONE, SHAPE]);
export const concat: typeof shapes.concat = checkedCall("concat", shapes.concat, [TAPE, TENSORS, NUMBER]);
export const slice: typeof shapes.slice = checkedCall("slice", shapes.slice, [
  ...ONE,
  NUMBER,
  NUMBER,
  NUMBER,
]);
export const gatherRows: typeof shapes.gatherRows = checkedCall("gatherRows", shapes.gatherRows, [
  ...ONE,
  NUMBERS,
]);
export const permute: typeof shapes.permute = checkedCall("permute", shapes.permute, [...ONE, SHAPE]);
export const transpose: typeof shapes.transpose = checkedCall("transpose", shapes.transpose, ONE);
export const softmax: typeof softmaxes.softmax = checkedCall("softmax", softmaxes.softmax, ONE);
export const logSumExp: typeof softmaxes.logSumExp = checkedCall("logSumExp", softmaxes.logSumExp, ONE);
export const logSoftmax: typeof softmaxes.logSoftmax = checkedCall("logSoftmax", softmaxes.logSoftmax, ONE);
export const neg: typeof unary.neg = checkedCall("neg", unary.neg, ONE);
export const exp: typeof unary.exp = checkedCall("exp", unary.exp, ONE);
export const log: typeof unary.log = checkedCall("log", unary.log, ONE);
export const sqrt: typeof unary.sqrt = checkedCall("sqrt", unary.sqrt, ONE);
export const square: typeof unary.square = checkedCall("square", unary.square, ONE);
export const abs: typeof unary.abs = checkedCall("abs", unary.abs, ONE);
export const reciprocal: typeof unary.reciprocal = checkedCall("reciprocal", unary.reciprocal, ONE);
export const relu: typeof unary.relu = checkedCall("relu", unary.relu, ONE);
export const gelu: typeof unary.gelu = checkedCall("gelu", unary.gelu, ONE);
export const geluErf: typeof unary.geluErf = checkedCall("geluErf", unary.geluErf, ONE);
export const sigmoid: typeof unary.sigmoid = checkedCall("sigmoid", unary.sigmoid, ONE);
export const tanh: typeof unary.tanh = checkedCall("tanh", unary.tanh, ONE);
export const softplus: typeof unary.softplus = checkedCall("softplus", unary.softplus, ONE);
export const clamp: typeof unary.clamp = checkedCall("clamp", unary.clamp, [...ONE, NUMBER, NUMBER]);
export const stopGradient: typeof unary.stopGradient = checkedCall("stopGradient", unary.stopGradient, ONE);

function isListOf(value: unknown, { holds }: OptionRule): boolean {
  return Array.isArray(value) && value.every((one: unknown) => holds(one));
}
