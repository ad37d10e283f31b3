import type { SampleDraws } from "../nn/sample-draws.js";
import type { Tape } from "../tensor/tape.js";
import type { Parameter, Tensor } from "../tensor/tensor.js";

/** Outputs of the experts of all modalities on a batch. */
export interface ExpertFeatures {
  /** h_m, M of [B, H]; zero rows where missing. */
  readonly blocks: readonly Tensor[];
  /** log-uncertainties, M of [B, 1]; undefined if no sample has the modality, or if they are not needed. */
  readonly uncertainties: readonly (Tensor | undefined)[];
  /** M of [B]. */
  readonly present: readonly ArrayLike<number>[];
}

/** Prediction of a head. */
export interface HeadAnswer {
  /** [B, outputs] */
  readonly prediction: Tensor;
  /** Prediction of each modality alone, M of [B, outputs], if the head has them. */
  readonly alone?: readonly Tensor[];
  /**
   * Returns the prediction for other blocks, [rows, H] each. The rows are the batch, once or M times; see
   * `contributions`.
   */
  readonly again: (tape: Tape, blocks: readonly Tensor[]) => Tensor;
}

/** Head that predicts from the experts' outputs. */
export interface ExpertHead {
  /** Bias of the prediction, [outputs]. */
  readonly bias: Parameter;
  /** Predicts for a batch. */
  answer(tape: Tape, features: ExpertFeatures, draws: SampleDraws): HeadAnswer;
}
