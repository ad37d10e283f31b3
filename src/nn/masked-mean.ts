import { defined } from "../core/defined.js";
import { matmul } from "../tensor/ops/matmul.js";
import { reshape } from "../tensor/ops/shape-ops.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { presence, type Sequence } from "./sequence.js";

/**
 * Computes the mean of each sample's real steps, as a constant on the tape.
 *
 * Padding has weight 0, so that its position changes no bit.
 * @param present [B]
 * @returns [B, D]; zero rows for absent samples
 */
export function meanOfInput(tape: Tape, sequence: Sequence, present: ArrayLike<number>): Tensor {
  const { steps, width, values, mask, vectors } = sequence;
  const batch = present.length;
  if (vectors) return vectors; // absent samples have zero rows
  if (steps === 1) {
    const single = tape.constant(values, [batch, width]); // [B, D]
    const view = single.buffer.view;
    for (let b = 0; b < batch; b++) if (present[b] === 0) view.fill(0, b * width, (b + 1) * width);
    return single;
  }
  const weights = new Float64Array(batch * steps);
  for (let b = 0; b < batch; b++) {
    if (present[b] === 0) continue;
    const row = mask.subarray(b * steps, (b + 1) * steps);
    const real = row.reduce((count, flag) => count + (flag === 0 ? 0 : 1), 0);
    row.forEach((flag, t) => {
      if (flag !== 0) weights[b * steps + t] = 1 / real;
    });
  }
  return weightedSteps(tape, tape.constant(values, [batch, steps, width]), weights); // [B, D]
}

/** Computes the mean of the real steps for the samples that have the modality, as plain rows. [N', D] */
export function meanRows(sequence: Sequence): Float32Array {
  const { steps, width, values, mask } = sequence;
  const present = presence(sequence);
  const rows = new Float32Array(present.reduce((count, flag) => count + flag, 0) * width);
  let to = 0;
  present.forEach((flag, b) => {
    if (flag === 0) return;
    const real = mask.subarray(b * steps, (b + 1) * steps).reduce((count, flag) => count + flag, 0);
    for (let t = b * steps; t < (b + 1) * steps; t++) {
      if (mask[t] === 0) continue;
      for (let d = 0; d < width; d++)
        rows[to + d] = defined(rows[to + d]) + defined(values[t * width + d]) / real;
    }
    to += width;
  });
  return rows;
}

/**
 * Computes the mean over the first `lengths[b]` steps of each sample, or takes the last of these steps.
 *
 * @param x [B, T, H]
 * @param lengths [B]; 0 gives a row of zeros
 * @returns [B, H]
 */
export function poolSteps(
  tape: Tape,
  x: Tensor,
  lengths: ArrayLike<number>,
  pooling: "mean" | "last",
): Tensor {
  const [batch, steps] = [x.extent(0), x.extent(1)];
  const weights = new Float64Array(batch * steps);
  for (let b = 0; b < batch; b++) {
    const length = defined(lengths[b]);
    if (length === 0) continue;
    if (pooling === "mean") weights.fill(1 / length, b * steps, b * steps + length);
    else weights[b * steps + length - 1] = 1;
  }
  return weightedSteps(tape, x, weights); // [B, H]
}

/** Computes the sum over t of weights[b, t] x[b, t]. */
function weightedSteps(tape: Tape, x: Tensor, weights: ArrayLike<number>): Tensor {
  const [batch, steps, width] = [x.extent(0), x.extent(1), x.extent(2)];
  const pooled = matmul(tape, tape.constant(weights, [batch, 1, steps]), x); // [B, 1, W]
  return reshape(tape, pooled, [batch, width]); // [B, W]
}
