import type { Dataset, Split } from "./dataset.js";
import { chooseModalities } from "./modality-names.js";

/**
 * The data set with only these modalities, in this order; "video" also finds "vision", and so on.
 * @throws DataError "data.unknown-modality"
 */
export function selectModalities(dataset: Dataset, names: readonly string[]): Dataset {
  const known = dataset.modalities.map(({ name }) => name);
  const chosen = chooseModalities(names, known, dataset.name);
  const modalities = chosen.flatMap((name) => dataset.modalities.filter((info) => info.name === name));
  const { train, valid, test } = dataset.splits;
  return { ...dataset, modalities, splits: { train: pick(train, chosen), valid: pick(valid, chosen), test: pick(test, chosen) } };
}

function pick(split: Split, names: readonly string[]): Split {
  const only = <Value>(record: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(names.flatMap((name) => Object.entries(record).filter(([key]) => key === name)));
  return { ...split, modalities: only(split.modalities), ...(split.corruption === undefined ? {} : { corruption: only(split.corruption) }) };
}
