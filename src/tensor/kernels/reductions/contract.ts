import type { FloatBuffer } from "../../buffers.js";

/** Reduction along an axis. */
export type Reduction = "sum" | "mean" | "max";

/** View of an array as [outer, axis, inner]. An operation runs over `axis`. */
export interface AxisView {
  readonly outer: number;
  readonly axis: number;
  readonly inner: number;
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

/** See {@link ReductionsKernels.layerNorm}. */
export interface LayerNormCall extends LayerNormRows {
  /** [width] */
  readonly bias: FloatBuffer;
  readonly epsilon: number;
  /** [rows, width] */
  readonly out: FloatBuffer;
}

/** See {@link ReductionsKernels.layerNormBackward}. */
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

/** See {@link ReductionsKernels.addLayerNorm}. */
export interface AddLayerNormCall extends LayerNormCall {
  /** [rows, width] */
  readonly left: FloatBuffer;
  /** [rows, width] */
  readonly right: FloatBuffer;
}

/** Sums along an axis, softmax and layer norm. */
export interface ReductionsKernels {
  /** out [outer, inner] = sum, mean or maximum of `a` over the axis of the view. */
  reduce(op: Reduction, a: FloatBuffer, view: AxisView, out: FloatBuffer): void;
  /** da += derivative of `reduce`. For "max", the first maximum gets the whole gradient. */
  reduceBackward(op: Reduction, a: FloatBuffer, view: AxisView, dout: FloatBuffer, da: FloatBuffer): void;
  /** Softmax over the last axis of a [rows, width]. */
  softmax(a: FloatBuffer, rows: number, width: number, out: FloatBuffer): void;
  /** da += derivative of `softmax`, from its result `out`. */
  softmaxBackward(out: FloatBuffer, rows: number, width: number, dout: FloatBuffer, da: FloatBuffer): void;
  /** out [rows] = log of the sum of e^a over the last axis of a [rows, width]. */
  logSumExp(a: FloatBuffer, rows: number, width: number, out: FloatBuffer): void;
  /**
   * out = (a - mean) * inverseStd * gain + bias over the last axis. Stores mean and inverseStd [rows] for the
   * backward pass.
   */
  layerNorm(call: LayerNormCall): void;
  /** Backward pass of `layerNorm`, from the mean and inverseStd that it stored. */
  layerNormBackward(call: LayerNormRows, gradients: LayerNormGradients): void;
  /** Writes a = left + right, then its `layerNorm`. The backward pass is that of `layerNorm`. */
  addLayerNorm(call: AddLayerNormCall): void;
  /** out[width] += column sums of a [rows, width]. */
  columnSums(a: FloatBuffer, rows: number, width: number, out: FloatBuffer): void;
  /** Sum of squares of count elements. */
  squaredNorm(a: FloatBuffer, count: number): number;
}
