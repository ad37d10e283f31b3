import { defined } from "../../core/defined.js";
import { ShapeError } from "../../core/errors.js";
import { exp, log } from "../../core/math.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";

/** Intended corruption of the samples of a batch, in one modality. [B] each */
export interface RankedDamage {
  /** Severity; 0 for clean samples. */
  readonly severity: ArrayLike<number>;
  /** Number of the corruption kind; 0 for clean samples. */
  readonly damage: ArrayLike<number>;
  /** Presence; samples without the modality do not count. */
  readonly present: ArrayLike<number>;
}

/**
 * Severity-ranking loss L_rank of one modality: the more corrupted of two samples should be more uncertain.
 *
 * Compares samples of the same corruption kind, or a corrupted sample with a clean one. Severities of
 * different kinds are not comparable. If such pairs counted, the loss would learn side effects of one kind
 * (saturation makes features louder) as signs of low severity.
 *
 * Uses the logistic loss of RankNet (Burges et al. 2005) on the difference of the log-uncertainties u. The
 * weight of a pair is the difference of the severities s: sum over s_i > s_j of (s_i - s_j) log(1 + exp(u_j -
 * u_i)), divided by the sum of the weights.
 *
 * @param u [B, 1]
 * @returns a scalar, > 0; 0 if there is no pair to compare
 */
export function severityRankingLoss(
  tape: Tape,
  u: Tensor,
  { severity, damage, present }: RankedDamage,
): Tensor {
  const batch = u.size;
  if (severity.length !== batch || damage.length !== batch || present.length !== batch) {
    throw new ShapeError(
      `severityRankingLoss: expected ${batch} values each, ` +
        `got ${severity.length} severities, ${damage.length} kinds and ${present.length} presence flags`,
    );
  }
  const values = u.buffer.view;
  const slopes = new Float64Array(batch);
  let [sum, weights] = [0, 0];
  for (let i = 0; i < batch; i++) {
    for (let j = 0; j < batch; j++) {
      const weight = defined(severity[i]) - defined(severity[j]);
      const comparable = damage[j] === damage[i] || damage[j] === 0;
      if (!(weight > 0) || !comparable || present[i] === 0 || present[j] === 0) continue;
      const behind = defined(values[j]) - defined(values[i]);
      const tail = exp(-Math.abs(behind));
      sum += weight * (Math.max(behind, 0) + log(1 + tail)); // log(1 + e^behind) without overflow
      const slope = (weight * (behind > 0 ? 1 : tail)) / (1 + tail);
      slopes[i] = defined(slopes[i]) - slope;
      slopes[j] = defined(slopes[j]) + slope;
      weights += weight;
    }
  }
  const out = tape.output([], [u]); // []
  out.buffer.view[0] = weights > 0 ? sum / weights : 0;
  tape.record(out, (dout) => {
    if (weights === 0) return;
    const into = tape.gradientOf(u).view;
    const scale = defined(dout.view[0]) / weights;
    for (let i = 0; i < batch; i++) into[i] = defined(into[i]) + scale * defined(slopes[i]);
  });
  return out;
}
