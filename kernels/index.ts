// Written by scripts/write-kernel-table.js from src/tensor/kernels/. Do not edit.
// Exports for the loader. Sizes are in elements, addresses in bytes.
export {
  fill,
  copyRange,
  addRange,
  unary,
  unaryBackward,
  activationBackward,
  binary,
  affine,
  addScaled,
  clamp,
  clampBackward,
} from "../src/tensor/kernels/elementwise/elementwise.as";
export { dropout, normals, words } from "../src/tensor/kernels/elementwise/random.as";
export { groupedSquaredNorm } from "../src/tensor/kernels/experts/gram.as";
export {
  groupedLinear,
  groupedLinearBackwardInput,
  groupedWeightGradient,
  groupedLinearPart,
  groupedInputProducts,
  groupedInputSums,
  groupedWeightGradientPart,
  groupedBiasGradient,
} from "../src/tensor/kernels/experts/grouped.as";
export { gaussianMixture, gaussianMixtureBackward } from "../src/tensor/kernels/experts/mixture.as";
export { topK, dispatch } from "../src/tensor/kernels/experts/routing.as";
export { broadcast2, gatherRows, scatterAddRows, permute4 } from "../src/tensor/kernels/layout/layout.as";
export { gemm, gemmPart, batchedGemm, linear } from "../src/tensor/kernels/matrices/gemm.as";
export {
  adamSettings,
  adam,
  adamGrouped,
  adamGroupedPart,
  adamGroupedSteps,
  adamRows,
} from "../src/tensor/kernels/optimiser/adam.as";
export {
  softmax,
  logSumExp,
  layerNorm,
  layerNormBackward,
  layerNormInputs,
  layerNormParameters,
  addLayerNorm,
} from "../src/tensor/kernels/reductions/normalise.as";
export {
  reduceSum,
  reduceSumBackward,
  reduceMax,
  reduceMaxBackward,
  columnSums,
  columnSumsPart,
  rowSums,
  squaredNorm,
  softmaxBackward,
} from "../src/tensor/kernels/reductions/reduce.as";
export {
  attentionCall,
  packedAttention,
  packedAttentionBackward,
} from "../src/tensor/kernels/sequences/attention.as";
export { roomBytes, useRoom } from "./room";

/** First address after the kernels' own data. */
export function heapBase(): usize {
  return __heap_base;
}
