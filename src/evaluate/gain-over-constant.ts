import { median } from "../core/averages.js";
import { log } from "../core/math.js";
import { defined } from "../core/defined.js";
import { labelsPerSample, outputsOf, type Task } from "../data/dataset.js";
import { mostProbable } from "../metrics/most-probable.js";
import { presentLabels } from "../metrics/multi-label.js";
import { meanAndDeviation } from "../metrics/summary-statistics.js";

/** Number of samples below which no gain is judged. */
export const LEAST_SAMPLES = 30;

/**
 * Normal quantile of a two-sided test at the level 0.01. The level is strict because the epoch was chosen on
 * the same samples.
 */
const CRITICAL = 2.576;

/** Best constant prediction of a target, class or state, and the error of a prediction. */
interface Column {
  readonly constant: number;
  readonly error: (predicted: number, label: number) => number;
}

/**
 * Compares predictions with the best constant, by sample. The constant is the median of the training labels
 * (regression), or their most frequent class or state.
 *
 * Regression: difference of the absolute errors, added over targets. Classification and multi-label:
 * difference of the errors (0 or 1), weighted by the inverse frequency of the true class or state. So a
 * prediction of the most frequent class alone is no better than chance.
 *
 * @param prediction values or logits, [N, outputs]
 * @param labels [N, targets], [N] class indices, or [N, L] of 0 and 1
 * @param train labels of the training split, in the same form
 * @returns [N], positive where the prediction is better than the constant
 */
export function gainOverConstant(
  task: Task,
  prediction: Float32Array,
  labels: Float32Array,
  train: Float32Array,
): Float64Array {
  const width = labelsPerSample(task);
  const columns = Array.from({ length: width }, (_, c) => {
    const own = train.filter((_, i) => i % width === c);
    return task.kind === "regression" ? valueColumn(own) : stateColumn(own);
  });
  const gains = new Float64Array(labels.length / width);
  const decided = decisions(task, prediction);
  labels.forEach((label, i) => {
    const { constant, error } = defined(columns[i % width]);
    const row = Math.floor(i / width);
    gains[row] = defined(gains[row]) + error(constant, label) - error(defined(decided[i]), label);
  });
  return gains;
}

/**
 * Returns the outputs of the best constant prediction: the median of the training labels (regression), or the
 * logits of the frequencies of classes or states, each counted once more than it occurs.
 * @param train labels of the training split, as for {@link gainOverConstant}
 * @returns [outputs]
 */
export function constantOutputs(task: Task, train: Float32Array): Float64Array {
  const width = labelsPerSample(task);
  const own = (c: number): Float32Array => train.filter((_, i) => i % width === c);
  const logOfCount = (labels: Float32Array, state: number): number =>
    log(1 + labels.filter((label) => label === state).length);
  return Float64Array.from({ length: outputsOf(task) }, (_, output) => {
    if (task.kind === "regression") return median(own(output));
    if (task.kind === "classification") return logOfCount(train, output);
    return logOfCount(own(output), 1) - logOfCount(own(output), 0);
  });
}

/**
 * Returns true if the mean gain is positive beyond chance: a paired test with p < 0.01, two-sided. Undefined
 * for fewer than {@link LEAST_SAMPLES} samples.
 */
export function isGain(gains: Float64Array): boolean | undefined {
  if (gains.length < LEAST_SAMPLES) return undefined;
  const { mean, deviation } = meanAndDeviation([...gains]);
  return mean > 0 && mean > (CRITICAL * (deviation ?? 0)) / Math.sqrt(gains.length);
}

function decisions(task: Task, prediction: Float32Array): ArrayLike<number> {
  if (task.kind === "regression") return prediction;
  return task.kind === "classification"
    ? mostProbable(prediction, outputsOf(task))
    : presentLabels(prediction, outputsOf(task));
}

function valueColumn(train: Float32Array): Column {
  return { constant: median(train), error: (predicted, label) => Math.abs(predicted - label) };
}

function stateColumn(train: Float32Array): Column {
  const counts = new Map<number, number>();
  for (const state of train) counts.set(state, (counts.get(state) ?? 0) + 1);
  const [constant = 0] = [...counts].sort(([a, m], [b, n]) => n - m || a - b).map(([state]) => state);
  const mean = train.length / counts.size;
  return {
    constant,
    error: (predicted, label) => (predicted === label ? 0 : mean / (counts.get(label) ?? mean)),
  };
}
