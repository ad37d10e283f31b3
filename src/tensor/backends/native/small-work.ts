/** Cost of a kernel call, in elements moved or products added. */
interface Work {
  /** Indices of the arguments whose product is the number of elements. */
  readonly factors: readonly number[];
  /** Cost of one element; 1 if it is only moved or multiplied. */
  readonly weight: number;
}

const moves = (...factors: number[]): Work => ({ factors, weight: 1 });
/** Cost for elements with an exponential, a logarithm or a random draw. */
const functions = (...factors: number[]): Work => ({ factors, weight: 16 });

/** Cost by kernel name (kernels/index.ts). Kernels that are not listed always run natively. */
const works: Readonly<Record<string, Work>> = {
  fill: moves(1),
  copyRange: moves(2),
  addRange: moves(2),
  unary: functions(2),
  unaryBackward: functions(4),
  binary: moves(3),
  affine: moves(3),
  addScaled: moves(2),
  clamp: moves(3),
  clampBackward: moves(4),
  broadcast2: moves(3, 4),
  gatherRows: moves(2, 4),
  scatterAddRows: moves(1, 3),
  permute4: moves(1, 2, 3, 4),
  reduceSum: moves(1, 2, 3),
  reduceSumBackward: moves(1, 2, 3),
  reduceMax: moves(1, 2, 3),
  reduceMaxBackward: moves(1, 2, 3),
  columnSums: moves(1, 2),
  rowSums: moves(1, 2),
  squaredNorm: moves(1),
  softmax: functions(1, 2),
  softmaxBackward: moves(1, 2),
  logSumExp: functions(1, 2),
  layerNorm: moves(1, 2),
  layerNormBackward: moves(1, 2),
  addLayerNorm: moves(2, 3),
  activationBackward: functions(3),
  gemm: moves(3, 4, 5),
  batchedGemm: moves(3, 4, 5, 6),
  linear: moves(4, 5, 6),
  topK: moves(1, 2),
  dispatch: moves(2, 3),
  groupedBiasGradient: moves(2, 3),
  dropout: functions(1, 2),
  normals: functions(1, 2),
};

/**
 * Cost below which the wasm kernel is faster. A native call from JavaScript takes about 0.2 microseconds, a
 * wasm call 0.02. A wasm kernel moves an element in about 0.1 nanoseconds.
 */
const SMALL = 2048;

/** Returns a test for calls that are faster on the wasm kernel. Results do not depend on it. */
export function smallWork(kernel: string): ((values: readonly number[]) => boolean) | undefined {
  const work = works[kernel];
  if (!work) return undefined;
  const { factors, weight } = work;
  return (values) => {
    let total = weight;
    for (const factor of factors) total *= values[factor] ?? 1;
    return total < SMALL;
  };
}
