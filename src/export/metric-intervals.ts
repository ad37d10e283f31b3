import { CheckpointError } from "../core/errors.js";
import { isRecord } from "../core/is-record.js";
import { integerAt, randomKey } from "../core/random.js";
import { outputsOf, type Task } from "../data/dataset.js";
import { quantileOf } from "../metrics/summary-statistics.js";
import { taskMetrics } from "../evaluate/task-metrics.js";

/** Predictions of a split with their labels, as stored in a run. */
export interface ScoredSplit {
  readonly size: number;
  /** Values or class probabilities, [N, outputs]. */
  readonly prediction: Float32Array;
  /** Labels [N, targets], or class indices [N]. */
  readonly labels: Float32Array;
}

export interface MetricInterval {
  readonly name: string;
  /** Value over the whole split; null if undefined. */
  readonly value: number | null;
  /** Middle 95% of the resampled splits; null if the metric is undefined on some of them. */
  readonly interval: readonly [number, number] | null;
}

/**
 * Reads predictions-test.jsonl.
 * @param what name of the file, for messages
 * @throws CheckpointError "checkpoint.format" for a line that is not a prediction of this task
 */
export function readScores(text: string, task: Task, what: string): ScoredSplit {
  const lines = text.split("\n").filter((line) => line !== "");
  const rows = lines.map((line, i) => readLine(line, task, `${what}, line ${i + 1}`));
  return {
    size: rows.length,
    prediction: Float32Array.from(rows.flatMap(({ prediction }) => prediction)),
    labels: Float32Array.from(rows.flatMap(({ label }) => label)),
  };
}

interface ScoredRow {
  readonly prediction: readonly number[];
  readonly label: readonly number[];
}

function readLine(line: string, task: Task, place: string): ScoredRow {
  const entry = parse(line, place);
  const { label, prediction, classes } = entry;
  if (task.kind === "classification")
    return { prediction: byName(classes, task.classes, place), label: [indexOf(label, task.classes, place)] };
  if (task.kind === "multi-label") {
    // decisions used the run's own thresholds; as logits, their sign gives the decision
    const states = (names: unknown, present: number, absent: number): number[] =>
      presence(names, task.labels, place).map((here) => (here ? present : absent));
    return { prediction: states(prediction, 1, -1), label: states(label, 1, 0) };
  }
  if (task.targets.length > 1)
    return { prediction: byName(prediction, task.targets, place), label: byName(label, task.targets, place) };
  return { prediction: [finite(prediction, place)], label: [finite(label, place)] };
}

function presence(names: unknown, labels: readonly string[], place: string): boolean[] {
  if (!Array.isArray(names) || !names.every((name) => typeof name === "string" && labels.includes(name)))
    throw damaged(place, `has labels that are not among ${labels.join(", ")}`);
  return labels.map((label) => names.includes(label));
}

function parse(line: string, place: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    if (isRecord(value)) return value;
  } catch (cause) {
    throw damaged(place, "is not JSON", cause);
  }
  throw damaged(place, "is not an object");
}

function byName(values: unknown, names: readonly string[], place: string): number[] {
  if (!isRecord(values)) throw damaged(place, `lacks values for ${names.join(", ")}`);
  return names.map((name) => finite(Object.hasOwn(values, name) ? values[name] : undefined, place));
}

function indexOf(label: unknown, classes: readonly string[], place: string): number {
  const index = classes.findIndex((name) => name === label);
  if (index < 0) throw damaged(place, `has a label that is not one of ${classes.join(", ")}`);
  return index;
}

function finite(value: unknown, place: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw damaged(place, "has a value that is not a number");
}

function damaged(place: string, reason: string, cause?: unknown): CheckpointError {
  return new CheckpointError("checkpoint.format", `${place} ${reason}`, {
    hint: "The run folder is damaged or was edited. Train again.",
    cause,
  });
}

/**
 * Computes every metric of the task with its percentile bootstrap interval (Efron 1979): samples are drawn
 * from the split with replacement, and the interval runs from the 2.5% to the 97.5% quantile. It covers the
 * choice of test samples, not other seeds.
 */
export function metricIntervals(scores: ScoredSplit, task: Task, resamples = 1000): MetricInterval[] {
  const whole = taskMetrics(task, scores.prediction, scores.labels).values;
  const drawn = new Map(Object.keys(whole).map((name) => [name, [] as number[]]));
  for (let r = 0; r < resamples; r++) {
    const sample = resampled(scores, task, r);
    for (const [name, value] of Object.entries(taskMetrics(task, sample.prediction, sample.labels).values))
      if (value !== null) drawn.get(name)?.push(value);
  }
  return Object.entries(whole).map(([name, value]) => {
    const values = (drawn.get(name) ?? []).sort((a, b) => a - b);
    return {
      name,
      value,
      interval:
        values.length === resamples && resamples > 0
          ? [quantileOf(values, 0.025), quantileOf(values, 0.975)]
          : null,
    };
  });
}

function resampled({ size, prediction, labels }: ScoredSplit, task: Task, round: number): ScoredSplit {
  const key = randomKey(round, "export/bootstrap");
  const [outputs, targets] = [outputsOf(task), labels.length / size];
  const out = {
    size,
    prediction: new Float32Array(prediction.length),
    labels: new Float32Array(labels.length),
  };
  for (let i = 0; i < size; i++) {
    const row = integerAt(key, i, size);
    out.prediction.set(prediction.subarray(row * outputs, (row + 1) * outputs), i * outputs);
    out.labels.set(labels.subarray(row * targets, (row + 1) * targets), i * targets);
  }
  return out;
}
