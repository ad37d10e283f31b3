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

/** Reads a word of a column of splits. @returns undefined for any other word */
export function splitOf(word: string): SplitName | undefined {
  const key = word.trim().toLowerCase();
  return Object.hasOwn(SYNONYMS, key) ? SYNONYMS[key] : undefined;
}

export interface DrawnSplit {
  /** By id. */
  readonly splits: ReadonlyMap<string, SplitName>;
  /** Says how the split was drawn. */
  readonly note: string;
}

/** Groups of rows: the rows of one group are in one split. */
export interface Grouping {
  /** [N] */
  readonly groups: readonly string[];
  /** Column that the groups are from, for the note. */
  readonly by: string;
}

/** The value of `--group-by` for a split row by row. */
export const UNGROUPED = "none";

/**
 * Draws a split of 8 : 1 : 1 for a source that has none.
 *
 * The groups come in a random order that depends on their names and the seed alone, not on the order of rows.
 * Rows of one group (a video, a speaker, a dialogue) are in one split. Otherwise the model would be tested on
 * people whom it knows.
 * @param ids [N]; an id that comes twice counts once
 * @param grouping default: the pattern of the ids, if they have one
 */
export function seededSplits(
  ids: readonly string[],
  seed: number,
  grouping?: Grouping | typeof UNGROUPED,
): DrawnSplit {
  const column = grouping === UNGROUPED ? undefined : grouping;
  const given = grouping === undefined ? groupsOfIds(ids) : column?.groups;
  const groupOf = new Map(ids.map((id, row) => [id, given?.[row] ?? id]));
  const sizes = new Map<string, number>();
  for (const group of groupOf.values()) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const isGrouped = sizes.size < groupOf.size;
  const isTooFew = sizes.size < FEWEST_GROUPS;
  const homes = isTooFew
    ? drawSplits(new Map([...groupOf.keys()].map((id) => [id, 1])), seed)
    : drawSplits(sizes, seed);
  const by = column === undefined ? "the pattern of the ids" : `"${column.by}"`;
  const drawn = `a split of 8 : 1 : 1 was drawn with seed ${seed}`;
  return {
    splits: new Map([...groupOf].map(([id, group]) => [id, homes.get(isTooFew ? id : group) ?? "train"])),
    note:
      isTooFew && isGrouped
        ? `warning: ${drawn} sample by sample: there are fewer than ${FEWEST_GROUPS} groups by ${by}, so that each is in several splits`
        : `${drawn}${isGrouped ? `, by ${by}: each of the ${sizes.size} groups is in one split` : ", sample by sample"}`,
  };
}

/** Fills test up to its tenth, then valid, then train with groups in a random order. */
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
