import { ShapeError } from "../../core/errors.js";
import { exp, log } from "../../core/math.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";

/**
 * L_rank of one modality: of every two samples of a batch of which one was corrupted more severely on purpose, that one should be more uncertain. The
 * logistic loss of RankNet (Burges et al. 2005) on the difference of the log-uncertainties u, each pair weighted by how far apart the severities s are:
 *
 * sum over s_i > s_j of (s_i - s_j) log(1 + exp(u_j - u_i)), divided by the sum of the weights.
 *
 * @param u [B, 1]
 * @param severity [B]
 * @param present [B]: samples without the modality take no part
 * @returns a scalar, > 0; 0 where no two severities differ
 */
export function severityRankingLoss(tape: Tape, u: Tensor, severity: ArrayLike<number>, present: ArrayLike<number>): Tensor {
  const batch = u.size;
  if (severity.length !== batch || present.length !== batch) {
    throw new ShapeError(`severityRankingLoss: ${batch} uncertainties, ${severity.length} severities and ${present.length} flags must be as many`);
  }
  const values = u.buffer.view;
  const slopes = new Float64Array(batch);
  let [sum, weights] = [0, 0];
  for (let i = 0; i < batch; i++) {
    for (let j = 0; j < batch; j++) {
      const weight = (severity[i] ?? NaN) - (severity[j] ?? NaN);
      if (!(weight > 0) || present[i] === 0 || present[j] === 0) continue;
      const behind = (values[j] ?? NaN) - (values[i] ?? NaN);
      const tail = exp(-Math.abs(behind));
      sum += weight * (Math.max(behind, 0) + log(1 + tail)); // log(1 + e^behind) without overflow
      const slope = weight * (behind > 0 ? 1 : tail) / (1 + tail);
      slopes[i] = (slopes[i] ?? NaN) - slope;
      slopes[j] = (slopes[j] ?? NaN) + slope;
      weights += weight;
    }
  }
  const out = tape.output([], [u]); // []
  out.buffer.view[0] = weights > 0 ? sum / weights : 0;
  tape.record(out, (dout) => {
    if (weights === 0) return;
    const into = tape.gradientOf(u).view;
    const scale = (dout.view[0] ?? NaN) / weights;
    for (let i = 0; i < batch; i++) into[i] = (into[i] ?? NaN) + scale * (slopes[i] ?? NaN);
  });
  return out;
}
