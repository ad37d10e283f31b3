import { join } from "node:path";
import { mean } from "../../core/averages.js";
import { defined } from "../../core/defined.js";
import { DataError } from "../../core/errors.js";
import { isRecord } from "../../core/is-record.js";
import { parseJson } from "../../core/parse-json.js";
import type { Task } from "../../data/dataset.js";
import { readSmallText } from "../../data/files/read-small-file.js";
import { hasSign } from "../../data/label-scale.js";
import { sampleScores } from "../../experiments/sample-scores.js";
import { metricDirection } from "../../metrics/directions.js";
import { type AdjustedComparison, compareWithReference } from "../../experiments/statistics.js";
import { runFiles } from "../../runs/run-files.js";

/** Splits whose predictions a run folder has. */
export const SPLITS = ["test", "valid"] as const;
/** Split whose predictions a run folder has. */
export type SplitName = (typeof SPLITS)[number];

/** Comparison of runs. */
export interface ComparisonRequest {
  /** Names and folders of the runs. The first one is the reference. */
  readonly runs: readonly { readonly name: string; readonly folder: string }[];
  readonly split: SplitName;
  /** Confidence level of the intervals, in (0, 1). */
  readonly level: number;
}

/** One metric of several runs, each compared with the reference. */
export interface MetricComparison {
  readonly metric: string;
  /** Mean of the reference. */
  readonly reference: number;
  /** Paired tests. A positive difference: this run is better than the reference. */
  readonly runs: readonly (AdjustedComparison & { readonly run: string; readonly value: number })[];
}

/** Result of a comparison. */
export interface Comparison {
  readonly split: SplitName;
  readonly reference: string;
  readonly samples: number;
  readonly level: number;
  readonly metrics: readonly MetricComparison[];
}

/** Name of the file of a split's predictions in a run folder. */
export function predictionsFile(split: SplitName): string {
  return split === "test" ? runFiles.predictionsTest : runFiles.predictionsValid;
}

/** Largest file of predictions, in bytes. */
const LARGEST = 2 ** 28;

/**
 * Compares runs on the same samples with the paired tests of `reproduce`.
 * @throws DataError "data.not-found" for a run without predictions, "data.format" for unreadable predictions,
 * "data.invalid-value" for runs with different samples, labels or tasks
 */
export function compareRuns({ runs, split, level }: ComparisonRequest): Comparison {
  const read = runs.map(({ name, folder }) => readRun(name, folder, split));
  const reference = defined(read[0]);
  const others = read.slice(1).map((run) => matched(run, reference));
  const metrics = metricsOf(reference.task).flatMap((metric): MetricComparison[] => {
    const scoresOf = ({ predictions }: Scored): Float64Array | undefined =>
      sampleScores(metric, reference.task, predictions, reference.labels);
    const base = scoresOf(reference);
    if (!base || base.length === 0) return [];
    const scores = others.map((run) => defined(scoresOf(run)));
    const runsOf = compareWithReference(scores, base, { level }).map((test, i) => ({
      run: defined(others[i]).name,
      value: shown(metric, defined(scores[i])),
      ...test,
    }));
    return [{ metric, reference: shown(metric, base), runs: runsOf }];
  });
  return { split, reference: reference.name, samples: reference.ids.length, level, metrics };
}

interface Scored {
  readonly name: string;
  readonly task: Task;
  readonly ids: readonly string[];
  /** In the form of `sampleScores`. */
  readonly predictions: readonly number[];
  readonly labels: readonly number[];
}

/** Metrics that are means over samples. */
function metricsOf(task: Task): readonly string[] {
  if (task.kind !== "regression") return ["Accuracy"];
  return hasSign(task) ? ["MAE", "Has0_acc_2", "Non0_acc_2"] : ["MAE"];
}

function shown(metric: string, scores: ArrayLike<number>): number {
  const value = mean(Array.from(scores));
  return metricDirection(metric) === "lower" ? -value : value;
}

function readRun(name: string, folder: string, split: SplitName): Scored {
  const config = parsed(readSmallText(join(folder, runFiles.config), { limit: LARGEST }));
  const data = isRecord(config) ? config["data"] : undefined;
  const task = isRecord(data) && isRecord(data["task"]) ? (data["task"] as unknown as Task) : undefined;
  if (!task) throw unreadable(name, "its configuration has no task");
  const lines = readSmallText(join(folder, predictionsFile(split)), { limit: LARGEST })
    .trimEnd()
    .split("\n");
  const rows = lines.map((line, i) => {
    const row = parsed(line);
    if (!isRecord(row)) throw unreadable(name, `line ${i + 1} of ${predictionsFile(split)} is not an object`);
    return row;
  });
  const numbers = (key: "label" | "prediction"): number[] =>
    rows.flatMap((row, i) => {
      const values = asNumbers(row[key], task);
      if (values) return values;
      throw unreadable(name, `line ${i + 1} of ${predictionsFile(split)}: its ${key} does not fit the task`);
    });
  return {
    name,
    task,
    ids: rows.map(({ id }) => String(id)),
    predictions: numbers("prediction"),
    labels: numbers("label"),
  };
}

/** Parses JSON. Returns undefined for invalid text. */
function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** Returns a label or prediction as numbers. Undefined if it does not fit the task. */
function asNumbers(value: unknown, task: Task): readonly number[] | undefined {
  if (task.kind === "classification") {
    const index = task.classes.findIndex((name) => name === value);
    return index < 0 ? undefined : [index];
  }
  if (task.kind === "multi-label")
    return Array.isArray(value) ? task.labels.map((name) => (value.includes(name) ? 1 : 0)) : undefined;
  const values = isRecord(value) ? task.targets.map((name) => value[name]) : [value];
  const isFitting = values.length === task.targets.length;
  return isFitting && values.every((one) => typeof one === "number") ? values : undefined;
}

/** Returns a run with its samples in the order of the reference run. */
function matched(run: Scored, reference: Scored): Scored {
  const differ = (what: string): DataError =>
    new DataError("data.invalid-value", `the runs "${run.name}" and "${reference.name}" have ${what}`, {
      hint: "Compare runs of one data set with the same split.",
    });
  if (JSON.stringify(taskShape(run.task)) !== JSON.stringify(taskShape(reference.task)))
    throw differ("different tasks");
  const places = new Map(run.ids.map((id, i) => [id, i]));
  if (places.size !== reference.ids.length || run.ids.length !== places.size)
    throw differ("different samples");
  const width = run.labels.length / run.ids.length;
  const order = reference.ids.flatMap((id) => {
    const place = places.get(id);
    if (place === undefined) throw differ("different samples");
    return Array.from({ length: width }, (_, t) => place * width + t);
  });
  if (order.some((from, i) => run.labels[from] !== reference.labels[i])) throw differ("different labels");
  return { ...run, predictions: order.map((from) => defined(run.predictions[from])) };
}

function taskShape(task: Task): unknown {
  if (task.kind === "regression") return task.targets;
  return task.kind === "classification" ? { classes: task.classes } : { labels: task.labels };
}

function unreadable(name: string, why: string): DataError {
  return new DataError("data.format", `the run "${name}" cannot be compared: ${why}`, {
    hint: "Train it again, or compare other runs.",
  });
}
