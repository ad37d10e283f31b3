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
  /** One after the other; may be empty. */
  readonly corruption: readonly Corruption[];
  /** The modalities that stay, in any order; the others are taken from every sample. Default: all. */
  readonly available?: readonly string[] | undefined;
  /** Default "test" alone. */
  readonly splits?: readonly SplitName[];
  /** Default 1. */
  readonly seed?: number;
  /**
   * Training means and deviations, and the hash of the run that they come from. Default: those of the data
   * set's training split.
   */
  readonly units?: { readonly normaliser: Normaliser; readonly run: string };
}

/**
 * A copy of a data set in which some splits are corrupted as the evaluation corrupts them: a model measured
 * on the copy gives the same bits as one measured on the original with this corruption, seed and subset of
 * modalities. The original is left as it is, and so are the other splits.
 * @returns with `corruption` saying what was done
 * @throws DataError "data.unknown-modality" for a modality that is not there; "data.width-mismatch" for units
 * of other features
 */
export function corruptDataset(
  dataset: Dataset,
  { corruption, available, splits = ["test"], seed = 1, units }: CorruptDatasetOptions,
): Dataset {
  const known = dataset.modalities.map(({ name }) => name);
  const stranger = available?.find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw new DataError("data.unknown-modality", `${dataset.name} has no modality "${stranger}".`, {
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
      { hint: "Take the units of a run that was trained on these features, or those of the training split." },
    );
  }
}
