import type { ExpertMixture } from "../../tensor/ops/expert-mixture.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { weightedSum } from "./weighted-sum.js";

export interface KlOptions {
  /** Reduction of Eq. 4 over the H dimensions of a Gaussian. The sum is H times the mean. */
  readonly reduction: "mean" | "sum";
  /** Number of samples of the batch that have the modality. */
  readonly presentCount: number;
}

/**
 * KL loss L_kl of one modality, Eq. 4: KL(N(mu, sigma^2) || N(0, I)) = -1/2 (1 + log sigma^2 - mu^2 -
 * sigma^2).
 *
 * Averages over the present samples and the computed experts (the K selected, or all N).
 * @returns a scalar, >= 0; 0 if no sample has the modality
 */
export function klLoss(tape: Tape, mixture: ExpertMixture, { reduction, presentCount }: KlOptions): Tensor {
  const width = reduction === "sum" ? mixture.h.extent(1) : 1;
  return weightedSum(tape, mixture.kl, width / (Math.max(1, presentCount) * mixture.slots));
}
