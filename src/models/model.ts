import type { Batch } from "../data/batch.js";
import type { DamagedCopies, ModalityInfo, Split, Task } from "../data/dataset.js";
import type { ParameterSet } from "../nn/parameter-set.js";
import type { Tape } from "../tensor/tape.js";
import type { Parameter, Tensor } from "../tensor/tensor.js";

/** Task and inputs that a model is built for. */
export interface DataSignature {
  readonly task: Task;
  readonly modalities: readonly ModalityInfo[];
}

/** Options of a forward pass. Random draws are keyed by (seed, purpose, step, sample). */
export interface ForwardContext {
  readonly training: boolean;
  readonly seed: number;
  /** Optimiser step, from 0. */
  readonly step: number;
  /** Compute `spread`. Default false, because it costs a forward and a backward pass through the head. */
  readonly spread?: boolean;
  /**
   * Compute only the prediction, for a tape that does not record and a batch without labels. A model can then
   * leave out diagnostics, `spread` and `expectedError`, and what only they need. The prediction has the same
   * bits. Default false.
   */
  readonly predictionOnly?: boolean;
  /** Return `joint`. Default false. */
  readonly joint?: boolean;
  /** Vectors by modality, [B, D], made by an encoder inside the model. They replace the batch's values. */
  readonly encoded?: ReadonlyMap<string, Tensor>;
}

/**
 * Losses as scalars on the tape. `total` is minimised; `parts` are its unweighted terms by name, e.g. "task",
 * "kl/text".
 */
export interface Losses {
  readonly total: Tensor;
  readonly parts: Readonly<Record<string, Tensor>>;
}

/**
 * Diagnostics of one modality, as plain arrays. Samples without the modality have the uncertainty NaN and the
 * experts -1.
 */
export interface ModalityDiagnostics {
  /**
   * Predicted uncertainty of the modality, [B]; larger = less certain. Each model defines it (EUAR:
   * gate-weighted mean of sigma^2).
   */
  readonly uncertainty: Float32Array;
  /**
   * Contribution of the modality to the prediction, [B] (EUAR: |prediction - prediction with its block
   * zeroed|, summed over outputs, normalised to sum 1 over modalities).
   */
  readonly contribution?: Float32Array;
  /** [B, K] selected experts in order of gate weight. */
  readonly experts?: Int32Array;
  /** [B, K] gate weights of the selected experts. */
  readonly gates?: Float32Array;
  /** [B, K] mean over H of sigma^2 of the selected experts. */
  readonly sigma2?: Float32Array;
}

/** Prediction that does not depend on the inputs. */
export interface ConstantPrediction {
  /** Regression values or class logits, [outputs]. */
  readonly prediction: ArrayLike<number>;
  /** Standard deviations in the units of {@link ForwardResult.spread}, [outputs]. */
  readonly spread: ArrayLike<number>;
}

/** Result of a forward pass. */
export interface ForwardResult {
  /** Regression values or class logits, [B, outputs]. */
  readonly prediction: Tensor;
  /** Present when the batch has labels. */
  readonly losses?: Losses;
  /**
   * Standard deviation of the prediction under the model's own Gaussians, [B, outputs]. Present if it was
   * requested and the model has Gaussians.
   */
  readonly spread?: Float32Array;
  /**
   * Joint feature of all modalities, from which the prediction is made, [B, J] (linear: its inputs). Present
   * if it was requested and the model has one.
   */
  readonly joint?: Float32Array;
  /**
   * Expected error of each prediction, [B]: mean absolute error, or probability of a wrong class. Absent in
   * training, and for a model without a head for it.
   */
  readonly expectedError?: Float32Array;
  /** By modality name. Empty in training, and can be empty if only the prediction was requested. */
  readonly diagnostics: Readonly<Record<string, ModalityDiagnostics>>;
}

/** Model: its parameters and its forward pass. All models share one training loop. */
export interface Model {
  readonly name: string;
  readonly signature: DataSignature;
  readonly parameters: ParameterSet;
  /**
   * Bias of the prediction, [outputs]. Training starts it at the mean of the labels.
   */
  readonly outputBias: Parameter;
  /** Arrays that are not trained. Together with the parameters they are the complete model. */
  readonly constants?: readonly Parameter[];
  /** Batch size outside training, for models that need much memory per sample. */
  readonly evaluationBatch?: number;
  /**
   * Fits statistics of the inputs to the (normalised) training split. Called before the first step, for
   * models that have such statistics.
   */
  readonly fitStatistics?: ((train: Split, copies?: DamagedCopies) => void) | undefined;
  /**
   * Settles which modalities a prediction of all inputs uses. Called once, at the end of training, for models
   * that leave out modalities which tell nothing.
   * @param trusted M of true or false
   * @param constant prediction for samples without a trusted modality
   */
  readonly settleTrust?: ((trusted: readonly boolean[], constant: ConstantPrediction) => void) | undefined;
  /**
   * Measures how unusual inputs are, for models that have statistics of their inputs. By modality, one row
   * for each sample of a (normalised) split that has it: the signed distance of each of `signalStatistics`
   * from the training data's median, in robust deviations.
   */
  readonly inputDeviations?: (split: Split) => Readonly<Record<string, readonly Float64Array[]>>;
  /**
   * Sets the weights to the closed-form solution on the (normalised) training split. Replaces the steps of an
   * epoch, for models that have such a solution.
   * @param epoch number of the epoch, from 0
   * @param improved for each earlier epoch: true if its validation score was the best so far
   * @returns training losses by name
   */
  readonly solve?: (
    train: Split,
    epoch: number,
    improved?: readonly boolean[],
  ) => Readonly<Record<string, number>>;
  /** Computes the predictions, the losses if the batch has labels, and diagnostics outside training. */
  forward(tape: Tape, batch: Batch, context: ForwardContext): ForwardResult;
}
