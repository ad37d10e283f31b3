import { defined } from "../../core/defined.js";
import { ConfigError } from "../../core/errors.js";
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

/**
 * Returns the split for a word in the split column.
 * @returns undefined for any other word
 */
export function splitOf(word: string): SplitName | undefined {
  const key = word.trim().toLowerCase();
  return Object.hasOwn(SYNONYMS, key) ? SYNONYMS[key] : undefined;
}

export interface DrawnSplit {
  /** Split by id. */
  readonly splits: ReadonlyMap<string, SplitName>;
  /** Describes how the split was drawn, for the user. */
  readonly note: string;
}

/** Groups of rows. The rows of a group stay in one split. */
export interface Grouping {
  /** [N] group of each row. */
  readonly groups: readonly string[];
  /** Column of the groups, for the note. */
  readonly by: string;
}

/** Value of `--group-by` that draws the split row by row. */
export const UNGROUPED = "none";

/**
 * Draws an 8:1:1 split for a source without splits.
 *
 * The random order of the groups depends only on their names and the seed, not on the order of rows. Rows of
 * a group (a video, a speaker, a dialogue) stay in one split. Otherwise the test samples would include people
 * from the training samples.
 * @param ids [N]; an id that occurs twice counts once
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
  const groups = `by ${by}: each of the ${sizes.size} groups is in one split`;
  const drawn = `a split of 8 : 1 : 1 was drawn with seed ${seed}`;
  return {
    splits: new Map([...groupOf].map(([id, group]) => [id, homes.get(isTooFew ? id : group) ?? "train"])),
    note:
      isTooFew && isGrouped
        ? `warning: ${drawn} sample by sample: there are fewer than ${FEWEST_GROUPS} groups by ${by}, ` +
          "so that each is in several splits"
        : `${drawn}, ${isGrouped ? groups : "sample by sample"}`,
  };
}

/** Assigns groups in random order: to test up to a tenth, then to valid, then to train. */
function drawSplits(sizes: ReadonlyMap<string, number>, seed: number): Map<string, SplitName> {
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const share = Math.max(1, Math.round(total / 10));
  const ranked = [...sizes]
    .map(([group, size]) => ({ group, size, rank: uniformAt(randomKey(seed, `split/${group}`), 0) }))
    .sort((a, b) => a.rank - b.rank || (a.group < b.group ? -1 : 1));
  const counts = { test: 0, valid: 0 };
  return new Map(
    ranked.map(({ group, size }, i): [string, SplitName] => {
      const left = ranked.length - i; // one group must remain for each split that follows
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

/**
 * Divides rows for one fold of a cross-validation by groups: test on one group, validate on the next one in
 * alphabetical order (after the last comes the first), train on the others.
 * @throws ConfigError "config.conflict" for an unknown group, or fewer than three groups
 */
export function foldSplits(ids: readonly string[], { groups, by }: Grouping, testGroup: string): DrawnSplit {
  const names = [...new Set(groups)].sort();
  const at = names.indexOf(testGroup);
  if (at < 0 || names.length < FEWEST_GROUPS)
    throw new ConfigError(
      "config.conflict",
      at < 0
        ? `the column "${by}" has no group "${testGroup}"`
        : `the column "${by}" has ${names.length} groups, but a fold needs at least ${FEWEST_GROUPS}`,
      { hint: `Its groups are ${names.slice(0, 20).join(", ")}${names.length > 20 ? ", ..." : ""}.` },
    );
  const valid = defined(names[(at + 1) % names.length]);
  const homeOf = (group: string): SplitName =>
    group === testGroup ? "test" : group === valid ? "valid" : "train";
  return {
    splits: new Map(ids.map((id, row) => [id, homeOf(defined(groups[row]))])),
    note: `fold by "${by}": test on ${testGroup}, validate on ${valid}, train on the others`,
  };
}
