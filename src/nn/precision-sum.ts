import { add, mul } from "../tensor/ops/elementwise.js";
import { concat, slice } from "../tensor/ops/shape-ops.js";
import { softmax } from "../tensor/ops/softmax.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";

/** Logit of an absent modality: its weight is 0 in float32 and in float64. */
const ABSENT = -1e4;

/**
 * Combines the modalities' values by their precisions, the mean of a product of Gaussians: sum_m w_m f_m with
 * w = softmax(l), so w_m = p_m / sum_k p_k for precisions p = exp(l) (generalised product of experts, Cao &
 * Fleet 2014). Only modalities that the sample has count. A sample without any gets 0.
 *
 * @param values f, M of [B, outputs]
 * @param logs l, logarithms of the precisions, M of [B, 1]
 * @param present M of [B]
 * @returns [B, outputs]
 */
export function precisionSum(
  tape: Tape,
  values: readonly Tensor[],
  { logs, present }: { readonly logs: readonly Tensor[]; readonly present: readonly ArrayLike<number>[] },
): Tensor {
  const batch = present[0]?.length ?? 0;
  const count = logs.length;
  const gone = Float32Array.from({ length: batch * count }, (_, i) =>
    present[i % count]?.[Math.floor(i / count)] === 0 ? ABSENT : 0,
  );
  const shares = softmax(tape, add(tape, concat(tape, logs, 1), tape.constant(gone, [batch, count]))); // [B, M]
  const weighted = values.map((value, m) => {
    const flags = tape.constant(present[m] ?? [], [batch, 1]);
    return mul(tape, value, mul(tape, slice(tape, shares, 1, m, m + 1), flags)); // [B, outputs]
  });
  return weighted.reduce((sum, one) => add(tape, sum, one));
}
