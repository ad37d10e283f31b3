import { exp, log } from "../../../core/math.js";
import type { Tensor } from "../../../tensor/tensor.js";

/**
 * Returns the entropy of softmax(logits) in nats, 0 to log C, [B]. NaN where the modality is missing.
 * @param logits [B, C]
 * @param present [B]
 */
export function entropies(logits: Tensor, present: ArrayLike<number>): Float32Array {
  const classes = logits.extent(1);
  const values = logits.buffer.view;
  return Float32Array.from({ length: logits.extent(0) }, (_, b) => {
    if (present[b] === 0) return NaN;
    const row = Array.from(values.subarray(b * classes, (b + 1) * classes));
    const largest = Math.max(...row);
    const weights = row.map((value) => exp(value - largest));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.reduce(
      (sum, weight) => sum - (weight > 0 ? (weight / total) * log(weight / total) : 0),
      0,
    );
  });
}
