import { defined } from "../../core/defined.js";
import { ShapeError } from "../../core/errors.js";
import { exp, log } from "../../core/math.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";

/** What was done to the samples of a batch on purpose, in one modality. [B] each */
export interface RankedDamage {
  /** 0 where nothing was. */
  readonly severity: ArrayLike<number>;
  /** A number for each kind, 0 where nothing was done. */
  readonly damage: ArrayLike<number>;
  /** Samples without the modality take no part. */
  readonly present: ArrayLike<number>;
}

/**
 * L_rank of one modality: of every two samples of a batch of which one was corrupted more severely on
 * purpose, in the same way or where nothing was done to the other, that one should be more uncertain. How
 * severe damage of one kind is beside that of another is nobody's to say: if such pairs counted, what only
 * mild damage of one kind does (saturation makes features louder) would be taken for a good sign.
 * The logistic loss of RankNet (Burges et al. 2005) on the difference of the log-uncertainties u, each pair
 * weighted by how far apart the severities s are:
 *
 * sum over s_i > s_j of (s_i - s_j) log(1 + exp(u_j - u_i)), divided by the sum of the weights.
 *
 * @param u [B, 1]
 * @returns a scalar, > 0; 0 where no two severities differ
 */
export function severityRankingLoss(
  tape: Tape,
  u: Tensor,
  { severity, damage, present }: RankedDamage,
): Tensor {
  const batch = u.size;
  if (severity.length !== batch || damage.length !== batch || present.length !== batch) {
    throw new ShapeError(
      `severityRankingLoss: ${batch} uncertainties, ${severity.length} severities, ${damage.length} kinds and ${present.length} flags must be as many`,
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
