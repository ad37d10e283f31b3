import type { SplitName } from "../../data/dataset.js";
import { randomKey, uniformAt } from "../../core/random.js";

const SYNONYMS: Readonly<Record<string, SplitName>> = {
  train: "train",
  training: "train",
  valid: "valid",
  dev: "valid",
  val: "valid",
  validation: "valid",
  test: "test",
};

/** What a column of splits means; undefined for any other word. */
export function splitOf(word: string): SplitName | undefined {
  const key = word.trim().toLowerCase();
  return Object.hasOwn(SYNONYMS, key) ? SYNONYMS[key] : undefined;
}

/**
 * A split for each of some samples of a source that has none: 8 : 1 : 1, decided by a random order that
 * depends on the ids and the seed alone, so that the order of rows does not matter.
 */
export function seededSplits(ids: readonly string[], seed: number): Map<string, SplitName> {
  const draw = (id: string): number => uniformAt(randomKey(seed, `split/${id}`), 0);
  const ranked = ids
    .map((id) => ({ id, rank: draw(id) }))
    .sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1));
  const share = Math.max(1, Math.round(ids.length / 10));
  return new Map(ranked.map(({ id }, i) => [id, i < share ? "test" : i < 2 * share ? "valid" : "train"]));
}
