import type { RandomKey } from "../core/random.js";
import type { FloatBuffer, IntBuffer } from "./buffers.js";
import type { SequenceKernels } from "./sequence-kernels.js";

/**
 * Contract between the tape and a compute backend.
 *
 * There are three implementations:
 * - `reference`: plain loops, float64 by default; it defines the results.
 * - `wasm`: AssemblyScript SIMD, float32; runs everywhere.
 * - `native`: Rust, float32, several threads; optional, the same bits as `wasm`.
 *
 * Every kernel writes into a buffer that the caller allocated, and allocates none itself. All matrices are
 * row-major and contiguous. The result of a row never depends on other rows of the batch. Sums have a fixed
 * order.
 */

export type { FloatArray, FloatBuffer, IntBuffer } from "./buffers.js";

export type UnaryOp =
  | "neg"
  | "exp"
  | "log"
  | "sqrt"
  | "square"
  | "abs"
  | "reciprocal"
  | "relu"
  | "gelu"
  | "geluErf"
  | "sigmoid"
  | "tanh"
  | "softplus";
export type BinaryOp = "add" | "sub" | "mul" | "div" | "max";
export type Reduction = "sum" | "mean" | "max";

/** View of an array as [outer, axis, inner]. An operation runs over `axis`. */
export interface AxisView {
  readonly outer: number;
  readonly axis: number;
  readonly inner: number;
}

export interface GemmShape {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** a is stored [k, m] instead of [m, k]. */
  readonly transposeA?: boolean;
  /** b is stored [n, k] instead of [k, n]. */
  readonly transposeB?: boolean;
  /** Add to `out` instead of overwriting it. */
  readonly accumulate?: boolean;
}

/**
 * (sample, expert) pairs to compute, sorted by expert, then by sample. R is the number of pairs.
 *
 * - `offsets` [N+1]: expert e has the pairs offsets[e] .. offsets[e+1]-1.
 * - `rows` [R]: sample of each pair.
 * - `slots` [R]: position in the sample's selection. Pair p is entry rows[p] * S + slots[p] of a [B, S]
 *   array.
 * - `pairOf` [B*S]: the inverse; -1 for absent samples.
 */
export interface Dispatch {
  readonly experts: number;
  readonly pairs: number;
  readonly offsets: IntBuffer;
  readonly rows: IntBuffer;
  readonly slots: IntBuffer;
  readonly pairOf: IntBuffer;
}

/** Selection that `dispatch` sorts: B rows with S slots each. */
export interface Selection {
  /** [B, S] */
  readonly indices: IntBuffer;
  /** [B]: 0 if the sample is absent. */
  readonly present: IntBuffer;
  readonly rows: number;
  readonly slots: number;
}

/** Rows that `layerNorm` normalises, and what its backward pass reads. */
export interface LayerNormRows {
  /** [rows, width] */
  readonly a: FloatBuffer;
  readonly rows: number;
  readonly width: number;
  /** [width] */
  readonly gain: FloatBuffer;
  /** Mean of each row, written for the backward pass. [rows] */
  readonly mean: FloatBuffer;
  /** 1 / standard deviation of each row, written for the backward pass. [rows] */
  readonly inverseStd: FloatBuffer;
}

/** See {@link Backend.layerNorm}. */
export interface LayerNormCall extends LayerNormRows {
  /** [width] */
  readonly bias: FloatBuffer;
  readonly epsilon: number;
  /** [rows, width] */
  readonly out: FloatBuffer;
}

/** See {@link Backend.layerNormBackward}. */
export interface LayerNormGradients {
  /** [rows, width] */
  readonly dout: FloatBuffer;
  /** [rows, width], +=. Undefined if the input needs no gradient. */
  readonly da: FloatBuffer | undefined;
  /** [width], += */
  readonly dgain: FloatBuffer;
  /** [width], += */
  readonly dbias: FloatBuffer;
}

/** Gaussians of all pairs, with B rows, S slots and width H. */
export interface GaussianPairs {
  /** Columns mu | unclamped log-variance, [R, 2H]. */
  readonly raw: FloatBuffer;
  /** [B, S] */
  readonly gate: FloatBuffer;
  readonly dispatch: Dispatch;
  readonly rows: number;
  readonly slots: number;
  readonly width: number;
  readonly clampLow: number;
  readonly clampHigh: number;
  /** One random key per pair, [R, 2]. If absent, z is the mean. */
  readonly keys: IntBuffer | undefined;
  /** Epsilon of each pair, [R, H]. The forward pass writes it, the backward pass reads it. */
  readonly noise?: FloatBuffer | undefined;
}

/** See {@link Backend.gaussianMixture}. */
export interface GaussianMixtureCall extends GaussianPairs {
  /** [B, H] */
  readonly h: FloatBuffer;
  /** [B, S] */
  readonly sigma2: FloatBuffer;
  /** [B, S] */
  readonly kl: FloatBuffer;
}

/** See {@link Backend.gaussianMixtureBackward}. */
export interface GaussianMixtureGradients {
  /** [B, H] */
  readonly dh: FloatBuffer;
  /** [B, S] */
  readonly dsigma2: FloatBuffer;
  /** [B, S] */
  readonly dkl: FloatBuffer;
  /** [R, 2H], overwritten. */
  readonly draw: FloatBuffer;
  /** [B, S], += */
  readonly dgate: FloatBuffer;
}

/**
 * Settings of Adam (Kingma & Ba 2015) and AdamW (Loshchilov & Hutter 2019), with PyTorch's order of
 * operations.
 */
export interface AdamSettings {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /**
   * "l2": weight decay is added to the gradient (torch.optim.Adam). "decoupled": it multiplies the weight
   * first (torch.optim.AdamW).
   */
  readonly decay: "l2" | "decoupled";
  readonly weightDecay: number;
  /** Factor on every gradient: 1, or the clipping factor. */
  readonly gradientScale: number;
}

export interface AdamState {
  readonly weight: FloatBuffer;
  readonly firstMoment: FloatBuffer;
  readonly secondMoment: FloatBuffer;
}

export interface Backend extends SequenceKernels {
  readonly name: "reference" | "wasm" | "native";
  /** Description of the backend for people, with instruction set and threads. */
  readonly engine: string;
  readonly precision: "float32" | "float64";

  // --- memory
  // ---------------------------------------------------------------------------------------
  /** Zero-filled floats that live as long as the backend (parameters, optimiser state). */
  persistent(size: number): FloatBuffer;
  /** Floats that live until `endStep`; contents undefined. */
  scratch(size: number): FloatBuffer;
  scratchInts(size: number): IntBuffer;
  /** Frees all scratch buffers at once. */
  endStep(): void;
  /** Bytes held for persistent and for scratch buffers (capacity, not current use). */
  memory(): { readonly persistentBytes: number; readonly scratchBytes: number };

  // --- elementwise
  // ---------------------------------------------------------------------------------------
  fill(out: FloatBuffer, value: number): void;
  /** out[outOffset .. +count] = a[aOffset .. +count]; accumulate adds instead. */
  copy(
    a: FloatBuffer,
    aOffset: number,
    out: FloatBuffer,
    outOffset: number,
    count: number,
    accumulate?: boolean,
  ): void;
  unary(op: UnaryOp, a: FloatBuffer, out: FloatBuffer): void;
  /** da += dout * op'(a). Some derivatives use `out`, the forward result. */
  unaryBackward(op: UnaryOp, a: FloatBuffer, out: FloatBuffer, dout: FloatBuffer, da: FloatBuffer): void;
  /** Same-shape operands. */
  binary(op: BinaryOp, a: FloatBuffer, b: FloatBuffer, out: FloatBuffer): void;
  /** out = a * scale + shift. */
  affine(a: FloatBuffer, scale: number, shift: number, out: FloatBuffer): void;
  /** out += a * scale. */
  addScaled(a: FloatBuffer, scale: number, out: FloatBuffer): void;
  clamp(a: FloatBuffer, low: number, high: number, out: FloatBuffer): void;
  /**
   * da += dout if low <= a <= high. The bounds are included, so that a value on a bound can still change
   * (PyTorch releases differ here).
   */
  clampBackward(a: FloatBuffer, low: number, high: number, dout: FloatBuffer, da: FloatBuffer): void;
  /**
   * Repeats `a` along the axes where `from` is 1. Shapes have equal rank; `from` is padded with leading ones.
   */
  broadcast(a: FloatBuffer, from: readonly number[], to: readonly number[], out: FloatBuffer): void;
  /** Backward pass of `broadcast`: da += sum of dout over the repeated axes. */
  broadcastBackward(dout: FloatBuffer, from: readonly number[], to: readonly number[], da: FloatBuffer): void;
  /**
   * out[i] = a[indices[i]], with a [n, width] and out [count, width]. A negative index gives a row of zeros.
   */
  gatherRows(a: FloatBuffer, width: number, indices: IntBuffer, count: number, out: FloatBuffer): void;
  /** da[indices[i]] += dout[i]. */
  scatterAddRows(dout: FloatBuffer, width: number, indices: IntBuffer, count: number, da: FloatBuffer): void;
  /** General transpose of a [d0, d1, d2, d3] array (lower ranks padded with leading ones). */
  permute(
    a: FloatBuffer,
    shape: readonly [number, number, number, number],
    axes: readonly [number, number, number, number],
    out: FloatBuffer,
  ): void;
  /**
   * out[i] = uniform(key(row), i) >= rate ? a / (1 - rate) : 0. `keys` [rows, 2] holds one random key per
   * row, so that a row's mask does not depend on other samples of the batch.
   */
  dropout(a: FloatBuffer, rows: number, width: number, keys: IntBuffer, rate: number, out: FloatBuffer): void;

  // --- reductions
  // ---------------------------------------------------------------------------------------
  reduce(op: Reduction, a: FloatBuffer, view: AxisView, out: FloatBuffer): void;
  /** da += derivative of `reduce`. For "max", the first maximum gets the whole gradient. */
  reduceBackward(op: Reduction, a: FloatBuffer, view: AxisView, dout: FloatBuffer, da: FloatBuffer): void;
  /** Softmax over the last axis of a [rows, width]. */
  softmax(a: FloatBuffer, rows: number, width: number, out: FloatBuffer): void;
  softmaxBackward(out: FloatBuffer, rows: number, width: number, dout: FloatBuffer, da: FloatBuffer): void;
  logSumExp(a: FloatBuffer, rows: number, width: number, out: FloatBuffer): void;
  /**
   * out = (a - mean) * inverseStd * gain + bias over the last axis. Stores mean and inverseStd [rows] for the
   * backward pass.
   */
  layerNorm(call: LayerNormCall): void;
  layerNormBackward(call: LayerNormRows, gradients: LayerNormGradients): void;

  // --- matrices
  // ---------------------------------------------------------------------------------------
  gemm(a: FloatBuffer, b: FloatBuffer, out: FloatBuffer, shape: GemmShape): void;
  /** `count` independent products of consecutive [m,k] x [k,n] matrices. */
  batchedGemm(a: FloatBuffer, b: FloatBuffer, out: FloatBuffer, count: number, shape: GemmShape): void;
  /** out[r] = a[r] W + bias for a [m, k] and W [k, n], in one pass. */
  linear(
    a: FloatBuffer,
    weight: FloatBuffer,
    bias: FloatBuffer | undefined,
    out: FloatBuffer,
    m: number,
    k: number,
    n: number,
  ): void;
  /** out[width] += column sums of a [rows, width]. */
  columnSums(a: FloatBuffer, rows: number, width: number, out: FloatBuffer): void;

  // --- experts
  // ---------------------------------------------------------------------------------------
  /**
   * Selects the S largest values of each row in descending order. Ties take the lower index. probabilities
   * [B, N] -> indices [B, S], values [B, S].
   */
  topK(
    probabilities: FloatBuffer,
    rows: number,
    width: number,
    k: number,
    indices: IntBuffer,
    values: FloatBuffer,
  ): void;
  /**
   * Sorts the selections of the present rows (present[b] != 0) by expert (counting sort) and writes the
   * buffers of `into`. Returns R.
   */
  dispatch(selection: Selection, into: Omit<Dispatch, "pairs">): number;
  /**
   * out[p] = x[rows[p]] W[e] + bias[e] for the pairs p of each expert e. x [B, D], weight [N, D, F], bias [N,
   * F], out [R, F].
   */
  groupedLinear(
    x: FloatBuffer,
    weight: FloatBuffer,
    bias: FloatBuffer,
    dispatch: Dispatch,
    inputs: number,
    outputs: number,
    out: FloatBuffer,
  ): void;
  /** dx[rows[p]] += dout[p] W[e]^T. Pairs are added in order of (sample, slot). */
  groupedLinearBackwardInput(
    dout: FloatBuffer,
    weight: FloatBuffer,
    dispatch: Dispatch,
    inputs: number,
    outputs: number,
    rows: number,
    slots: number,
    dx: FloatBuffer,
  ): void;
  /** dweight[e] += sum over its pairs of x[rows[p]]^T dout[p]. `adamGrouped` avoids storing this gradient. */
  groupedWeightGradient(
    x: FloatBuffer,
    dout: FloatBuffer,
    dispatch: Dispatch,
    inputs: number,
    outputs: number,
    dweight: FloatBuffer,
  ): void;
  /** dbias[e] += sum over its pairs of dout[p]. */
  groupedBiasGradient(dout: FloatBuffer, dispatch: Dispatch, outputs: number, dbias: FloatBuffer): void;
  /**
   * Computes Eqs. 3, 4, 6 and 10 for all pairs.
   *
   * Writes h [B, H] = sum over slots of gate * z, zero for absent samples. z is mu + epsilon * sigma if
   * `keys` is given, else mu. Writes sigma2 [B, S] = mean over H of sigma^2, and kl [B, S] = mean over H of
   * Eq. 4; both are zero for absent samples. With `keys`, also stores epsilon in `noise`, if given.
   */
  gaussianMixture(call: GaussianMixtureCall): void;
  /**
   * Backward pass of `gaussianMixture`. Reads epsilon from `noise`, if given. Otherwise draws the same bits
   * again from `keys`.
   */
  gaussianMixtureBackward(call: GaussianPairs, gradients: GaussianMixtureGradients): void;
  /** Standard normals: out[r * width + j] = normalAt(keys[r], j). */
  normals(keys: IntBuffer, rows: number, width: number, out: FloatBuffer): void;

  // --- optimiser
  // ---------------------------------------------------------------------------------------
  /** One Adam step on elements [start, start + count) with step number `step` (from 1). */
  adam(
    state: AdamState,
    gradient: FloatBuffer,
    start: number,
    count: number,
    step: number,
    settings: AdamSettings,
  ): void;
  /**
   * Updates weight [N, D, F] by Adam. The gradient x^T dout of each expert is computed in registers and never
   * stored.
   *
   * Skips experts without pairs. `steps` [N] counts each expert's steps and is incremented here (as PyTorch
   * does if grad is None).
   */
  adamGrouped(
    state: AdamState,
    x: FloatBuffer,
    dout: FloatBuffer,
    dispatch: Dispatch,
    inputs: number,
    outputs: number,
    steps: IntBuffer,
    settings: AdamSettings,
  ): void;
  /**
   * Updates the rows rows[i] (ascending, unique) of a weight [n, width] by Adam, with gradient row i and step
   * number steps[i] (from 1). Other rows are neither read nor written.
   */
  adamRows(
    state: AdamState,
    gradient: FloatBuffer,
    rows: IntBuffer,
    count: number,
    width: number,
    steps: IntBuffer,
    settings: AdamSettings,
  ): void;
  /** Sum of squares of count elements. */
  squaredNorm(a: FloatBuffer, count: number): number;
  /**
   * Computes the squared Frobenius norm of the grouped weight gradient from Gram matrices: sum over pairs (p,
   * q) of one expert of (x_p . x_q)(dout_p . dout_q).
   */
  groupedSquaredNorm(
    x: FloatBuffer,
    dout: FloatBuffer,
    dispatch: Dispatch,
    inputs: number,
    outputs: number,
  ): number;
}

/** Writes one random key per row, in the layout of `dropout`, `normals` and `gaussianMixture`. */
export function writeKeys(keys: readonly RandomKey[], out: IntBuffer): void {
  const view = out.view;
  keys.forEach((key, i) => {
    view[2 * i] = key.k0;
    view[2 * i + 1] = key.k1;
  });
}
