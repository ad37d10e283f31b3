import { defined } from "../core/defined.js";
import type { Task } from "../data/dataset.js";

/**
 * Returns the score of each test sample whose mean is the metric. For MAE the score is the negative error, so
 * that larger is better. Undefined for a metric that is not a mean over samples, such as F1 or a correlation.
 * @param predictions regression: [N * targets]; classification: [N] class indices; multi-label: [N * L] of 0,
 * 1
 * @param labels same form as `predictions`
 */
export function sampleScores(
  metric: string,
  task: Task,
  predictions: ArrayLike<number>,
  labels: ArrayLike<number>,
): Float64Array | undefined {
  if (task.kind === "classification")
    return metric === "Accuracy" ? pairs(predictions, labels, (p, y) => (p === y ? 1 : 0)) : undefined;
  if (task.kind === "multi-label")
    return metric === "Accuracy"
      ? absoluteErrors(predictions, labels, task.labels.length).map((wrong) => 1 + wrong)
      : undefined;
  if (metric === "MAE") return absoluteErrors(predictions, labels, task.targets.length);
  if (task.targets.length > 1) return undefined;
  if (metric === "Has0_acc_2") return pairs(predictions, labels, (p, y) => (p >= 0 === y >= 0 ? 1 : 0));
  if (metric === "Non0_acc_2")
    return pairs(predictions, labels, (p, y) => (y === 0 ? NaN : p > 0 === y > 0 ? 1 : 0)).filter(
      (score) => !Number.isNaN(score),
    );
  return undefined;
}

function pairs(
  predictions: ArrayLike<number>,
  labels: ArrayLike<number>,
  score: (prediction: number, label: number) => number,
): Float64Array {
  return Float64Array.from({ length: labels.length }, (_, n) =>
    score(defined(predictions[n]), defined(labels[n])),
  );
}

/** Returns the negative absolute error, mean over the targets. */
function absoluteErrors(
  predictions: ArrayLike<number>,
  labels: ArrayLike<number>,
  targets: number,
): Float64Array {
  return Float64Array.from({ length: labels.length / targets }, (_, n) => {
    let sum = 0;
    for (let t = n * targets; t < (n + 1) * targets; t++)
      sum -= Math.abs(defined(predictions[t]) - defined(labels[t]));
    return sum / targets;
  });
}
