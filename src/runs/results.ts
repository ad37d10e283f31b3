import type { Corruption } from "../corruption/corruption.js";
import type { FeatureOrigin } from "../data/adapter-identity.js";
import type { Task, ModalityInfo, SplitName } from "../data/dataset.js";
import type { TrainConfig } from "../models/train-config.js";
import type { EncoderRecord } from "../encoders/open-encoder.js";

/** Metric values by name; null if the metric is undefined on these samples (a warning gives the reason). */
export type Metrics = Readonly<Record<string, number | null>>;

/** Format of a run's configuration. Format 1, with EUAR's options in one flat list, can still be read. */
export const RUN_FORMAT = "euar-run/2";

/** Configuration of a run, enough to repeat it. Stored in config.json, next to its hash. */
export interface RunConfig {
  readonly format: typeof RUN_FORMAT;
  readonly package: { readonly name: string; readonly version: string };
  readonly model: { readonly name: string; readonly config: Readonly<Record<string, unknown>> };
  readonly train: TrainConfig;
  /** Backend that determines the bits of the results. Native kernels give the same bits as "wasm". */
  readonly backend: "wasm" | "reference";
  /** Present if the kernels fuse multiply and add, which changes the bits of results. */
  readonly arithmetic?: "fast";
  readonly data: DataDescription;
  /** Pretrained encoder inside the model, if there is one. */
  readonly encoder?: EncoderRecord;
}

/** Description of the data set that a run was trained on. */
export interface DataDescription {
  readonly name: string;
  readonly task: Task;
  readonly modalities: readonly ModalityInfo[];
  readonly sizes: Readonly<Record<SplitName, number>>;
  /** SHA-256 of ids, labels and features of the three splits. */
  readonly fingerprint: string;
  /**
   * Adapter of each modality's features, if the data set records it. Raw media must use the same adapters.
   */
  readonly features?: Readonly<Record<string, FeatureOrigin>>;
}

/** One line of history.jsonl. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Number of optimiser steps done so far. */
  readonly step: number;
  readonly learningRate: number;
  /** Means of the losses over the epoch's samples, by name: "total", "task", "kl/text", ... */
  readonly train: Readonly<Record<string, number>>;
  /** Validation values: "loss" (the task loss) and every metric of the task. */
  readonly valid: Metrics;
  /** Value of the selection metric. `best` is true if this epoch is the best so far. */
  readonly score: number | null;
  readonly best: boolean;
  /** Number of recoveries so far, see TrainEvent "recovery". */
  readonly recoveries: number;
}

/** Result of a training run. */
export interface TrainResult {
  /** Absolute path of the run folder, if the run has one. */
  readonly folder: string | undefined;
  readonly config: RunConfig;
  /** SHA-256 of the canonical JSON of `config`. */
  readonly hash: string;
  /** Metrics of the best epoch's weights. */
  readonly metrics: { readonly valid: Metrics; readonly test: Metrics };
  /** Coverage of the intervals on the test split. Undefined for an old run that was stored without it. */
  readonly coverage: CoverageReport | undefined;
  readonly warnings: readonly string[];
  readonly history: readonly EpochRecord[];
  /** Epoch whose weights were kept, from 1. */
  readonly bestEpoch: number;
  /** True if the validation score had not improved for `patience` epochs. */
  readonly stoppedEarly: boolean;
  /** Wall time in seconds. */
  readonly seconds: number;
}

/** Agreement of a modality's predicted uncertainty with the true severity of its corruption. */
export interface SeverityAgreement {
  /** Spearman correlation over all samples of the split that have the modality; null if undefined. */
  readonly all: number | null;
  /** Largest possible value of `all`, given that all clean samples have severity 0. */
  readonly ceiling: number | null;
  readonly byKind: Readonly<Record<string, KindAgreement>>;
}

/** Spearman correlations for one kind of corruption; null if undefined. */
export interface KindAgreement {
  /** Correlation over the samples of this kind and the clean ones. */
  readonly rho: number | null;
  /** Largest possible value of `rho`, given that all clean samples have severity 0. */
  readonly ceiling: number | null;
  /** Correlation over the samples of this kind only. */
  readonly within: number | null;
  /** Correlation over all samples except those of this kind. */
  readonly without: number | null;
  /** Number of samples of this kind. */
  readonly samples: number;
}

/** Predicted uncertainty of one modality over the samples of a split. */
export interface ModalityUncertaintySummary {
  /** Number of samples that have the modality. */
  readonly samples: number;
  /** Mean uncertainty; null without samples. */
  readonly mean: number | null;
  /** Quantiles 0.1, 0.5, 0.9. */
  readonly quantiles: readonly (number | null)[];
  /** Mean contribution to the prediction, in [0, 1], if the model reports it. */
  readonly contribution: number | null;
  /** Present if the true corruption is known. */
  readonly severity?: SeverityAgreement;
}

/** Distribution of a split's samples over a modality's experts. */
export interface RoutingSummary {
  /** Fraction of the gates that each expert gets; the sum is 1. [N] */
  readonly load: readonly number[];
  /** Number of experts with less than a thousandth of the gates. */
  readonly unused: number;
  /** The same by kind of corruption, if the true corruption is known. [N] */
  readonly byKind?: Readonly<Record<string, readonly number[]>>;
  /**
   * Mutual information between expert (drawn by the gates) and corruption kind, in bits. Null without
   * samples. Present if the true corruption is known.
   */
  readonly information?: number | null;
}

/**
 * Selective prediction: risk as a function of certainty. Certainty is minus the mean uncertainty of the
 * present modalities.
 */
export interface SelectiveSummary {
  /**
   * "absolute-error" for regression (mean over targets), "error-rate" otherwise (fraction of wrong classes or
   * labels).
   */
  readonly risk: "absolute-error" | "error-rate";
  /** Mean risk of all samples. */
  readonly all: number;
  /** Mean risk of the more certain half of the samples. */
  readonly certainHalf: number;
  /** Area under the risk-coverage curve. */
  readonly area: number;
}

/** Coverage and size of the intervals (regression) or the sets of classes. */
export interface CoverageSummary {
  /** Number of samples; for several targets, samples times targets. */
  readonly samples: number;
  /** Fraction of labels inside, in [0, 1]; null without samples. */
  readonly coverage: number | null;
  /**
   * Mean width of the intervals in units of the label, or mean number of classes. Null if the validation
   * split was too small to bound the intervals.
   */
  readonly meanSize: number | null;
}

/** Coverage of the intervals (regression) or of the sets of classes, at one level. */
export interface CoverageReport extends CoverageSummary {
  /** Required coverage. */
  readonly level: number;
  /** Coverage of each target, if there are several. */
  readonly byTarget?: Readonly<Record<string, CoverageSummary>>;
  /**
   * Coverage of the least uncertain third of the samples, the middle third, and the most uncertain third.
   * Absent for models without uncertainties.
   */
  readonly byUncertainty?: readonly CoverageSummary[];
  /** Expected calibration error of the class probabilities, before and after temperature scaling. */
  readonly calibrationError?: {
    readonly before: number;
    readonly after: number;
    readonly temperature: number;
  };
}

/** Result of an evaluation on one split. */
export interface EvaluationResult {
  /** Configuration of the run whose model was evaluated. */
  readonly config: RunConfig;
  /** SHA-256 of the canonical JSON of `config`. */
  readonly hash: string;
  readonly split: SplitName;
  /** Modalities that the model could use. */
  readonly available: readonly string[];
  /** Corruptions of the features, in order; empty for none. */
  readonly corruption: readonly Corruption[];
  /** Seed of the corruptions. */
  readonly seed: number;
  /** Number of samples of the split. */
  readonly samples: number;
  readonly metrics: Metrics;
  /** Predicted uncertainty, by modality. */
  readonly uncertainty: Readonly<Record<string, ModalityUncertaintySummary>>;
  /** Risk of the most certain samples. Undefined for models without uncertainties. */
  readonly selective: SelectiveSummary | undefined;
  /** Use of the experts, by modality. Undefined for models without experts. */
  readonly routing: Readonly<Record<string, RoutingSummary>> | undefined;
  /** Coverage of the intervals. Undefined for a multi-label task, and for a run without a calibration. */
  readonly coverage: CoverageReport | undefined;
  /**
   * Predictions, if the option `predictions` was set. Regression: values [N * targets]. Classification: class
   * indices [N]. Multi-label: 0 or 1 [N * L].
   */
  readonly predictions?: Float32Array | Int32Array | Uint8Array;
  /** Reasons for metrics that are null, and other remarks. */
  readonly warnings: readonly string[];
  /** Wall time in seconds. */
  readonly seconds: number;
}
