import type { FeatureOrigin } from "./adapter-identity.js";

// Types of a data set. Modalities, widths, lengths and targets all come from the data.
// Sizes: N samples, T time steps, D features.

/** Names of the splits. */
export const SPLIT_NAMES = ["train", "valid", "test"] as const;

/** Name of a split. */
export type SplitName = (typeof SPLIT_NAMES)[number];

/** One modality of one split. */
export interface ModalityTable {
  /** D. */
  readonly width: number;
  /** T, the length of the longest sequence; 1 for utterance-level features. */
  readonly steps: number;
  /** [N, T, D], row-major. Finite: readers replace NaN and infinities by 0. */
  readonly values: Float32Array;
  /** [N, T], 1 for a real step, 0 for padding (left or right). */
  readonly mask: Uint8Array;
  /** [N], 0 if the sample lacks the modality. */
  readonly present: Uint8Array;
}

/** True corruption of the samples of a split. Only synthetic and deliberately corrupted data have it. */
export interface CorruptionTruth {
  /** [N], 0 = clean. The unit depends on the kind. Larger is more severe within a kind. */
  readonly severity: Float32Array;
  /** [N], e.g. "clean", "noise", "dropout". */
  readonly kind: readonly string[];
}

/** Measured quality of the media that one modality's features were made of. */
export interface QualityTable {
  /** [Q] names of the measures, e.g. "score" or "snrDb". */
  readonly names: readonly string[];
  /** [N, Q], finite. Rows of samples without the modality have no meaning. */
  readonly values: Float32Array;
}

/** Token ids of N texts, padded to L tokens. */
export interface TokenIds {
  /** L. */
  readonly steps: number;
  /** [N, L]. */
  readonly ids: Int32Array;
  /** [N, L], 1 for a token, 0 for padding. */
  readonly mask: Uint8Array;
}

/** Samples of one split. */
export interface Split {
  readonly name: SplitName;
  /** N */
  readonly size: number;
  /** Name of each sample, [N]. */
  readonly ids: readonly string[];
  /** By modality, in the data set's order of modalities. */
  readonly modalities: Readonly<Record<string, ModalityTable>>;
  /**
   * Regression: [N, targets]. Classification: class indices, [N]. Multi-label: 0 or 1 for each label, [N,
   * labels].
   */
  readonly labels: Float32Array;
  /** Text of each sample, [N]. Absent if the source has none. */
  readonly texts?: readonly string[];
  /** Token ids of the texts. Present if the source has token ids and no texts. */
  readonly tokens?: TokenIds;
  /** True corruption, by modality. Absent if it is unknown. */
  readonly corruption?: Readonly<Record<string, CorruptionTruth>>;
  /** By modality. Absent for modalities without measured quality. */
  readonly quality?: Readonly<Record<string, QualityTable>>;
}

/**
 * Features of corrupted copies of the training samples' media. A copy has the labels of its sample. Sizes: C
 * copies, T time steps, D features.
 */
export interface DamagedCopies {
  /** C. */
  readonly size: number;
  /** [C], row of the training split that each copy was made of. */
  readonly rows: Int32Array;
  /** By modality, [C, T, D], with the widths and steps of the training split. */
  readonly modalities: Readonly<Record<string, ModalityTable>>;
  /** Corruption by modality: severities in [0, 1]; 0 and "clean" for a clean modality. */
  readonly damage: Readonly<Record<string, CorruptionTruth>>;
  /** By modality, with the measures of the training split. */
  readonly quality?: Readonly<Record<string, QualityTable>>;
}

/** Kind of a modality that is not corrupted. */
export const CLEAN = "clean";

/** Kinds of task. */
export const TASK_KINDS = ["regression", "classification", "multi-label"] as const;

/** Kind of a task. */
export type TaskKind = (typeof TASK_KINDS)[number];

/** Prediction of one or more numbers per sample. */
export interface RegressionTask {
  readonly kind: "regression";
  /** Names of the predicted numbers. */
  readonly targets: readonly string[];
  /** Scale of the labels. Metrics by sign and by rounding need a scale from below 0 to above 0. */
  readonly range?: readonly [number, number];
  /** Labels above it count as positive, for an accuracy of two classes. Needs a single target. */
  readonly threshold?: number;
  /** Ascending edges of half-open bins (lo, hi], for an accuracy of bins. Needs a single target. */
  readonly bins?: readonly number[];
}

/** Choice of one class per sample. */
export interface ClassificationTask {
  readonly kind: "classification";
  /** Names of the classes, in the order of their indices. */
  readonly classes: readonly string[];
}

/** Any number of labels per sample, such as emotions. Each label is present or absent. */
export interface MultiLabelTask {
  readonly kind: "multi-label";
  /** Names of the labels, in the order of the outputs. */
  readonly labels: readonly string[];
  /** Numbers above it were read as present, if the source had numbers. */
  readonly threshold?: number;
}

/** Task of a data set. `kind` distinguishes the cases. */
export type Task = RegressionTask | ClassificationTask | MultiLabelTask;

/** Size of one modality. */
export interface ModalityInfo {
  readonly name: string;
  /** Number of features, D. */
  readonly width: number;
  /** Number of time steps, T. */
  readonly steps: number;
  /** Names of the quality measures of its media. Absent if the data have none. */
  readonly quality?: readonly string[];
}

/** Features and labels of the three splits, in memory. */
export interface Dataset {
  readonly name: string;
  readonly task: Task;
  /** Modalities in the order in which models read them. */
  readonly modalities: readonly ModalityInfo[];
  readonly splits: Readonly<Record<SplitName, Split>>;
  /** Corrupted copies of training samples, for training with `copies: ["raw"]`. */
  readonly copies?: DamagedCopies;
  /** Remarks of the reader for `euar inspect`: the source, counts of replaced NaN and of dropped samples. */
  readonly notes: readonly string[];
  /**
   * Reading of the labels, with its reason. Absent if the source leaves no choice, such as generated data.
   */
  readonly labelReading?: LabelReading;
  /** Adapter that made the features, by modality. Absent if the source does not say. */
  readonly features?: Readonly<Record<string, FeatureOrigin>>;
  /** Noise on texts and images from which the features were made. */
  readonly noise?: NoiseRecord;
  /** Corruptions of the features, in the order in which they were applied. */
  readonly corruption?: readonly CorruptionRecord[];
}

/** Noise on the media from which the features of a data set were made. */
export interface NoiseRecord {
  /** Noise by modality, e.g. "image=gaussian/clean:10,text=blank/clean:10". */
  readonly specification: string;
  readonly seed: number;
  readonly splits: readonly SplitName[];
}

/** Corruption of a copy of a data set. */
export interface CorruptionRecord {
  /** Corruption in the notation of `parseCorruption`. Absent if modalities were removed only. */
  readonly specification?: string | undefined;
  /** Modalities that every sample kept. Absent if none was removed. */
  readonly available?: readonly string[] | undefined;
  readonly seed: number;
  readonly splits: readonly SplitName[];
  /**
   * Source of the training means and deviations: "train" (this data set's training split) or a run's hash.
   */
  readonly units: string;
}

/** Task and scale under which the labels were read. */
export interface LabelReading {
  /** Says how the labels were read, why, and which option changes it. */
  readonly text: string;
  /**
   * "stated" by the user, the file or its layout; "found" if the labels allow no other reading; "assumed" if
   * the training labels allow another one.
   */
  readonly source: "stated" | "found" | "assumed";
  /** True if the range of the task was found in the training labels, so that other labels may leave it. */
  readonly rangeFound?: true;
}

/** Names of a task's outputs: its targets, classes or labels. */
export function outputNames(task: Task): readonly string[] {
  if (task.kind === "regression") return task.targets;
  return task.kind === "classification" ? task.classes : task.labels;
}

/** Number of outputs a model needs. */
export function outputsOf(task: Task): number {
  return outputNames(task).length;
}

/** Number of label values that a sample has. */
export function labelsPerSample(task: Task): number {
  return task.kind === "classification" ? 1 : outputsOf(task);
}
