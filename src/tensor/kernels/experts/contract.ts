import type { FloatBuffer, IntBuffer } from "../../buffers.js";

/**
 * (sample, expert) pairs to compute, sorted by expert, then by sample. R is the number of pairs.
 *
 * - `offsets`, [N+1], expert e has the pairs offsets[e] .. offsets[e+1]-1.
 * - `rows`, [R], sample of each pair.
 * - `slots`, [R], position in the sample's selection. Pair p is entry rows[p] * S + slots[p] of a [B, S]
 *   array.
 * - `pairOf`, [B*S], the inverse; -1 for absent samples.
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
  /** [B], 0 if the sample is absent. */
  readonly present: IntBuffer;
  readonly rows: number;
  readonly slots: number;
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

/** See {@link ExpertsKernels.gaussianMixture}. */
export interface GaussianMixtureCall extends GaussianPairs {
  /** [B, H] */
  readonly h: FloatBuffer;
  /** [B, S] */
  readonly sigma2: FloatBuffer;
  /** [B, S] */
  readonly kl: FloatBuffer;
}

/** See {@link ExpertsKernels.gaussianMixtureBackward}. */
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

/** Kernels of the mixture of experts. Sizes: B samples, S slots, R pairs, N experts, H width. */
export interface ExpertsKernels {
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
   * @param columns number of columns to compute, from the first one. Default F. The others are not read, and
   * those of `out` do not change.
   */
  groupedLinear(
    x: FloatBuffer,
    weight: FloatBuffer,
    bias: FloatBuffer,
    dispatch: Dispatch,
    inputs: number,
    outputs: number,
    out: FloatBuffer,
    columns?: number,
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
}
