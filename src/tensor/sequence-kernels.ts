import type { FloatBuffer, IntBuffer } from "./buffers.js";

/**
 * The kernels of packed sequences and transformer layers: part of the contract of `Backend`. A packed array
 * holds the rows of all samples one after another, without padding.
 */

/** Which rows of a packed array belong to which sample. */
export interface Packing {
  /** B */
  readonly samples: number;
  /** R, the rows of all samples. */
  readonly rows: number;
  /** Most rows of one sample. */
  readonly longest: number;
  /** [B + 1]: sample b owns rows starts[b] .. starts[b + 1] - 1. */
  readonly starts: IntBuffer;
}

/** Neighbouring columns of a row-major matrix: row r begins at element `start + r * stride`. */
export interface Columns {
  readonly buffer: FloatBuffer;
  readonly start: number;
  readonly stride: number;
}

/** Relative position bias: query i of a sample adds table[bucketOf[j - i + reach], head] to its score of key j. */
export interface RelativeBias {
  /** [buckets, heads] */
  readonly table: FloatBuffer;
  readonly buckets: number;
  /** [2 reach + 1]: the bucket of each distance j - i from -reach to reach. */
  readonly bucketOf: IntBuffer;
  readonly reach: number;
}

/** One self-attention over packed rows, with H = heads * depth columns. */
export interface PackedAttentionSettings {
  readonly packing: Packing;
  readonly heads: number;
  /** Columns of one head. */
  readonly depth: number;
  /** Multiplies each product of a query and a key, before the bias. */
  readonly scale: number;
  readonly bias?: RelativeBias;
  /**
   * Drops weights after the softmax: weight (head h, query i, key j) of a sample of T rows is drawn with
   * counter (h T + i) T + j from its key, so that it does not depend on batch-mates. `keys` [B, 2].
   */
  readonly dropout?: { readonly rate: number; readonly keys: IntBuffer };
}

export type Activation = "gelu" | "geluErf" | "relu";

/** See {@link SequenceKernels.packedAttention}. */
export interface PackedAttentionForward extends PackedAttentionSettings {
  readonly query: Columns;
  readonly key: Columns;
  readonly value: Columns;
  /** [R, H] */
  readonly out: FloatBuffer;
  /** [R, heads]: the largest score of each row, for the backward pass. */
  readonly largest: FloatBuffer;
  /** [R, heads]: the sum of e^(score - largest) of each row, for the backward pass. */
  readonly sum: FloatBuffer;
}

/** See {@link SequenceKernels.packedAttentionBackward}. */
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

export interface SequenceKernels {
  /**
   * Scaled dot-product self-attention of each sample with itself. Per sample, head and query i:
   * score[j] = scale * (q[i] . k[j]) + bias; weight[j] = e^(score[j] - largest) / sum; dropout; out[i] = sum
   * over j, in order, of weight[j] v[j].
   */
  packedAttention(call: PackedAttentionForward): void;
  /**
   * The adjoint, from scores computed again: dquery, dkey, dvalue and dtable are added to. Sums over queries
   * and keys run in order; a bucket sums its distances in order, and a distance its samples and queries in
   * order.
   */
  packedAttentionBackward(call: PackedAttentionBackward): void;
  /** Dropout of packed rows [R, width]: element (t, j) of a sample is drawn with counter t width + j from its key. */
  packedDropout(
    a: FloatBuffer,
    packing: Packing,
    width: number,
    keys: IntBuffer,
    rate: number,
    out: FloatBuffer,
  ): void;
  /** out[b] = sum over the rows of sample b, in order, of weights[r] a[r]; zero without rows. out [B, width]. */
  poolRows(a: FloatBuffer, weights: FloatBuffer, packing: Packing, width: number, out: FloatBuffer): void;
  /** The adjoint: da[r] += weights[r] dout[b]. */
  poolRowsBackward(
    dout: FloatBuffer,
    weights: FloatBuffer,
    packing: Packing,
    width: number,
    da: FloatBuffer,
  ): void;
  /** sum = a + b, then `layerNorm` of it. All [rows, width]. */
  addLayerNorm(
    a: FloatBuffer,
    b: FloatBuffer,
    rows: number,
    width: number,
    gain: FloatBuffer,
    bias: FloatBuffer,
    epsilon: number,
    sum: FloatBuffer,
    out: FloatBuffer,
    mean: FloatBuffer,
    inverseStd: FloatBuffer,
  ): void;
  /**
   * da = dout * op'(a) (overwritten) for a [rows, width], and dbias[j] += sum over the rows, in order, of
   * da[r, j].
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
