import type { FeatureOrigin } from "./adapter-identity.js";

/**
 * The columns of a data set. Everything that varies between data sets (modalities, widths, lengths, targets)
 * comes from the data.
 * Sizes: N samples, T time steps, D features.
 */

export type SplitName = "train" | "valid" | "test";

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

export interface Split {
  readonly name: SplitName;
  readonly size: number;
  readonly ids: readonly string[];
  /** Keys in the data set's order of modalities. */
  readonly modalities: Readonly<Record<string, ModalityTable>>;
  /** [N, targets] for regression, [N] class indices for classification. */
  readonly labels: Float32Array;
  readonly texts?: readonly string[];
  /** Per modality. */
  readonly corruption?: Readonly<Record<string, CorruptionTruth>>;
}

export type Task =
  | {
      readonly kind: "regression";
      readonly targets: readonly string[];
      readonly range?: readonly [number, number];
    }
  | { readonly kind: "classification"; readonly classes: readonly string[] };

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

/** Number of outputs a model needs. */
export function outputsOf(task: Task): number {
  return task.kind === "regression" ? task.targets.length : task.classes.length;
}
