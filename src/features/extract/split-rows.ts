import type { SplitName } from "../../data/dataset.js";
import { randomKey, uniformAt } from "../../core/random.js";
import { FEWEST_GROUPS, groupsOfIds } from "../../data/groups.js";

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

/** A split that was drawn, and what to tell of it. */
export interface DrawnSplit {
  readonly splits: ReadonlyMap<string, SplitName>;
  readonly note: string;
}

export interface Grouping {
  /** [N] the group of each row: rows of one group are in one split. Undefined: by the pattern of the ids. */
  readonly groups: readonly string[] | undefined;
  /** What the groups are, for the note: the name of a column. */
  readonly by: string;
}

/**
 * A split for each sample of a source that has none: 8 : 1 : 1, decided by a random order of the groups that
 * depends on their names and the seed alone, so that the order of rows does not matter. Rows of one group (a
 * video, a speaker, a dialogue) are in one split: otherwise a model is tested on people whom it knows.
 * @param ids [N]; an id that comes twice counts once
 * @param grouping undefined: groups by the pattern of the ids, where they have one
 */
export function seededSplits(ids: readonly string[], seed: number, grouping?: Grouping): DrawnSplit {
  const byPattern = grouping?.groups === undefined && grouping?.by !== SINGLY ? groupsOfIds(ids) : undefined;
  const given = grouping?.groups ?? byPattern;
  const groupOf = new Map(ids.map((id, row) => [id, given?.[row] ?? id]));
  const sizes = new Map<string, number>();
  for (const group of groupOf.values()) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const isGrouped = sizes.size < groupOf.size;
  const isTooFew = sizes.size < FEWEST_GROUPS;
  const homes = isTooFew
    ? drawSplits(new Map([...groupOf.keys()].map((id) => [id, 1])), seed)
    : drawSplits(sizes, seed);
  const by = grouping?.groups === undefined ? "the pattern of the ids" : `"${grouping.by}"`;
  const drawn = `a split of 8 : 1 : 1 was drawn with seed ${seed}`;
  return {
    splits: new Map([...groupOf].map(([id, group]) => [id, homes.get(isTooFew ? id : group) ?? "train"])),
    note:
      isTooFew && isGrouped
        ? `warning: ${drawn} sample by sample: there are fewer than ${FEWEST_GROUPS} groups by ${by}, so that each is in several splits`
        : `${drawn}${isGrouped ? `, by ${by}: each of the ${sizes.size} groups is in one split` : ", sample by sample"}`,
  };
}

/** The value of `--group-by` for a split sample by sample. */
export const SINGLY = "none";

/** Groups in a random order go to test until it has its tenth, then to valid, then to train. */
function drawSplits(sizes: ReadonlyMap<string, number>, seed: number): Map<string, SplitName> {
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const share = Math.max(1, Math.round(total / 10));
  const ranked = [...sizes]
    .map(([group, size]) => ({ group, size, rank: uniformAt(randomKey(seed, `split/${group}`), 0) }))
    .sort((a, b) => a.rank - b.rank || (a.group < b.group ? -1 : 1));
  const counts = { test: 0, valid: 0 };
  return new Map(
    ranked.map(({ group, size }, i): [string, SplitName] => {
      const left = ranked.length - i; // one group has to remain for each split that follows
      if (counts.test < share && (left > 2 || counts.test === 0)) {
        counts.test += size;
        return [group, "test"];
      }
      if (counts.valid < share && (left > 1 || counts.valid === 0)) {
        counts.valid += size;
        return [group, "valid"];
      }
      return [group, "train"];
    }),
  );
}
