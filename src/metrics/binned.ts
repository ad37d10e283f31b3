import { checkPairs } from "./check-pairs.js";
import { accuracy, confusion, weightedF1 } from "./classification.js";
import { MetricCollector, type MetricReport } from "./metric-report.js";

/**
 * Returns the index of the half-open bin (lo, hi] that contains the value: the number of edges below it.
 *
 * Compares in single precision, because labels are stored so: 0.1 is in the bin that ends at 0.1.
 */
export function binOf(value: number, edges: readonly number[]): number {
  const single = Math.fround(value);
  return edges.filter((edge) => single > Math.fround(edge)).length;
}

/**
 * Computes `Threshold_acc_2` and `Threshold_F1_score` (weighted). The positive class is value > threshold.
 *
 * @throws DataError if empty or not finite
 */
export function thresholdMetrics(
  prediction: ArrayLike<number>,
  truth: ArrayLike<number>,
  threshold: number,
): MetricReport {
  const table = binTable("threshold metrics", prediction, truth, [threshold]);
  const out = new MetricCollector();
  out.add("Threshold_acc_2", accuracy(table), "there are no samples");
  out.add("Threshold_F1_score", weightedF1(table), "there are no samples");
  return out.report();
}

/**
 * Computes `Bins_acc_<count>`: fraction of predictions in the bin of their label.
 *
 * @param edges ascending; count = edges + 1
 * @throws DataError if empty or not finite
 */
export function binMetrics(
  prediction: ArrayLike<number>,
  truth: ArrayLike<number>,
  edges: readonly number[],
): MetricReport {
  const out = new MetricCollector();
  const table = binTable("bin metrics", prediction, truth, edges);
  out.add(`Bins_acc_${edges.length + 1}`, accuracy(table), "there are no samples");
  return out.report();
}

function binTable(
  what: string,
  prediction: ArrayLike<number>,
  truth: ArrayLike<number>,
  edges: readonly number[],
): ReturnType<typeof confusion> {
  checkPairs(what, prediction, truth);
  const bins = (values: ArrayLike<number>): number[] => Array.from(values, (value) => binOf(value, edges));
  return confusion(bins(prediction), bins(truth), edges.length + 1);
}
