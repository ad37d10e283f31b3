import type { FloatBuffer, IntBuffer } from "../../buffers.js";

/**
 * Kernels of packed sequences and transformer layers, part of the contract of `Backend`. A packed array holds
 * the rows of all samples one after another, without padding.
 */

/** Assignment of the rows of a packed array to samples. */
export interface Packing {
  /** B */
  readonly samples: number;
  /** Number of rows of all samples, R. */
  readonly rows: number;
  /** Largest number of rows of one sample. */
  readonly longest: number;
  /** [B + 1], sample b has the rows starts[b] .. starts[b + 1] - 1. */
  readonly starts: IntBuffer;
}

/** Neighbouring columns of a row-major matrix. Row r starts at element `start + r * stride`. */
export interface Columns {
  readonly buffer: FloatBuffer;
  readonly start: number;
  readonly stride: number;
}

/**
 * Relative position bias. Query i of a sample adds table[bucketOf[j - i + reach], head] to its score of key
 * j.
 */
export interface RelativeBias {
  /** [buckets, heads] */
  readonly table: FloatBuffer;
  readonly buckets: number;
  /** Bucket of each distance j - i from -reach to reach, [2 reach + 1]. */
  readonly bucketOf: IntBuffer;
  readonly reach: number;
}

/** Self-attention over packed rows, with H = heads * depth columns. */
export interface PackedAttentionSettings {
  readonly packing: Packing;
  readonly heads: number;
  /** Number of columns of one head. */
  readonly depth: number;
  /** Factor on each product of a query and a key, before the bias. */
  readonly scale: number;
  readonly bias?: RelativeBias;
  /**
   * Drops weights after the softmax. The weight (head h, query i, key j) of a sample of T rows is drawn with
   * counter (h T + i) T + j from the sample's key, so that it does not depend on other samples. `keys` [B,
   * 2].
   */
  readonly dropout?: { readonly rate: number; readonly keys: IntBuffer };
}

/** Activation of a feed-forward layer. "gelu" is the tanh approximation, "geluErf" the exact form. */
export type Activation = "gelu" | "geluErf" | "relu";

/** See {@link SequencesKernels.packedAttention}. */
export interface PackedAttentionForward extends PackedAttentionSettings {
  readonly query: Columns;
  readonly key: Columns;
  readonly value: Columns;
  /** [R, H] */
  readonly out: FloatBuffer;
  /** Largest score of each row, for the backward pass. [R, heads] */
  readonly largest: FloatBuffer;
  /** Sum of e^(score - largest) of each row, for the backward pass. [R, heads] */
  readonly sum: FloatBuffer;
}

/** See {@link SequencesKernels.packedAttentionBackward}. */
export interface PackedAttentionBackward extends PackedAttentionSettings {
  readonly query: Columns;
  readonly key: Columns;
  readonly value: Columns;
  readonly largest: FloatBuffer;
  readonly sum: FloatBuffer;
  /** [R, H] */
  readonly dout: FloatBuffer;
  readonly dquery: Columns;
  readonly dkey: Columns;
  readonly dvalue: Columns;
  /** [buckets, heads] */
  readonly dtable?: FloatBuffer;
}

/** Kernels of packed sequences and of the derivative of an activation. */
export interface SequencesKernels {
  /**
   * Scaled dot-product self-attention within each sample. For each sample, head and query i: score[j] = scale
   * * (q[i] . k[j]) + bias; weight[j] = e^(score[j] - largest) / sum; dropout; out[i] = sum over j, in order,
   * of weight[j] v[j].
   */
  packedAttention(call: PackedAttentionForward): void;
  /**
   * Backward pass of `packedAttention`. Recomputes the scores and adds to dquery, dkey, dvalue and dtable.
   *
   * Sums over queries and keys run in order. A bucket sums its distances in order; a distance sums its
   * samples and queries in order.
   */
  packedAttentionBackward(call: PackedAttentionBackward): void;
  /**
   * Dropout of packed rows [R, width]. Element (t, j) of a sample is drawn with counter t width + j from the
   * sample's key.
   */
  packedDropout(
    a: FloatBuffer,
    packing: Packing,
    width: number,
    keys: IntBuffer,
    rate: number,
    out: FloatBuffer,
  ): void;
  /** out[b] = sum over the rows of sample b, in order, of weights[r] a[r]; zero without rows. [B, width] */
  poolRows(a: FloatBuffer, weights: FloatBuffer, packing: Packing, width: number, out: FloatBuffer): void;
  /** Backward pass of `poolRows`: da[r] += weights[r] dout[b]. */
  poolRowsBackward(
    dout: FloatBuffer,
    weights: FloatBuffer,
    packing: Packing,
    width: number,
    da: FloatBuffer,
  ): void;
  /**
   * da = dout * op'(a) (overwritten) for a [rows, width], and dbias[j] += sum over the rows, in order, of
   * da[r, j]. `da` may be `dout`.
   */
  activationBackward(
    op: Activation,
    a: FloatBuffer,
    rows: number,
    width: number,
    dout: FloatBuffer,
    da: FloatBuffer,
    dbias: FloatBuffer | undefined,
  ): void;
}
