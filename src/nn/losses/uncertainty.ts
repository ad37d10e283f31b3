import type { ExpertMixture } from "../../tensor/ops/expert-mixture.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { scaledInnerProduct } from "./weighted-sum.js";

export interface UncertaintyOptions {
  /**
   * Scalar of the vector sigma^2: its mean over H, with the factor 1/N of Eq. 10, or its sum over H without
   * it.
   */
  readonly reduction: "mean" | "sum";
  /** Let the loss train only the gate. Otherwise the loss also shrinks sigma. */
  readonly stopSigmaGradient: boolean;
  /** Number of samples of the batch that have the modality. */
  readonly presentCount: number;
}

/**
 * Uncertainty loss L_u of one modality, Eq. 10: 1/N sum_j sigma_j^2 G_j(x), averaged over the present
 * samples.
 *
 * The gate is zero for experts outside the top K, so that the sum needs only the selected ones.
 * @returns a scalar, >= 0; 0 if no sample has the modality
 */
export function uncertaintyLoss(tape: Tape, mixture: ExpertMixture, options: UncertaintyOptions): Tensor {
  const reduction = options.reduction === "mean" ? 1 / mixture.experts : mixture.h.extent(1);
  return scaledInnerProduct(
    tape,
    mixture.gates,
    mixture.sigma2,
    reduction / Math.max(1, options.presentCount),
    options.stopSigmaGradient,
  );
}
