import type { FeatureOrigin } from "../adapter-identity.js";
import {
  type DamagedCopies,
  type LabelReading,
  SPLIT_NAMES,
  type SplitName,
  type Task,
  type TokenIds,
} from "../dataset.js";
import type { FeatureColumn } from "./feature-column.js";

/** One split of a source. The features are not read yet. */
export interface RawSplit {
  /** For messages, e.g. `file.pkl: train`. */
  readonly place: string;
  readonly ids: readonly string[];
  readonly texts?: readonly string[] | undefined;
  /** See {@link Split.tokens}. */
  readonly tokens?: TokenIds | undefined;
  /** [N, targets] values, [N] class indices, or [N, labels] of 0 and 1. */
  readonly labels: Float32Array;
  /** By modality. */
  readonly columns: Readonly<Record<string, FeatureColumn>>;
  /** By modality, [N]: 0 where the sample lacks it. */
  readonly present?: Readonly<Record<string, ArrayLike<number>>>;
  /** Masks by modality, as columns with one step of width T. They override zeros and stated lengths. */
  readonly masks?: Readonly<Record<string, FeatureColumn>>;
}

/** Corrupted copies of a source. The features are not read yet. */
export interface RawCopies extends Pick<RawSplit, "place" | "columns" | "masks"> {
  /** [C] rows of the training split. */
  readonly rows: Int32Array;
  readonly damage: DamagedCopies["damage"];
}

/** Data set whose features are not read yet. */
export interface RawDataset {
  readonly name: string;
  readonly task: Task;
  /** Modalities in the order in which models read them. */
  readonly modalities: readonly string[];
  readonly splits: Readonly<Record<SplitName, RawSplit>>;
  readonly notes: readonly string[];
  readonly labelReading: LabelReading;
  /** By modality. */
  readonly features?: Readonly<Record<string, FeatureOrigin>>;
  readonly copies?: RawCopies;
}

/** Returns all parts with features: the splits and the copies. */
export function partsOf({
  splits,
  copies,
}: RawDataset): readonly [string, number, Omit<RawSplit, "ids" | "labels">][] {
  return [
    ...SPLIT_NAMES.map((name) => [name, splits[name].ids.length, splits[name]] as const),
    ...(copies ? [["copies", copies.rows.length, copies] as const] : []),
  ].map(([name, size, part]) => [name, size, part]);
}

/** Makes one value per split. */
export function mapSplits<Value>(make: (name: SplitName) => Value): Record<SplitName, Value> {
  return { train: make("train"), valid: make("valid"), test: make("test") };
}
