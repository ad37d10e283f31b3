import { matmul } from "../tensor/ops/matmul.js";
import { reshape } from "../tensor/ops/shape-ops.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Sequence } from "./sequence.js";

/**
 * The mean of each sample's real steps, a constant on the tape. Sums in float64, one sample at a time, so that neither padding nor batch-mates
 * change a bit of it.
 * @param present [B]
 * @returns [B, D]; zero rows where the sample is absent
 */
export function meanOfInput(tape: Tape, sequence: Sequence, present: ArrayLike<number>): Tensor {
  const { steps, width, values } = sequence;
  const batch = present.length;
  const out = tape.output([batch, width], []); // [B, D]
  const view = out.buffer.view;
  if (steps === 1) {
    view.set(values.subarray(0, batch * width));
    for (let b = 0; b < batch; b++) if (present[b] === 0) view.fill(0, b * width, (b + 1) * width);
    return out;
  }
  const sums = new Float64Array(width);
  for (let b = 0; b < batch; b++) {
    const real = present[b] === 0 ? 0 : addRealSteps(sequence, b, sums.fill(0));
    for (let i = 0; i < width; i++) view[b * width + i] = real === 0 ? 0 : (sums[i] ?? 0) / real;
  }
  return out;
}

/** Adds sample b's real steps to `sums` [D] and returns how many there are. */
function addRealSteps({ steps, width, values, mask }: Sequence, b: number, sums: Float64Array): number {
  let real = 0;
  for (let t = 0; t < steps; t++) {
    const at = b * steps + t;
    if (mask[at] === 0) continue;
    real++;
    for (let i = 0; i < width; i++) sums[i] = (sums[i] ?? 0) + (values[at * width + i] ?? 0);
  }
  return real;
}

/**
 * The mean over the first `lengths[b]` steps of each sample, or the last of them.
 * @param x [B, T, H]
 * @param lengths [B]; 0 gives a row of zeros
 * @returns [B, H]
 */
export function poolSteps(tape: Tape, x: Tensor, lengths: ArrayLike<number>, pooling: "mean" | "last"): Tensor {
  const [batch, steps, width] = [x.extent(0), x.extent(1), x.extent(2)];
  const weights = new Float64Array(batch * steps);
  for (let b = 0; b < batch; b++) {
    const length = lengths[b] ?? 0;
    if (length === 0) continue;
    if (pooling === "mean") weights.fill(1 / length, b * steps, b * steps + length);
    else weights[b * steps + length - 1] = 1;
  }
  const pooled = matmul(tape, tape.constant(weights, [batch, 1, steps]), x); // [B, 1, H]
  return reshape(tape, pooled, [batch, width]); // [B, H]
}
