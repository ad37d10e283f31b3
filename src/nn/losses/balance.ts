import { defined } from "../../core/defined.js";
import type { ExpertMixture } from "../../tensor/ops/expert-mixture.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { weightedSum } from "./weighted-sum.js";

/**
 * How the load-balance loss reads Eqs. 7-9. R_j: share of the present samples whose most probable expert is
 * j. D_j: share of them that have j among their top K. P_j: mean over the present samples of the gate G_j
 * ("paper") or of the full softmax (the others).
 * - `paper`: 1/N sum_j R_j P_j
 * - `switch`: N sum_j R_j P_j (Fedus et al., Switch Transformers, JMLR 2022)
 * - `topk`: N^2 mean_j(D_j P_j), the published code's
 */
export type BalanceVariant = "paper" | "switch" | "topk";

/**
 * L_aux of one modality, Eqs. 7-9. Shares are counts and carry no gradient, so that the loss is a sum of
 * gates with constant weights.
 * @param present [B]: 0 where the sample does not have the modality
 * @returns a scalar, >= 0; 0 when no sample has the modality
 */
export function balanceLoss(
  tape: Tape,
  mixture: ExpertMixture,
  present: ArrayLike<number>,
  variant: BalanceVariant,
): Tensor {
  const { experts, slots, selected } = mixture;
  const batch = present.length;
  const indices = mixture.indices.view;
  const counted = variant === "topk" ? selected : 1;
  const share = new Float64Array(experts);
  let presentCount = 0;
  for (let b = 0; b < batch; b++) {
    if (present[b] === 0) continue;
    presentCount++;
    for (let s = 0; s < counted; s++) {
      const j = defined(indices[b * slots + s]);
      share[j] = defined(share[j]) + 1;
    }
  }
  const samples = Math.max(1, presentCount);
  const scale = (variant === "paper" ? 1 / experts : experts) / (samples * samples);
  const ofGate = variant === "paper";
  const width = ofGate ? slots : experts;
  const weights = new Float64Array(batch * width);
  for (let b = 0; b < batch; b++) {
    if (present[b] === 0) continue;
    for (let i = 0; i < width; i++) {
      const j = ofGate ? defined(indices[b * slots + i]) : i;
      weights[b * width + i] = scale * defined(share[j]);
    }
  }
  return weightedSum(tape, ofGate ? mixture.gates : mixture.probabilities, weights);
}
