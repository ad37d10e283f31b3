import { defined } from "../core/defined.js";
import { outputsOf, type RegressionTask, type Task } from "../data/dataset.js";
import { hasSign } from "../data/label-scale.js";
import { binMetrics, thresholdMetrics } from "../metrics/binned.js";
import { checkPairs } from "../metrics/check-pairs.js";
import { classificationMetrics } from "../metrics/classification.js";
import { mostProbable } from "../metrics/most-probable.js";
import { MetricCollector, type MetricReport } from "../metrics/metric-report.js";
import { bestThresholds, multiLabelMetrics, presentLabels } from "../metrics/multi-label.js";
import { multiTargetMetrics } from "../metrics/multi-target.js";
import { meanAbsoluteError, pearson } from "../metrics/regression.js";
import { authorsMetrics, sentimentMetrics, simsMetrics } from "../metrics/sentiment.js";

/**
 * Computes every metric that is defined for a task.
 *
 * - Regression of one target: MAE and Corr. A scale [-a, a] adds metrics by sign, and by rounding if a is 3
 *   or 2.
 * - A scale [-1, 1] adds the metrics of CH-SIMS. A stated threshold and bins add theirs.
 * - Regression of several targets: means of MAE and Corr.
 * - Classification: accuracy and F1.
 * - Multi-label: accuracy, weighted accuracy and F1 of each label.
 *
 * @param prediction [N, outputs]
 * @param labels [N, targets], [N] class indices, or [N, L] of 0 and 1
 * @param thresholds thresholds of a multi-label task, [L]; default 0.5
 * @throws DataError if empty or not finite
 */
export function taskMetrics(
  task: Task,
  prediction: Float32Array,
  labels: Float32Array,
  thresholds?: ArrayLike<number>,
): MetricReport {
  if (task.kind === "classification")
    return classificationMetrics(mostProbable(prediction, outputsOf(task)), labels, task.classes.length);
  if (task.kind === "multi-label") {
    checkPairs("multi-label metrics", prediction, labels);
    return multiLabelMetrics(presentLabels(prediction, outputsOf(task), thresholds), labels, task.labels);
  }
  if (task.targets.length > 1) return multiTargetMetrics(prediction, labels, task.targets);
  const reports = [...signMetrics(task, prediction, labels)];
  if (task.threshold !== undefined) reports.push(thresholdMetrics(prediction, labels, task.threshold));
  if (task.bins) reports.push(binMetrics(prediction, labels, task.bins));
  return {
    values: Object.assign({}, ...reports.map((report) => report.values)) as MetricReport["values"],
    warnings: reports.flatMap((report) => report.warnings),
  };
}

/**
 * Computes the metrics of the validation split. A multi-label task uses the best thresholds on that split.
 */
export function validationMetrics(task: Task, prediction: Float32Array, labels: Float32Array): MetricReport {
  const isMulti = task.kind === "multi-label" && prediction.every(Number.isFinite);
  const thresholds = isMulti ? bestThresholds(prediction, labels, outputsOf(task)) : undefined;
  return taskMetrics(task, prediction, labels, thresholds);
}

/** Computes metrics by sign and rounding for a scale with a sign, otherwise only MAE and Corr. */
function signMetrics(task: RegressionTask, prediction: Float32Array, labels: Float32Array): MetricReport[] {
  if (!hasSign(task)) return [plainRegression(prediction, labels)];
  const [low = NaN, high = NaN] = task.range ?? [];
  const bound = low === -high ? high : NaN;
  return [
    sentimentMetrics(prediction, labels, bound),
    authorsMetrics(prediction, labels, bound),
    ...(bound === 1 ? [simsMetrics(prediction, labels)] : []),
  ];
}

function plainRegression(prediction: Float32Array, labels: Float32Array): MetricReport {
  const out = new MetricCollector();
  out.add("MAE", meanAbsoluteError(prediction, labels), "no samples");
  out.add(
    "Corr",
    pearson(prediction, labels),
    "the predictions or the labels are all equal, or there is only one sample",
  );
  return out.report();
}

/**
 * Computes the risk of each sample: mean absolute error over targets, 1 for a wrong class, or the fraction of
 * wrong labels.
 *
 * @param thresholds thresholds of a multi-label task, [L]; default 0.5
 * @returns [N]
 */
export function sampleRisk(
  task: Task,
  prediction: Float32Array,
  labels: Float32Array,
  thresholds?: ArrayLike<number>,
): Float64Array {
  if (task.kind === "classification") {
    return Float64Array.from(mostProbable(prediction, task.classes.length), (chosen, i) =>
      chosen === labels[i] ? 0 : 1,
    );
  }
  const width = outputsOf(task);
  const values = task.kind === "multi-label" ? presentLabels(prediction, width, thresholds) : prediction;
  const out = new Float64Array(labels.length / width);
  for (let i = 0; i < labels.length; i++) {
    const row = Math.floor(i / width);
    out[row] = defined(out[row]) + Math.abs(defined(values[i]) - defined(labels[i])) / width;
  }
  return out;
}
