import type { Split } from "../data/dataset.js";

/**
 * Returns a split in which all other modalities are missing from every sample. Widths and steps do not
 * change.
 */
export function restrictSplit(split: Split, available: readonly string[]): Split {
  const tables = Object.entries(split.modalities).map(
    ([name, table]) =>
      [name, available.includes(name) ? table : { ...table, present: new Uint8Array(split.size) }] as const,
  );
  return { ...split, modalities: Object.fromEntries(tables) };
}
