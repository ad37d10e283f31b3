import type { Batch } from "../data/batch.js";
import type { ModalityInfo, Split, Task } from "../data/dataset.js";
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
  /** Ask for `spread` in the result. Default false: it costs a pass through the head and back. */
  readonly spread?: boolean;
  /** Ask for `joint` in the result. Default false. */
  readonly joint?: boolean;
  /** By modality [B, D]: vectors on the tape in the place of the batch's values, made by an encoder inside. */
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

/** Per modality, plain arrays copied off the tape. Absent samples have NaN uncertainty and -1 experts. */
export interface ModalityDiagnostics {
  /**
   * [B], the modality's predicted uncertainty; larger = less certain. Its definition is the model's (EUAR:
   * gate-weighted mean of sigma^2).
   */
  readonly uncertainty: Float32Array;
  /**
   * [B], the modality's share in the prediction (EUAR: |prediction - prediction with its block zeroed|, summed
   * over outputs, normalised to sum 1 over modalities).
   */
  readonly contribution?: Float32Array;
  /** [B, K] chosen experts in order of gate weight. */
  readonly experts?: Int32Array;
  /** [B, K] gate weights of the chosen experts. */
  readonly gates?: Float32Array;
  /** [B, K] mean over H of sigma^2 of the chosen experts. */
  readonly sigma2?: Float32Array;
}

/** Result of a forward pass. */
export interface ForwardResult {
  /** [B, outputs], regression values or class logits. */
  readonly prediction: Tensor;
  /** Present when the batch has labels. */
  readonly losses?: Losses;
  /**
   * [B, outputs], the prediction's standard deviation under the model's own Gaussians, if it was asked for
   * and the model has them.
   */
  readonly spread?: Float32Array;
  /**
   * [B, J], what the prediction is made of once the modalities have been brought together, if it was asked
   * for and the model has one vector of that kind (linear: its inputs).
   */
  readonly joint?: Float32Array;
  /**
   * [B], the error to be expected of each prediction (mean absolute error, or the probability of a wrong
   * class), if the model has a head for it; not in training.
   */
  readonly expectedError?: Float32Array;
  /** By modality name; filled when `context.training` is false. */
  readonly diagnostics: Readonly<Record<string, ModalityDiagnostics>>;
}

/** One file under models/ per implementation. A model never brings a trainer. */
export interface Model {
  readonly name: string;
  readonly signature: DataSignature;
  readonly parameters: ParameterSet;
  /**
   * [outputs], bias of the prediction; training starts it at the mean of the labels.
   */
  readonly outputBias: Parameter;
  /** Arrays that do not train. A file that has them and the parameters holds the whole model. */
  readonly constants?: readonly Parameter[];
  /** Batch size outside training, for models that need much memory per sample. */
  readonly evaluationBatch?: number;
  /**
   * Fits statistics of the inputs to the (normalised) training split. Called before the first step, for models
   * that have such statistics.
   */
  readonly fitStatistics?: ((train: Split) => void) | undefined;
  /**
   * Measures how unusual inputs are, for models that have statistics of their inputs. By modality, one row for
   * each sample of a (normalised) split that has it: the signed distance of each of `signalStatistics` from the
   * training data's median, in robust deviations.
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
