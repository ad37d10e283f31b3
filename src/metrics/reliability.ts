import { defined } from "../core/defined.js";
import { checkPairs } from "./check-pairs.js";
import { sortedOrder } from "./rank.js";

/** Bin of a reliability diagram: samples with similar predicted values. */
export interface ReliabilityBin {
  readonly samples: number;
  /** Mean predicted value: a confidence, an expected error or an uncertainty. */
  readonly predicted: number;
  /** Mean observed value: the fraction of right predictions, or the error. */
  readonly actual: number;
}

/**
 * Reliability diagram for probabilities (Niculescu-Mizil & Caruana 2005).
 *
 * Uses bins of equal width over [0, 1]: (k / bins, (k + 1) / bins]. Leaves out empty bins. The mean of
 * |actual - predicted|, weighted by samples, is the expected calibration error with the same number of bins.
 * @param confidence [N] in [0, 1]
 * @param right [N] 0 or 1
 * @throws DataError if empty or not finite
 */
export function confidenceBins(
  confidence: ArrayLike<number>,
  right: ArrayLike<number>,
  bins = 10,
): ReliabilityBin[] {
  checkPairs("reliability", confidence, right);
  const rows = Array.from({ length: confidence.length }, (_, i) => i);
  const binOf = (i: number): number =>
    Math.min(bins - 1, Math.max(0, Math.ceil(defined(confidence[i]) * bins) - 1));
  return Array.from({ length: bins }, (_, bin) => rows.filter((i) => binOf(i) === bin)).flatMap((rows) =>
    binFor(rows, confidence, right),
  );
}

/**
 * Reliability diagram for values without an upper bound: bins of about equal size, in ascending order of the
 * prediction.
 *
 * Ties may fall into neighbouring bins, in the order of the samples.
 * @param predicted [N]
 * @param actual [N]
 * @throws DataError if empty or not finite
 */
export function quantileBins(
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  bins = 10,
): ReliabilityBin[] {
  checkPairs("reliability", predicted, actual);
  const order = sortedOrder(predicted);
  const count = Math.min(bins, order.length);
  return Array.from({ length: count }, (_, b) =>
    order.slice(Math.floor((b * order.length) / count), Math.floor(((b + 1) * order.length) / count)),
  ).flatMap((rows) => binFor(rows, predicted, actual));
}

function binFor(
  rows: readonly number[],
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
): ReliabilityBin[] {
  if (rows.length === 0) return [];
  const mean = (values: ArrayLike<number>): number =>
    rows.reduce((sum, i) => sum + defined(values[i]), 0) / rows.length;
  return [{ samples: rows.length, predicted: mean(predicted), actual: mean(actual) }];
}
