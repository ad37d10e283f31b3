import { defined } from "../../core/defined.js";
import type { ExpertMixture } from "../../tensor/ops/expert-mixture.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { weightedSum } from "./weighted-sum.js";

/**
 * Variant of the load-balance loss (Eqs. 7-9).
 *
 * R_j is the fraction of present samples whose most probable expert is j. D_j is the fraction that has j
 * among its top K. P_j is the mean over the present samples of the gate G_j ("paper") or of the full softmax
 * (the others).
 * - `paper`: 1/N sum_j R_j P_j
 * - `switch`: N sum_j R_j P_j (Fedus et al., Switch Transformers, JMLR 2022)
 * - `topk`: N^2 mean_j(D_j P_j), as in the published code
 */
export type BalanceVariant = "paper" | "switch" | "topk";

/**
 * Load-balance loss L_aux of one modality, Eqs. 7-9.
 *
 * R_j and D_j are counts and have no gradient. The loss is thus a sum of gates with constant weights.
 * @param present [B]: 0 if the sample lacks the modality
 * @returns a scalar, >= 0; 0 if no sample has the modality
 */
export function balanceLoss(
  tape: Tape,
  mixture: Pick<ExpertMixture, "experts" | "slots" | "selected" | "gates" | "probabilities"> & {
    readonly indices: { readonly view: ArrayLike<number> };
  },
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
