/** `euar/tensor`: backends, the reverse-mode tape and its operations. Runs in the browser. */
export type {
  AdamSettings,
  AxisView,
  Backend,
  BinaryOp,
  Dispatch,
  FloatArray,
  FloatBuffer,
  GemmShape,
  IntBuffer,
  Reduction,
  UnaryOp,
} from "./tensor/backend.js";
export { createReferenceBackend, type ReferenceOptions } from "./tensor/backends/reference/index.js";
export {
  createNativeBackend,
  type NativeOptions,
  type NativeStatus,
  nativeStatus,
} from "./tensor/backends/native/index.js";
export { createWasmBackend, type WasmOptions } from "./tensor/backends/wasm/index.js";
export { attention, type AttentionOptions } from "./tensor/ops/attention.js";
export { conv1d, type Conv1dOptions } from "./tensor/ops/conv1d.js";
export { dropout, type DropoutSource, packedDropout } from "./tensor/ops/dropout.js";
export { add, affine, div, maximum, mul, scale, shift, sub } from "./tensor/ops/elementwise.js";
export { type ExpertMixture, expertMixture, type ExpertMixtureInputs } from "./tensor/ops/expert-mixture.js";
export { embedding } from "./tensor/ops/embedding.js";
export { addLayerNorm, layerNorm } from "./tensor/ops/layer-norm.js";
export { linear } from "./tensor/ops/linear.js";
export { linearActivation } from "./tensor/ops/linear-activation.js";
export {
  absoluteError,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  gaussianNll,
  huber,
  l1,
  mse,
  squaredError,
} from "./tensor/ops/losses.js";
export { matmul, type MatmulOptions } from "./tensor/ops/matmul.js";
export {
  packedAttention,
  type PackedAttentionOptions,
  packedSelfAttention,
} from "./tensor/ops/packed-attention.js";
export { packingOf } from "./tensor/ops/packing.js";
export { meanWeights, poolRows } from "./tensor/ops/pool-rows.js";
export { max, mean, sum } from "./tensor/ops/reductions.js";
export { concat, gatherRows, permute, reshape, slice, transpose } from "./tensor/ops/shape-ops.js";
export { logSoftmax, logSumExp, softmax } from "./tensor/ops/softmax.js";
export {
  abs,
  clamp,
  exp,
  gelu,
  geluErf,
  log,
  neg,
  reciprocal,
  relu,
  sigmoid,
  softplus,
  sqrt,
  square,
  stopGradient,
  tanh,
} from "./tensor/ops/unary.js";
export type { Activation, Packing } from "./tensor/sequence-kernels.js";
export { Tape } from "./tensor/tape.js";
export { type FactoredGradient, type Gradient, Parameter, type Shape, Tensor } from "./tensor/tensor.js";
