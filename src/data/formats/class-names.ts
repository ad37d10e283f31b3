import { defined } from "../../core/defined.js";
import { DataError } from "../../core/errors.js";
import { SPLIT_NAMES, type SplitName } from "../dataset.js";
import { mapSplits } from "./assemble-dataset.js";

/** Class names and the class indices of each split. */
export interface ClassColumns {
  readonly classes: readonly string[];
  readonly labels: Readonly<Record<SplitName, Float32Array>>;
}

const MOST_CLASSES = 1000;
const SENTIMENT_ORDER = ["negative", "neutral", "positive"];

/** Returns a name without what people write differently by accident: case, spaces, Unicode form. */
export function foldedName(name: string): string {
  return name.normalize("NFKC").trim().replace(/\s+/gu, " ").toLowerCase();
}

/**
 * Orders distinct names: Negative, Neutral, Positive in this order, numbers by size, everything else by letter.
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
 * Turns names into class indices.
 *
 * @param classes the classes in their order; default: the names that occur, by {@link orderedClasses}
 * @param fold compares names by {@link foldedName}
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
              : `Join it with "${near}" with the option foldClasses (--fold-classes).`,
        },
      );
    }),
  );
  return { classes: known, labels };
}

/** Groups of classes whose names differ only in case, spaces or Unicode form. */
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
 * Joins classes whose names differ only in case, spaces or Unicode form. A joined class takes the spelling that
 * is most frequent in training, without spaces around it.
 *
 * @param reorder true orders the joined names anew; false keeps the order of the first of each group
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
