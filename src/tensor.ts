/**
 * `euar/tensor`: backends, the reverse-mode tape and its operations, random numbers by key, and files of
 * tensors. Runs in the browser.
 */
export {
  abs,
  absoluteError,
  add,
  addLayerNorm,
  affine,
  attention,
  binaryCrossEntropyWithLogits,
  clamp,
  concat,
  conv1d,
  createNativeBackend,
  createReferenceBackend,
  createWasmBackend,
  crossEntropy,
  div,
  dropout,
  embedding,
  exp,
  expertMixture,
  gatherRows,
  gaussianNll,
  gelu,
  geluErf,
  huber,
  l1,
  layerNorm,
  linear,
  linearActivation,
  log,
  logSoftmax,
  logSumExp,
  matmul,
  max,
  maximum,
  mean,
  meanWeights,
  mse,
  mul,
  neg,
  packedAttention,
  packedDropout,
  packedSelfAttention,
  packingOf,
  permute,
  poolRows,
  reciprocal,
  relu,
  reshape,
  scale,
  shift,
  sigmoid,
  slice,
  softmax,
  softplus,
  sqrt,
  square,
  squaredError,
  stopGradient,
  sub,
  sum,
  tanh,
  transpose,
  runNativePeak,
} from "./tensor/public.js";
export { foldIn, integerAt, normalAt, permutation, randomKey, uniformAt } from "./core/public-random.js";
export type { RandomKey } from "./core/random.js";
export { backendNames, type BackendName, type BackendOptions } from "./predict/create-backend.js";
export { createBackend } from "./predict/public-backend.js";
export { readSafetensors, writeSafetensors } from "./runs/public-safetensors.js";
export type { StoredTensor, TensorFile, TensorValues } from "./runs/safetensors.js";
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
export type { ReferenceOptions } from "./tensor/backends/reference/index.js";
export { type NativeOptions, type NativeStatus, nativeStatus } from "./tensor/backends/native/index.js";
export { type ThreadStatus, wasmThreads } from "./tensor/backends/wasm/threads/host.js";
export type { WasmOptions } from "./tensor/backends/wasm/index.js";
export type { AttentionOptions } from "./tensor/ops/attention.js";
export type { Conv1dOptions } from "./tensor/ops/conv1d.js";
export type { DropoutSource } from "./tensor/ops/dropout.js";
export type { ExpertMixture } from "./tensor/ops/expert-mixture.js";
export type { ExpertMixtureInputs } from "./tensor/ops/expert-mixture-inputs.js";
export type { MatmulOptions } from "./tensor/ops/matmul.js";
export type { PackedAttentionOptions } from "./tensor/ops/packed-attention.js";
export type { Activation, Packing } from "./tensor/kernels/sequences/contract.js";
export { Tape } from "./tensor/tape.js";
export { type FactoredGradient, type Gradient, Parameter, type Shape, Tensor } from "./tensor/tensor.js";
