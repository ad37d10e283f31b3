import type { Corruption } from "../data/corrupt/corruption.js";
import type { FeatureOrigin } from "../data/adapter-identity.js";
import type { Task, ModalityInfo, SplitName } from "../data/dataset.js";
import type { TrainConfig } from "../models/train-config.js";
import type { EncoderRecord } from "../encoders/open-encoder.js";

/** Metric values by name; null where the metric is undefined on these samples (a warning says why). */
export type Metrics = Readonly<Record<string, number | null>>;

/** Form of a run's configuration. Format 1 had EUAR's options in one flat list; it is still read. */
export const RUN_FORMAT = "euar-run/2";

/** What a run was: enough to run it again. Stored as config.json, beside its hash. */
export interface RunConfig {
  readonly format: typeof RUN_FORMAT;
  readonly package: { readonly name: string; readonly version: string };
  readonly model: { readonly name: string; readonly config: Readonly<Record<string, unknown>> };
  readonly train: TrainConfig;
  /** Backend that defines the bits of the results. Native kernels give those of "wasm". */
  readonly backend: "wasm" | "reference";
  /** Present where multiply and add were fused: other bits than everywhere else. */
  readonly arithmetic?: "fast";
  readonly data: DataDescription;
  /** The pretrained encoder inside the model, where there is one. */
  readonly encoder?: EncoderRecord;
}

export interface DataDescription {
  readonly name: string;
  readonly task: Task;
  readonly modalities: readonly ModalityInfo[];
  readonly sizes: Readonly<Record<SplitName, number>>;
  /** sha-256 of ids, labels and features of the three splits. */
  readonly fingerprint: string;
  /**
   * What made the features, by modality, where the data set says so: raw media are scored with the same
   * adapters or not at all.
   */
  readonly features?: Readonly<Record<string, FeatureOrigin>>;
}

/** One line of history.jsonl. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Optimiser steps done so far. */
  readonly step: number;
  readonly learningRate: number;
  /** Sample-weighted means over the epoch, by name: "total", "task", "kl/text", ... */
  readonly train: Readonly<Record<string, number>>;
  /** Validation: "loss" (the task loss) and every metric of the task. */
  readonly valid: Metrics;
  /** The quantity that selection goes by, and whether this epoch is the best so far. */
  readonly score: number | null;
  readonly best: boolean;
  /** Times that training went back to an earlier state so far, see TrainEvent "recovery". */
  readonly recoveries: number;
}

export interface TrainResult {
  /** Absolute path of the run folder, if one was asked for. */
  readonly folder: string | undefined;
  readonly config: RunConfig;
  /** sha-256 of the canonical JSON of `config`. */
  readonly hash: string;
  readonly metrics: { readonly valid: Metrics; readonly test: Metrics };
  /**
   * Whether intervals keep their promise on the test split; undefined for a run that was stored before there
   * were any.
   */
  readonly coverage: CoverageReport | undefined;
  readonly warnings: readonly string[];
  readonly history: readonly EpochRecord[];
  readonly bestEpoch: number;
  readonly stoppedEarly: boolean;
  readonly seconds: number;
}

/** How well a modality's predicted uncertainty follows the true severity of its corruption. */
export interface SeverityAgreement {
  /** Spearman correlation over all samples of the split that have the modality; null if undefined. */
  readonly all: number | null;
  /** The largest that `all` could be, as clean samples all have severity 0. */
  readonly ceiling: number | null;
  readonly byKind: Readonly<Record<string, KindAgreement>>;
}

/** Of one kind of corruption. Spearman correlations; null if undefined. */
export interface KindAgreement {
  /** Over the samples of that kind and the clean ones. */
  readonly rho: number | null;
  /** The largest that `rho` could be, as clean samples all have severity 0. */
  readonly ceiling: number | null;
  /** Over the samples of that kind alone. */
  readonly within: number | null;
  /** Over all samples but those of that kind. */
  readonly without: number | null;
  /** Of that kind. */
  readonly samples: number;
}

export interface ModalityUncertaintySummary {
  /** Samples that have the modality. */
  readonly samples: number;
  readonly mean: number | null;
  /** Quantiles 0.1, 0.5, 0.9. */
  readonly quantiles: readonly (number | null)[];
  /** Mean share of the prediction, where the model reports it. */
  readonly contribution: number | null;
  /** Present when the true corruption is known. */
  readonly severity?: SeverityAgreement;
}

/** How the samples of a split are spread over a modality's experts. */
export interface RoutingSummary {
  /** [N]: each expert's share of the gates; the sum is 1. */
  readonly load: readonly number[];
  /** Experts with less than a thousandth of the gates. */
  readonly unused: number;
  /** [N] by kind of corruption, where the true corruption is known. */
  readonly byKind?: Readonly<Record<string, readonly number[]>>;
  /**
   * Bits that a sample's expert, drawn by its gates, tells of its kind of corruption (mutual information);
   * null without samples. Where the true corruption is known.
   */
  readonly information?: number | null;
}

/**
 * Does the model know which predictions to trust? Certainty = minus the mean uncertainty of the present
 * modalities.
 */
export interface SelectiveSummary {
  /** "absolute-error" (regression, mean over targets) or "error-rate" (share of wrong classes or labels). */
  readonly risk: "absolute-error" | "error-rate";
  readonly all: number;
  readonly certainHalf: number;
  /** Area under the risk-coverage line. */
  readonly area: number;
}

/** How often intervals (regression) or sets of classes hold the truth, and at what size. */
export interface CoverageSummary {
  /** Samples; for several targets, samples times targets. */
  readonly samples: number;
  /** Share of truths inside, in [0, 1]; null without samples. */
  readonly coverage: number | null;
  /**
   * Mean width of the intervals, in units of the label, or mean number of classes; null where the validation
   * split was too small to bound them.
   */
  readonly meanSize: number | null;
}

export interface CoverageReport extends CoverageSummary {
  /** What was promised. */
  readonly level: number;
  /** Several targets. */
  readonly byTarget?: Readonly<Record<string, CoverageSummary>>;
  /**
   * The third of the samples with the least mean uncertainty, the middle one, and the most uncertain; absent
   * for models without uncertainties.
   */
  readonly byUncertainty?: readonly CoverageSummary[];
  /** Classification: expected calibration error of the probabilities without and with the temperature. */
  readonly calibrationError?: {
    readonly before: number;
    readonly after: number;
    readonly temperature: number;
  };
}

export interface EvaluationResult {
  readonly config: RunConfig;
  readonly hash: string;
  readonly split: SplitName;
  /** The modalities that the model was allowed to see. */
  readonly available: readonly string[];
  /** What was done to the features, one after the other; empty for nothing. */
  readonly corruption: readonly Corruption[];
  readonly seed: number;
  readonly samples: number;
  readonly metrics: Metrics;
  readonly uncertainty: Readonly<Record<string, ModalityUncertaintySummary>>;
  readonly selective: SelectiveSummary | undefined;
  /** By modality; undefined for models without experts. */
  readonly routing: Readonly<Record<string, RoutingSummary>> | undefined;
  /** Undefined for a multi-label task and for a run that was stored without a calibration. */
  readonly coverage: CoverageReport | undefined;
  /**
   * Regression: values [N * targets]; classification: class indices [N]; multi-label: 0 or 1 [N * L]. Where they
   * were asked for.
   */
  readonly predictions?: Float32Array | Int32Array | Uint8Array;
  readonly warnings: readonly string[];
  readonly seconds: number;
}
