import { defined } from "../../core/defined.js";
import { DataError } from "../../core/errors.js";
import { SPLIT_NAMES, type SplitName } from "../dataset.js";
import { mapSplits } from "./raw-dataset.js";

/** Class names and the class indices of each split. */
export interface ClassColumns {
  readonly classes: readonly string[];
  readonly labels: Readonly<Record<SplitName, Float32Array>>;
}

const MOST_CLASSES = 1000;
const SENTIMENT_ORDER = ["negative", "neutral", "positive"];

/**
 * Returns a name in small letters, with single spaces and in one Unicode form, because these often differ by
 * accident.
 */
export function foldedName(name: string): string {
  return name.normalize("NFKC").trim().replace(/\s+/gu, " ").toLowerCase();
}

/**
 * Sorts distinct names: Negative, Neutral, Positive in this order, numbers by value, all others
 * alphabetically.
 *
 * @throws DataError "data.invalid-value" for more than 1000 names
 */
export function orderedClasses(names: readonly string[]): string[] {
  const distinct = [...new Set(names)];
  if (distinct.length > MOST_CLASSES) {
    throw new DataError(
      "data.invalid-value",
      `the labels have ${distinct.length} different values, which cannot be classes.`,
      { hint: "Choose another target, or the task regression for numbers." },
    );
  }
  const rank = (name: string): number => SENTIMENT_ORDER.indexOf(name.toLowerCase());
  if (distinct.every((name) => rank(name) >= 0)) return distinct.sort((a, b) => rank(a) - rank(b));
  if (distinct.every((name) => name !== "" && Number.isFinite(Number(name))))
    return distinct.sort((a, b) => Number(a) - Number(b));
  return distinct.sort();
}

/**
 * Converts names to class indices.
 *
 * @param classes ordered classes; default: the names that occur, ordered by {@link orderedClasses}
 * @param fold true to compare names by {@link foldedName}
 * @throws DataError "data.invalid-value" for a name that is not among the classes
 */
export function classColumns(
  names: Readonly<Record<SplitName, readonly string[]>>,
  classes: readonly string[] | undefined,
  place: string,
  fold: boolean,
): ClassColumns {
  const known = classes ?? orderedClasses(SPLIT_NAMES.flatMap((name) => names[name]));
  const exact = new Map(known.map((name, i) => [name, i]));
  const folded = new Map(known.map((name, i) => [foldedName(name), i]));
  const labels = mapSplits((split) =>
    Float32Array.from(names[split], (name, i) => {
      const value = exact.get(name) ?? (fold ? folded.get(foldedName(name)) : undefined);
      if (value !== undefined) return value;
      const near = known[folded.get(foldedName(name)) ?? -1];
      throw new DataError(
        "data.invalid-value",
        `${place}: the label of sample ${i} of ${split} is "${name}", which is not one of the classes ` +
          `${known.slice(0, 20).join(", ")}.`,
        {
          hint:
            near === undefined
              ? "Correct the label, or add the class."
              : `Merge it with "${near}" by the option foldClasses (--fold-classes).`,
        },
      );
    }),
  );
  return { classes: known, labels };
}

/** Returns groups of classes with names that differ only in case, spaces or Unicode form. */
export function similarClasses(classes: readonly string[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const name of classes) {
    const group = groups.get(foldedName(name));
    if (group) group.push(name);
    else groups.set(foldedName(name), [name]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/**
 * Merges classes with names that differ only in case, spaces or Unicode form. A merged class has the most
 * frequent spelling in training, without surrounding spaces.
 *
 * @param reorder true to sort the merged names; false to keep the order of the first name of each group
 */
export function foldClasses({ classes, labels }: ClassColumns, reorder: boolean): ClassColumns {
  const counts = new Float64Array(classes.length);
  for (const label of labels.train) counts[label] = defined(counts[label]) + 1;
  const spelling = new Map<string, { readonly name: string; readonly count: number }>();
  classes.forEach((name, c) => {
    const best = spelling.get(foldedName(name));
    const count = defined(counts[c]);
    if (best === undefined || count > best.count)
      spelling.set(foldedName(name), { name: name.trim(), count });
  });
  const names = [...spelling.values()].map(({ name }) => name);
  const joined = reorder ? orderedClasses(names) : names;
  const place = new Map(joined.map((name, i) => [foldedName(name), i]));
  const moved = classes.map((name) => defined(place.get(foldedName(name))));
  return {
    classes: joined,
    labels: mapSplits((split) => labels[split].map((label) => defined(moved[label]))),
  };
}
