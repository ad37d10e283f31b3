import { DataError } from "../core/errors.js";
import {
  type CorruptionRecord,
  type Dataset,
  type Split,
  SPLIT_NAMES,
  type SplitName,
} from "../data/dataset.js";
import { fitNormaliser, type Normaliser } from "../data/normaliser.js";
import { corruptSplit } from "./corrupt-split.js";
import { type Corruption, showCorruption } from "./corruption.js";
import { restrictSplit } from "./restrict-split.js";

export interface CorruptDatasetOptions {
  /** Corruptions to apply, in order; may be empty. */
  readonly corruption: readonly Corruption[];
  /** Modalities to keep, in any order. The others are removed from every sample. Default: all. */
  readonly available?: readonly string[] | undefined;
  /** Splits to corrupt. Default: only "test". */
  readonly splits?: readonly SplitName[];
  /** Seed of all draws. Default 1. */
  readonly seed?: number;
  /**
   * Training means and standard deviations, and the hash of their run. Default: those of the data set's
   * training split.
   */
  readonly units?: { readonly normaliser: Normaliser; readonly run: string };
}

/**
 * Returns a copy of a data set with some corrupted splits. A model evaluated on the copy gives the same bits
 * as on the original under this corruption, seed and subset of modalities. Does not change the original; the
 * other splits are the same.
 * @returns data set with a description in `corruption`
 * @throws DataError "data.unknown-modality" for an unknown modality; "data.width-mismatch" for units of other
 * features
 */
export function corruptDataset(
  dataset: Dataset,
  { corruption, available, splits = ["test"], seed = 1, units }: CorruptDatasetOptions,
): Dataset {
  const known = dataset.modalities.map(({ name }) => name);
  const unknown = available?.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new DataError("data.unknown-modality", `${dataset.name} has no modality "${unknown}".`, {
      hint: `There are ${known.join(", ")}.`,
    });
  const normaliser = units === undefined ? fitNormaliser(dataset.splits.train) : units.normaliser;
  requireUnits(dataset, normaliser);
  const corrupted = (split: Split): Split => {
    if (!splits.includes(split.name)) return split;
    const harmed = corruptSplit(split, corruption, { seed, normaliser });
    return available === undefined ? harmed : restrictSplit(harmed, available);
  };
  const { train, valid, test } = dataset.splits;
  const record: CorruptionRecord = {
    ...(corruption.length > 0 && { specification: corruption.map(showCorruption).join(",") }),
    ...(available !== undefined && { available: known.filter((name) => available.includes(name)) }),
    seed,
    splits: SPLIT_NAMES.filter((name) => splits.includes(name)),
    units: units === undefined ? "train" : units.run,
  };
  return {
    ...dataset,
    splits: { train: corrupted(train), valid: corrupted(valid), test: corrupted(test) },
    corruption: [...(dataset.corruption ?? []), record],
  };
}

/** Describes a corruption in one line. */
export function corruptionNote({ specification, available, seed, splits }: CorruptionRecord): string {
  const done = [
    ...(specification === undefined ? [] : [specification]),
    ...(available === undefined ? [] : [`only ${available.join(", ")} left`]),
  ];
  const changes = done.length === 0 ? "nothing done" : done.join("; ");
  return `features of ${splits.join(", ")} corrupted: ${changes}, seed ${seed}`;
}

function requireUnits({ name: place, modalities }: Dataset, normaliser: Normaliser): void {
  for (const { name, width } of modalities) {
    const found = normaliser.modalities[name]?.mean.length;
    if (found === width) continue;
    const problem =
      found === undefined
        ? `the run does not know the modality "${name}" of ${place}`
        : `modality "${name}" of ${place} has ${width} features, but ${found} in the run`;
    throw new DataError(
      found === undefined ? "data.unknown-modality" : "data.width-mismatch",
      `units: ${problem}`,
      { hint: "Use the units of a run that was trained on these features, or those of the training split." },
    );
  }
}
