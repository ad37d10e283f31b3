import { defined } from "../../core/defined.js";
import { ShapeError } from "../../core/errors.js";
import type { Packing } from "../kernels/sequences/contract.js";
import type { Tape } from "../tape.js";
import { formatShape, type Tensor } from "../tensor.js";
import { linear } from "./linear.js";
import { requirePacked } from "./packing.js";
import { gatherRows, reshape } from "./shape-ops.js";

/** Options of {@link conv1d}. */
export interface Conv1dOptions {
  /** Number of time steps of the kernel, K. */
  readonly kernel: number;
  /**
   * "same": T outputs, with zeros beyond the ends, floor((K-1)/2) of them before the start. "valid": T - K +
   * 1 outputs. Default "same".
   */
  readonly padding?: "same" | "valid";
}

/**
 * Convolution over time (cross-correlation, as usual in deep learning) with stride 1.
 *
 * y[b, t] = bias + sum over k of x[b, t + k - before] W[k]. Computed by gathering windows and one linear map.
 * @param x [B, T, C]
 * @param weight taps in order of time, [K * C, F]
 * @param bias [F], or undefined
 * @returns [B, T, F] ("same") or [B, T - K + 1, F] ("valid")
 * @throws ShapeError if the shapes do not fit, or the sequence is shorter than a "valid" kernel
 */
export function conv1d(
  tape: Tape,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | undefined,
  options: Conv1dOptions,
): Tensor {
  const { kernel, padding = "same" } = options;
  const [batch, steps, channels] = x.shape;
  if (batch === undefined || steps === undefined || channels === undefined || x.shape.length !== 3) {
    throw new ShapeError(`conv1d: the input must be [B, T, C], got ${formatShape(x.shape)}`);
  }
  if (!Number.isInteger(kernel) || kernel < 1 || weight.shape[0] !== kernel * channels) {
    throw new ShapeError(
      `conv1d: kernel ${kernel} over ${channels} channels needs a weight [${kernel * channels}, ` +
        `F], got ${formatShape(weight.shape)}`,
    );
  }
  const before = padding === "same" ? Math.floor((kernel - 1) / 2) : 0;
  const outputs = padding === "same" ? steps : steps - kernel + 1;
  if (outputs < 1)
    throw new ShapeError(`conv1d: a sequence of ${steps} steps is shorter than the kernel (${kernel})`, {
      hint: 'Use padding "same".',
    });

  const windows = new Int32Array(batch * outputs * kernel);
  for (let b = 0, i = 0; b < batch; b++) {
    for (let t = 0; t < outputs; t++) {
      for (let k = 0; k < kernel; k++, i++) {
        const source = t + k - before;
        windows[i] = source >= 0 && source < steps ? b * steps + source : -1;
      }
    }
  }
  const rows = reshape(tape, x, [batch * steps, channels]); // [B * T, C]
  const columns = gatherRows(tape, rows, windows); // [B * T' * K, C]
  // [B, T', F]
  return linear(tape, reshape(tape, columns, [batch, outputs, kernel * channels]), weight, bias);
}

/**
 * Convolution over time of packed rows, without bias, with zeros beyond the ends of each sample ("same"
 * padding).
 *
 * @param x [R, C]
 * @param weight taps in order of time, [K * C, F]
 * @returns [R, F]
 * @throws ShapeError if the shapes do not fit
 */
export function packedConv1d(
  tape: Tape,
  x: Tensor,
  weight: Tensor,
  kernel: number,
  packing: Packing,
): Tensor {
  requirePacked("packedConv1d", x, packing);
  const channels = x.extent(1);
  if (!Number.isInteger(kernel) || kernel < 1 || weight.shape[0] !== kernel * channels) {
    throw new ShapeError(
      `packedConv1d: kernel ${kernel} over ${channels} channels needs a weight ` +
        `[${kernel * channels}, F], got ${formatShape(weight.shape)}`,
    );
  }
  const before = Math.floor((kernel - 1) / 2);
  const starts = packing.starts.view;
  const windows = new Int32Array(packing.rows * kernel);
  for (let b = 0, i = 0; b < packing.samples; b++) {
    const [first, end] = [defined(starts[b]), defined(starts[b + 1])];
    for (let row = first; row < end; row++) {
      for (let k = 0; k < kernel; k++, i++) {
        const source = row + k - before;
        windows[i] = source >= first && source < end ? source : -1;
      }
    }
  }
  const columns = gatherRows(tape, x, windows); // [R * K, C]
  return linear(tape, reshape(tape, columns, [packing.rows, kernel * channels]), weight); // [R, F]
}
