import type { FeatureOrigin } from "./adapter-identity.js";

/**
 * The columns of a data set. Everything that varies between data sets (modalities, widths, lengths, targets)
 * comes from the data.
 * Sizes: N samples, T time steps, D features.
 */

export const SPLIT_NAMES = ["train", "valid", "test"] as const;

export type SplitName = (typeof SPLIT_NAMES)[number];

/** One modality of one split. */
export interface ModalityTable {
  /** D. */
  readonly width: number;
  /** T, the longest sequence; 1 for utterance-level features. */
  readonly steps: number;
  /** [N, T, D], row-major; NaN and infinities of the source already read as 0. */
  readonly values: Float32Array;
  /** [N, T]: 1 where the step is real, 0 where it is padding (left or right). */
  readonly mask: Uint8Array;
  /** [N]: 0 where the sample has no such modality. */
  readonly present: Uint8Array;
}

/** What is known about how a sample was corrupted; only synthetic and deliberately corrupted data have it. */
export interface CorruptionTruth {
  /** [N], 0 = clean; its unit belongs to the kind and is monotone within it. */
  readonly severity: Float32Array;
  /** [N], e.g. "clean", "noise", "dropout". */
  readonly kind: readonly string[];
}

/** Token ids of N texts, padded to L tokens. */
export interface TokenIds {
  /** L. */
  readonly steps: number;
  /** [N, L]. */
  readonly ids: Int32Array;
  /** [N, L]: 1 for a token, 0 for padding. */
  readonly mask: Uint8Array;
}

export interface Split {
  readonly name: SplitName;
  readonly size: number;
  readonly ids: readonly string[];
  /** Keys in the data set's order of modalities. */
  readonly modalities: Readonly<Record<string, ModalityTable>>;
  /** [N, targets] for regression, [N] class indices for classification, [N, labels] of 0 and 1 for multi-label. */
  readonly labels: Float32Array;
  readonly texts?: readonly string[];
  /** Token ids of the texts, where the source has these and no texts. */
  readonly tokens?: TokenIds;
  /** Per modality. */
  readonly corruption?: Readonly<Record<string, CorruptionTruth>>;
}

export type TaskKind = "regression" | "classification" | "multi-label";

export const TASK_KINDS = ["regression", "classification", "multi-label"] as const;

export interface RegressionTask {
  readonly kind: "regression";
  readonly targets: readonly string[];
  /** Scale of the labels. Metrics by sign and by rounding need one that reaches from below 0 to above 0. */
  readonly range?: readonly [number, number];
  /** Labels above it count as positive, for an accuracy of two classes. Needs a single target. */
  readonly threshold?: number;
  /** Ascending edges of half-open bins (lo, hi], for an accuracy of bins. Needs a single target. */
  readonly bins?: readonly number[];
}

export interface ClassificationTask {
  readonly kind: "classification";
  readonly classes: readonly string[];
}

/** Several labels per sample, each of which is present or absent, such as emotions. */
export interface MultiLabelTask {
  readonly kind: "multi-label";
  readonly labels: readonly string[];
  /** Numbers above it were read as present, where the source had numbers. */
  readonly threshold?: number;
}

export type Task = RegressionTask | ClassificationTask | MultiLabelTask;

export interface ModalityInfo {
  readonly name: string;
  readonly width: number;
  readonly steps: number;
}

export interface Dataset {
  readonly name: string;
  readonly task: Task;
  /** In a fixed order, the one that models use. */
  readonly modalities: readonly ModalityInfo[];
  readonly splits: Readonly<Record<SplitName, Split>>;
  /**
   * Where it came from and what was noticed while reading (counts of replaced NaN, dropped samples, ...), for
   * `euar inspect`.
   */
  readonly notes: readonly string[];
  /** How the labels were read and why. Absent if the source leaves no choice, such as generated data. */
  readonly labelReading?: LabelReading;
  /** What made the features, by modality; absent where the source does not say. */
  readonly features?: Readonly<Record<string, FeatureOrigin>>;
  /** What was done to texts and images before features were made of them. */
  readonly noise?: NoiseRecord;
  /** What was done to the features, one after the other. */
  readonly corruption?: readonly CorruptionRecord[];
}

/** Noise on the media that a data set was made of. */
export interface NoiseRecord {
  readonly specification: string;
  readonly seed: number;
  readonly splits: readonly SplitName[];
}

/** What a corrupted copy of a data set went through. */
export interface CorruptionRecord {
  /** As `parseCorruption` reads it; absent where only modalities were taken away. */
  readonly specification?: string | undefined;
  /** The modalities that were left, where some were taken from every sample. */
  readonly available?: readonly string[] | undefined;
  readonly seed: number;
  readonly splits: readonly SplitName[];
  /**
   * Where training means and deviations came from: "train", the data set's own training split, or the hash of
   * a run.
   */
  readonly units: string;
}

/** The task and scale that the labels were read as. */
export interface LabelReading {
  /** Says how the labels were read, why, and which option changes it. */
  readonly text: string;
  /**
   * "stated" by the user, the file or its layout; "found" if the labels allow no other reading; "assumed" if
   * the training labels allow another one.
   */
  readonly source: "stated" | "found" | "assumed";
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
