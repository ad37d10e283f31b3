import { defined } from "../core/defined.js";
import { add, mul } from "../tensor/ops/elementwise.js";
import { concat, slice } from "../tensor/ops/shape-ops.js";
import { softmax } from "../tensor/ops/softmax.js";
import { sigmoid } from "../tensor/ops/unary.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";

/** Logit of an absent modality: its weight is 0 in float32 and in float64. */
const ABSENT = -1e4;

/**
 * Combines the modalities' values by their precisions, the mean of a product of Gaussians: sum_m w_m f_m with
 * w = softmax(l), so w_m = p_m / sum_k p_k for precisions p = exp(l) (generalised product of experts, Cao &
 * Fleet 2014). Uses only the modalities that the sample has. A sample without any gets 0.
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
  const known = add(tape, concat(tape, logs, 1), tape.constant(gone, [batch, count])); // [B, M]
  const shares = softmax(tape, known); // [B, M]
  const weighted = values.map((value, m) => {
    const flags = tape.constant(present[m] ?? [], [batch, 1]);
    return mul(tape, value, mul(tape, slice(tape, shares, 1, m, m + 1), flags)); // [B, outputs]
  });
  return weighted.reduce((sum, one) => add(tape, sum, one));
}

/**
 * Sums the modalities' values, each shrunk by its variance: sum_m r_m f_m with r_m = p_m / (1 + p_m) for the
 * precision p_m = exp(l_m). r_m f_m is the mean of the product of N(f_m, 1 / p_m) and the prior N(0, 1), the
 * Wiener filter of a signal of variance 1. Unlike in {@link precisionSum}, a certain modality does not take
 * weight from another certain modality: their evidence adds up.
 *
 * @param values f, M of [B, outputs]
 * @param logs l, logarithms of the precisions, M of [B, 1]
 * @param present M of [B]
 * @returns [B, outputs]; 0 for a sample without any modality
 */
export function shrunkSum(
  tape: Tape,
  values: readonly Tensor[],
  { logs, present }: { readonly logs: readonly Tensor[]; readonly present: readonly ArrayLike<number>[] },
): Tensor {
  const shrunk = values.map((value, m) => {
    const kept = sigmoid(tape, defined(logs[m])); // [B, 1]
    const flags = tape.constant(present[m] ?? [], [value.extent(0), 1]);
    return mul(tape, value, mul(tape, kept, flags)); // [B, outputs]
  });
  return shrunk.reduce((sum, one) => add(tape, sum, one));
}

/**
 * Sums the values of the modalities that a sample has. For logits of classes this is a product of experts:
 * the evidence of the modalities adds up, and an unsure modality has logits near 0 by itself.
 *
 * @param values M of [B, outputs]
 * @param present M of [B]
 * @returns [B, outputs]; 0 for a sample without any modality
 */
export function evidenceSum(
  tape: Tape,
  values: readonly Tensor[],
  present: readonly ArrayLike<number>[],
): Tensor {
  const kept = values.map((value, m) =>
    mul(tape, value, tape.constant(present[m] ?? [], [value.extent(0), 1])),
  );
  return kept.reduce((sum, one) => add(tape, sum, one));
}
