import { DataError } from "../../core/errors.js";
import { isRecord } from "../../core/is-record.js";
import { suggestion } from "../../core/nearest.js";
import { outputNames, type Task } from "../../data/dataset.js";

/** Label in a request: a number, numbers by target, a class, or the labels that are present. */
export type LabelValue = number | string | readonly string[] | Readonly<Record<string, number>>;

/** Parts of a prediction that show its task. */
export interface PredictedForm {
  readonly prediction: unknown;
  /** Probabilities by class. */
  readonly classes?: object | undefined;
  /** Decisions by label. */
  readonly labels?: object | undefined;
}

/**
 * Checks that a label is one that the task can have: its form, its names, and its scale if that is known. A
 * label of several targets may lack some of them.
 * @throws DataError "data.invalid-value"
 */
export function requireLabel(label: LabelValue, task: Task): void {
  if (task.kind === "regression") requireNumbers(label, task);
  else if (task.kind === "classification") {
    if (typeof label !== "string") throw otherForm(label, "the name of a class");
    requireNames([label], "class", task.classes);
  } else {
    if (!Array.isArray(label)) throw otherForm(label, "a list of the labels that are present");
    requireNames(label as readonly string[], "label", task.labels);
  }
}

/**
 * Returns the task of a stored prediction, which it shows by its form.
 * @param range scale of the labels of a regression; null if it is unknown
 */
export function taskOfPrediction(
  { prediction, classes, labels }: PredictedForm,
  range: readonly [number, number] | null,
): Task {
  if (classes) return { kind: "classification", classes: Object.keys(classes) };
  if (labels) return { kind: "multi-label", labels: Object.keys(labels) };
  const targets = isRecord(prediction) ? Object.keys(prediction) : ["label"];
  return { kind: "regression", targets, ...(range && { range }) };
}

function requireNumbers(label: LabelValue, task: Extract<Task, { readonly kind: "regression" }>): void {
  const { targets, range } = task;
  if (targets.length === 1) {
    if (typeof label !== "number") throw otherForm(label, "a number");
    requireInside(label, range, "the label");
    return;
  }
  const entries = isRecord(label) ? Object.entries(label) : [];
  if (entries.length === 0) throw otherForm(label, "a number by target");
  requireNames(Object.keys(label), "target", outputNames(task));
  for (const [name, value] of entries) requireInside(value, range, `the label of ${JSON.stringify(name)}`);
}

function requireInside(value: number, range: readonly [number, number] | undefined, what: string): void {
  if (range === undefined || (value >= range[0] && value <= range[1])) return;
  throw new DataError("data.invalid-value", `${what} is ${value}, outside the scale of the labels`, {
    hint: `Give a number from ${range[0]} to ${range[1]}.`,
  });
}

function requireNames(given: readonly string[], what: string, known: readonly string[]): void {
  const unknown = given.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new DataError("data.invalid-value", `there is no ${what} ${JSON.stringify(unknown)}`, {
    hint: suggestion(unknown, known),
  });
}

function otherForm(label: LabelValue, expected: string): DataError {
  return new DataError("data.invalid-value", `the label is ${JSON.stringify(label)}, expected ${expected}`, {
    hint: "Give a label in the form of the prediction.",
  });
}
