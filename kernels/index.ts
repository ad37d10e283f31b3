// Exports for the loader. Sizes are in elements, addresses in bytes.
export { adam, adamGrouped, adamRows, adamSettings } from "./adam";
export {
  activationBackward,
  addRange,
  addScaled,
  affine,
  binary,
  clamp,
  clampBackward,
  copyRange,
  fill,
  unary,
  unaryBackward,
} from "./elementwise";
export { batchedGemm, gemm, linear } from "./gemm";
export {
  groupedBiasGradient,
  groupedLinear,
  groupedLinearBackwardInput,
  groupedWeightGradient,
} from "./grouped";
export { groupedSquaredNorm } from "./gram";
export { broadcast2, gatherRows, permute4, scatterAddRows } from "./layout";
export { gaussianMixture, gaussianMixtureBackward } from "./mixture";
export { addLayerNorm, layerNorm, layerNormBackward, logSumExp, softmax } from "./normalise";
export { attentionCall, packedAttention, packedAttentionBackward } from "./packed-attention";
export { dropout, normals, words } from "./random";
export {
  columnSums,
  reduceMax,
  reduceMaxBackward,
  reduceSum,
  reduceSumBackward,
  rowSums,
  softmaxBackward,
  squaredNorm,
} from "./reduce";
export { dispatch, topK } from "./routing";

/** First address after the kernels' own data. */
export function heapBase(): usize {
  return __heap_base;
}
