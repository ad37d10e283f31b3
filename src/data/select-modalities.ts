import type { DamagedCopies, Dataset, Split } from "./dataset.js";
import { chooseModalities } from "./modality-names.js";

/**
 * Returns the data set with only these modalities, in this order. Finds other names of a modality too, e.g.
 * "vision" for "video".
 * @throws DataError "data.unknown-modality"
 */
export function selectModalities(dataset: Dataset, names: readonly string[]): Dataset {
  const known = dataset.modalities.map(({ name }) => name);
  const chosen = chooseModalities(names, known, dataset.name);
  const modalities = chosen.flatMap((name) => dataset.modalities.filter((info) => info.name === name));
  const { train, valid, test } = dataset.splits;
  const splits = { train: pick(train, chosen), valid: pick(valid, chosen), test: pick(test, chosen) };
  return {
    ...dataset,
    modalities,
    splits,
    ...(dataset.copies && { copies: pickCopies(dataset.copies, chosen) }),
    ...(dataset.features && { features: pickKeys(dataset.features, chosen) }),
  };
}

function pick(split: Split, names: readonly string[]): Split {
  return {
    ...split,
    modalities: pickKeys(split.modalities, names),
    ...(split.corruption === undefined ? {} : { corruption: pickKeys(split.corruption, names) }),
    ...(split.quality && { quality: pickKeys(split.quality, names) }),
  };
}

function pickCopies(copies: DamagedCopies, names: readonly string[]): DamagedCopies {
  return {
    ...copies,
    modalities: pickKeys(copies.modalities, names),
    damage: pickKeys(copies.damage, names),
    ...(copies.quality && { quality: pickKeys(copies.quality, names) }),
  };
}

/** Returns the named entries of `record`, in the order of the names. */
export function pickKeys<Value>(
  record: Readonly<Record<string, Value>>,
  names: readonly string[],
): Record<string, Value> {
  return Object.fromEntries(names.flatMap((name) => Object.entries(record).filter(([key]) => key === name)));
}
