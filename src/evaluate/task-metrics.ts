import type { Task } from "../data/dataset.js";
import { outputsOf } from "../data/dataset.js";
import { classificationMetrics } from "../metrics/classification.js";
import { mostProbable } from "../metrics/most-probable.js";
import { MetricCollector, type MetricReport } from "../metrics/metric-report.js";
import { multiTargetMetrics } from "../metrics/multi-target.js";
import { meanAbsoluteError, pearson } from "../metrics/regression.js";
import { authorsMetrics, sentimentMetrics, simsMetrics } from "../metrics/sentiment.js";

/**
 * Every metric of a task. Regression of one target that can be negative: the conventions of MOSI and of the
 * published code, or, for labels in [-1, 1], also those of CH-SIMS. Labels that are never negative: MAE and
 * Corr. Several targets: their means. Classes: accuracy and F1.
 * @param prediction [N, outputs] @param labels [N, targets] or [N] class indices
 * @throws DataError if empty or not finite
 */
export function taskMetrics(task: Task, prediction: Float32Array, labels: Float32Array): MetricReport {
  if (task.kind === "classification")
    return classificationMetrics(mostProbable(prediction, outputsOf(task)), labels, task.classes.length);
  if (task.targets.length > 1) return multiTargetMetrics(prediction, labels, task.targets);
  const [low, high] = task.range ?? [-3, 3];
  if (low >= 0) return plainRegression(prediction, labels);
  const reports = [sentimentMetrics(prediction, labels), authorsMetrics(prediction, labels)];
  if (low === -1 && high === 1) reports.push(simsMetrics(prediction, labels));
  return {
    values: Object.assign({}, ...reports.map((report) => report.values)) as MetricReport["values"],
    warnings: reports.flatMap((report) => report.warnings),
  };
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

/** What one sample's prediction cost: mean absolute error over targets, or 1 for a wrong class. [N] */
export function sampleRisk(task: Task, prediction: Float32Array, labels: Float32Array): Float64Array {
  if (task.kind === "classification") {
    return Float64Array.from(mostProbable(prediction, task.classes.length), (chosen, i) =>
      chosen === labels[i] ? 0 : 1,
    );
  }
  const width = task.targets.length;
  const out = new Float64Array(labels.length / width);
  for (let i = 0; i < labels.length; i++) {
    const row = Math.floor(i / width);
    out[row] = (out[row] ?? 0) + Math.abs((prediction[i] ?? NaN) - (labels[i] ?? NaN)) / width;
  }
  return out;
}
