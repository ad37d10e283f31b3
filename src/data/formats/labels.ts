import { DataError } from "../../core/errors.js";
import type { SplitName, Task } from "../dataset.js";
import { mapSplits, SPLIT_NAMES } from "./assemble-dataset.js";

/** A task and the labels of each split, as {@link RawSplit} wants them. */
export interface LabelColumns {
  readonly task: Task;
  readonly labels: Readonly<Record<SplitName, Float32Array>>;
}

/**
 * Numbers to predict. `columns` targets per sample, named after the key (or key_0, key_1, ... if there are
 * several).
 */
export function regressionLabels(
  values: Readonly<Record<SplitName, Float64Array>>,
  targets: readonly string[],
): LabelColumns {
  const labels = mapSplits((name) => Float32Array.from(values[name]));
  const range = sentimentRange(SPLIT_NAMES.map((name) => labels[name]));
  return { task: { kind: "regression", targets, ...(range === undefined ? {} : { range }) }, labels };
}

/**
 * The scale that a single sentiment label is on, going by its largest absolute value: [-1, 1] (SIMS), [-3, 3]
 * (MOSI, MOSEI), or unknown.
 */
function sentimentRange(labels: readonly Float32Array[]): [number, number] | undefined {
  let least = Infinity;
  let most = -Infinity;
  for (const column of labels) {
    for (const label of column) {
      least = Math.min(least, label);
      most = Math.max(most, label);
    }
  }
  if (!(least < 0)) return undefined;
  const size = Math.max(-least, most);
  if (size <= 1) return [-1, 1];
  return size <= 3 ? [-3, 3] : undefined;
}

/**
 * Names to predict, as class indices in `classes`. @throws DataError "data.invalid-value" for a name that is
 * not among them
 */
export function namedClasses(
  names: Readonly<Record<SplitName, readonly string[]>>,
  classes: readonly string[] | undefined,
  place: string,
): LabelColumns {
  const known = classes ?? classesOf(SPLIT_NAMES.flatMap((name) => names[name]));
  const index = new Map(known.map((name, i) => [name, i]));
  const labels = mapSplits((split) =>
    Float32Array.from(names[split], (name, i) => {
      const value = index.get(name);
      if (value !== undefined) return value;
      throw new DataError(
        "data.invalid-value",
        `${place}: the label of sample ${i} of ${split} is "${name}", which is not one of the classes ${known.join(", ")}.`,
      );
    }),
  );
  return { task: { kind: "classification", classes: known }, labels };
}

const MOST_CLASSES = 1000;
const SENTIMENT_ORDER = ["negative", "neutral", "positive"];

/** Distinct names: Negative, Neutral, Positive in this order, numbers by size, everything else by letter. */
function classesOf(names: readonly string[]): string[] {
  const distinct = [...new Set(names)];
  if (distinct.length > MOST_CLASSES) {
    throw new DataError(
      "data.invalid-value",
      `the labels have ${distinct.length} different values, which cannot be classes.`,
      { hint: "Choose another target." },
    );
  }
  const rank = (name: string): number => SENTIMENT_ORDER.indexOf(name.toLowerCase());
  if (distinct.every((name) => rank(name) >= 0)) return distinct.sort((a, b) => rank(a) - rank(b));
  if (distinct.every((name) => name !== "" && Number.isFinite(Number(name))))
    return distinct.sort((a, b) => Number(a) - Number(b));
  return distinct.sort();
}
