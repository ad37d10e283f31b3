import { defined } from "../../core/defined.js";
import { ConfigError, DataError } from "../../core/errors.js";
import { type LabelReading, SPLIT_NAMES, type SplitName, type Task, type TaskKind } from "../dataset.js";
import { mapSplits } from "./raw-dataset.js";
import { assumeTask, oneHotError } from "./assume-task.js";
import { classColumns, type ClassColumns, foldClasses, similarClasses } from "./class-names.js";
import { regressionScale } from "./regression-scale.js";
import type { LabelOptions } from "./load-options.js";
import type { StatedTask } from "./stated-task.js";

/** Labels of a source, before a task is chosen. */
export interface RawLabels {
  /** For messages, e.g. `file.pkl: labels`. */
  readonly place: string;
  readonly found: FoundNumbers | FoundNames;
  /** Task that the source states for its labels. */
  readonly stated?: StatedTask | undefined;
}

export interface FoundNumbers {
  readonly kind: "numbers";
  /** One name per column. */
  readonly columns: readonly string[];
  /** True if the source names the columns. */
  readonly named?: boolean;
  /** [N, columns]. */
  readonly values: Readonly<Record<SplitName, Float64Array>>;
  /** True for labels that were stored as pairs (absent, present). */
  readonly pairs?: boolean;
}

export interface FoundNames {
  readonly kind: "names";
  readonly values: Readonly<Record<SplitName, readonly string[]>>;
}

/** Task and labels of each split, in the form of `RawSplit`. */
export interface LabelColumns {
  readonly task: Task;
  readonly labels: Readonly<Record<SplitName, Float32Array>>;
  readonly reading: LabelReading;
  /** Remarks for the data set's notes. */
  readonly notes: readonly string[];
}

/** Chosen task, the kind of evidence for it, and the reason in words. */
interface Decision {
  readonly kind: TaskKind;
  readonly source: LabelReading["source"];
  readonly because: string;
}

/**
 * Chooses the task of labels and reads them accordingly. Options override the task that the source states,
 * which overrides the form of the training labels. Every reader uses this function.
 *
 * @throws DataError "data.format" for labels without columns
 * @throws DataError "data.invalid-value" for labels that do not fit the task
 * @throws ConfigError "config.conflict" for options that do not fit the task
 */
export function readLabels(raw: RawLabels, options: LabelOptions): LabelColumns {
  if (raw.found.kind === "numbers" && raw.found.columns.length === 0)
    throw new DataError("data.format", `${raw.place}: the labels have no columns.`, {
      hint: "Give each sample at least one label.",
    });
  const decision = decide(raw, options);
  refuseOptions(decision, options);
  if (decision.kind === "classification") return readClasses(raw, decision, options.foldClasses === true);
  if (raw.found.kind === "names") throw notNumbers(raw, decision);
  return decision.kind === "regression"
    ? readTargets(raw, raw.found, decision, options)
    : readPresence(raw, raw.found, decision, options.threshold ?? raw.stated?.threshold);
}

function decide({ found, stated }: RawLabels, { task }: LabelOptions): Decision {
  if (task !== undefined) return { kind: task, source: "stated", because: "the option task says so" };
  if (stated !== undefined) return { kind: stated.kind, source: "stated", because: `${stated.by} says so` };
  if (found.kind === "names")
    return { kind: "classification", source: "found", because: "the labels are names" };
  if (found.pairs === true)
    return { kind: "multi-label", source: "assumed", because: "the labels are pairs (absent, present)" };
  const { kind, because, isDoubtful } = assumeTask(found.values.train, found.columns.length);
  const source = isDoubtful ? "assumed" : "found";
  return { kind, source, because: `the training labels are ${because}` };
}

function refuseOptions(
  { kind }: Decision,
  { range, threshold, bins, foldClasses: fold }: LabelOptions,
): void {
  const idle = [
    ["range", range !== undefined && kind !== "regression"],
    ["bins", bins !== undefined && kind !== "regression"],
    ["threshold", threshold !== undefined && kind === "classification"],
    ["foldClasses", fold === true && kind !== "classification"],
  ] as const;
  for (const [name, isIdle] of idle) {
    if (!isIdle) continue;
    throw new ConfigError("config.conflict", `The option ${name} has no meaning for the task ${kind}.`, {
      hint: "Omit it, or state another task with the option task.",
    });
  }
}

function readTargets(
  { place, stated }: RawLabels,
  { columns, values, pairs }: FoundNumbers,
  decision: Decision,
  options: LabelOptions,
): LabelColumns {
  if (pairs === true)
    throw new DataError("data.invalid-value", `${place}: pairs (absent, present) are not a scale.`, {
      hint: "Choose the task multi-label, or store one number per target.",
    });
  const targets = stated?.kind === "regression" ? (stated.names ?? columns) : columns;
  const labels = mapSplits((name) => Float32Array.from(values[name]));
  const { scale, text, rangeFound, notes } = regressionScale({ place, targets, labels, stated, options });
  const others = decision.source === "assumed" ? "; the task classification reads them as classes" : "";
  return {
    task: { kind: "regression", targets, ...scale },
    labels,
    reading: {
      source: decision.source,
      text: `regression of ${listed(targets)}, because ${decision.because}${others}; ${text}`,
      ...(rangeFound && { rangeFound }),
    },
    notes,
  };
}

function readPresence(
  { place, stated }: RawLabels,
  { columns, values }: FoundNumbers,
  decision: Decision,
  threshold: number | undefined,
): LabelColumns {
  const names = stated?.kind === "multi-label" ? (stated.names ?? columns) : columns;
  const width = columns.length;
  const labels = mapSplits((split) =>
    Float32Array.from(values[split], (value, i) => {
      if (threshold !== undefined && Number.isFinite(value)) return value > threshold ? 1 : 0;
      if (value === 0 || value === 1) return value;
      throw new DataError(
        "data.invalid-value",
        `${place}: label "${names[i % width] ?? ""}" of sample ${Math.floor(i / width)} of ${split} is ` +
          `${value}, ` +
          "but the task multi-label needs 0 for absent or 1 for present.",
        { hint: "Give a threshold above which a number counts as present (--threshold 0)." },
      );
    }),
  );
  const above = threshold === undefined ? "" : `; present means above ${threshold}`;
  return {
    task: { kind: "multi-label", labels: names, ...(threshold !== undefined && { threshold }) },
    labels,
    reading: {
      source: decision.source,
      text:
        `${width} ${width === 1 ? "label" : "labels"} that may occur together (${listed(names)}), because ` +
        `${decision.because}${above}`,
    },
    notes: [],
  };
}

function readClasses(raw: RawLabels, decision: Decision, fold: boolean): LabelColumns {
  const { place, found, stated } = raw;
  const names = stated?.kind === "classification" ? stated.names : undefined;
  const read =
    found.kind === "names"
      ? classColumns(found.values, names, place, fold)
      : numberedClasses(raw, found, names);
  const similar = similarClasses(read.classes);
  const { classes, labels } = fold && similar.length > 0 ? foldClasses(read, names === undefined) : read;
  const groups = similar.map((group) => group.map((name) => `"${name}"`).join(" = ")).join("; ");
  const notes =
    similar.length === 0
      ? []
      : [
          fold
            ? `class names were merged: ${groups}`
            : `warning: classes differ only in case or spaces: ${groups} (--fold-classes merges them)`,
        ];
  const others = decision.source === "assumed" ? "; the task regression reads them as numbers" : "";
  return {
    task: { kind: "classification", classes },
    labels,
    reading: {
      source: decision.source,
      text: `${classes.length} classes (${listed(classes)}), because ${decision.because}${others}`,
    },
    notes,
  };
}

/** Reads class numbers in one column, or one-hot rows. */
function numberedClasses(
  { place }: RawLabels,
  { columns, values, named }: FoundNumbers,
  names: readonly string[] | undefined,
): ClassColumns {
  const width = columns.length;
  if (width > 1) {
    const classes = names ?? (named === true ? columns : columns.map((_, c) => String(c)));
    return {
      classes,
      labels: mapSplits((split) => oneHotClasses(values[split], classes, width, `${place}, ${split}`)),
    };
  }
  for (const split of SPLIT_NAMES) {
    const bad = values[split].findIndex((value) => !Number.isInteger(value));
    if (bad >= 0)
      throw new DataError(
        "data.invalid-value",
        `${place}: the class of sample ${bad} of ${split} is ${defined(values[split][bad])}, ` +
          "which is not a whole number.",
        { hint: "Choose the task regression instead." },
      );
  }
  if (names !== undefined) return indexedClasses(values, names, place);
  return classColumns(
    mapSplits((split) => Array.from(values[split], String)),
    undefined,
    place,
    false,
  );
}

function indexedClasses(
  values: FoundNumbers["values"],
  classes: readonly string[],
  place: string,
): ClassColumns {
  for (const split of SPLIT_NAMES) {
    const bad = values[split].findIndex((value) => value < 0 || value >= classes.length);
    if (bad < 0) continue;
    throw new DataError(
      "data.invalid-value",
      `${place}: the label of sample ${bad} of ${split} is ${defined(values[split][bad])}, but there are ` +
        `${classes.length} classes, counted from 0.`,
      { hint: "Correct the label, or name all classes." },
    );
  }
  return { classes, labels: mapSplits((split) => Float32Array.from(values[split])) };
}

/** Converts one-hot rows to class indices. [N, C] -> [N] */
function oneHotClasses(
  rows: Float64Array,
  classes: readonly string[],
  width: number,
  place: string,
): Float32Array {
  if (classes.length !== width)
    throw new DataError(
      "data.format",
      `${place}: there are ${width} one-hot columns, but ${classes.length} classes.`,
      { hint: "Name one class per column." },
    );
  const bad = oneHotError(rows, width);
  if (bad >= 0)
    throw new DataError(
      "data.invalid-value",
      `${place}: the labels of sample ${bad} are ` +
        `(${rows.subarray(bad * width, (bad + 1) * width).join(", ")}), ` +
        "but classes in several columns must be one-hot: a single 1 among zeros.",
      { hint: "Choose the task multi-label if several may be 1, or regression for numbers." },
    );
  return Float32Array.from({ length: rows.length / width }, (_, row) =>
    rows.subarray(row * width, (row + 1) * width).indexOf(1),
  );
}

function notNumbers({ place, found }: RawLabels, { kind, because }: Decision): DataError {
  const [example = ""] = found.kind === "names" ? found.values.train : [];
  return new DataError(
    "data.invalid-value",
    `${place}: the labels are names such as "${example}", but the task is ${kind}, because ${because}.`,
    {
      hint:
        kind === "regression"
          ? "Store the labels as numbers, or choose the task classification or another target."
          : "Store one column of 0 and 1 per label, or choose the task classification.",
    },
  );
}

/** Lists the first names. */
function listed(names: readonly string[]): string {
  return names.length <= 10 ? names.join(", ") : `${names.slice(0, 10).join(", ")}, ...`;
}
