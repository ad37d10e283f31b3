import type { Task } from "../data/dataset.js";
import type { Interval } from "./intervals.js";

/**
 * Kind of task, which determines the type of a prediction. "regression" has one target, "multi-target" is a
 * regression with several.
 */
export type PredictionTask = "regression" | "multi-target" | "classification" | "multi-label";

/** Every kind of prediction. */
export const PREDICTION_TASKS = [
  "regression",
  "multi-target",
  "classification",
  "multi-label",
] as const satisfies readonly PredictionTask[];

/** Part of one modality in a prediction. */
export interface ModalityPrediction {
  readonly present: boolean;
  /**
   * Uncertainty of the model about this input, larger = less certain. EUAR: gate-weighted mean of sigma^2.
   * Null if the modality is missing, or if the model states no uncertainty.
   */
  readonly uncertainty: number | null;
  /** Fraction of validation samples with a lower uncertainty of this modality, in [0, 1]. Null if unknown. */
  readonly percentile: number | null;
  /**
   * Contribution to the prediction, in [0, 1]. The contributions of all modalities sum to 1; all are 0 for
   * the constant prediction of a sample whose modalities are not trusted (option `trust` of EUAR).
   */
  readonly contribution: number | null;
  /** Indices of the selected experts in order of gate weight; empty if the modality is missing. */
  readonly experts: readonly number[];
  /** Gate weight of each selected expert. */
  readonly gates: readonly number[];
  /** Mean sigma^2 of each selected expert. */
  readonly sigma2: readonly number[];
}

/** Prediction of one of several labels. */
export interface LabelPrediction {
  readonly probability: number;
  /**
   * Probability from which the label counts as present. Chosen on the validation split; 0.5 without
   * calibration.
   */
  readonly threshold: number;
  /** True if the probability reaches the threshold. */
  readonly present: boolean;
}

/** Part of a prediction that every task has. */
export interface PredictionBase {
  /**
   * Nominal coverage of `interval` or `classSet`, in (0, 1). Null for a run without calibration, and for the
   * task multi-label.
   */
  readonly level: number | null;
  /**
   * Mean uncertainty of the present modalities; null if the model states none. Samples are ranked by minus
   * this value.
   */
  readonly uncertainty: number | null;
  /** Parts of the prediction by modality, in the model's order. */
  readonly modalities: Readonly<Record<string, ModalityPrediction>>;
}

/** Prediction of one number. */
export interface RegressionPrediction extends PredictionBase {
  /** Predicted number, on the scale of the labels. */
  readonly prediction: number;
  /**
   * Interval that contains the true label with probability `level`. Null without calibration, or if the
   * validation split was too small for this level.
   */
  readonly interval: Interval | null;
  readonly classes?: undefined;
  readonly classSet?: undefined;
  readonly labels?: undefined;
}

/** Prediction of several numbers. */
export interface MultiTargetPrediction extends PredictionBase {
  /** By name of the target, on the scale of the labels. */
  readonly prediction: Readonly<Record<string, number>>;
  /** By name of the target, as in {@link RegressionPrediction}. Null without calibration. */
  readonly interval: Readonly<Record<string, Interval | null>> | null;
  readonly classes?: undefined;
  readonly classSet?: undefined;
  readonly labels?: undefined;
}

/** Prediction of one class. */
export interface ClassificationPrediction extends PredictionBase {
  /** Name of the most probable class. */
  readonly prediction: string;
  /** Probability of each class by name, at the calibrated temperature. */
  readonly classes: Readonly<Record<string, number>>;
  /**
   * Classes that contain the true one with probability `level`, most probable first. Null without
   * calibration.
   */
  readonly classSet: readonly string[] | null;
  readonly interval?: undefined;
  readonly labels?: undefined;
}

/** Prediction of labels that can occur together. */
export interface MultiLabelPrediction extends PredictionBase {
  /** Names of the labels that are present, in the task's order. */
  readonly prediction: readonly string[];
  /** Probability and decision of each label by name. */
  readonly labels: Readonly<Record<string, LabelPrediction>>;
  readonly interval?: undefined;
  readonly classes?: undefined;
  readonly classSet?: undefined;
}

interface PredictionByTask {
  readonly regression: RegressionPrediction;
  readonly "multi-target": MultiTargetPrediction;
  readonly classification: ClassificationPrediction;
  readonly "multi-label": MultiLabelPrediction;
}

/**
 * Prediction of one sample. Without a type argument it is the union over all tasks. Then `classes` exists
 * only for a classification, and `labels` only for multi-label.
 */
export type Prediction<Kind extends PredictionTask = PredictionTask> = PredictionByTask[Kind];

/** Returns the kind of prediction of a model for this task. */
export function predictionTask(task: Task): PredictionTask {
  return task.kind === "regression" && task.targets.length > 1 ? "multi-target" : task.kind;
}

/** Returns true for a multi-label prediction: a list of the names of present labels. */
export function isLabelList(prediction: Prediction["prediction"]): prediction is readonly string[] {
  return Array.isArray(prediction);
}
