import { defined } from "../core/defined.js";
import { sqrt } from "../core/math.js";
import { checkPairs } from "./check-pairs.js";
import { pearson } from "./regression.js";

/** Returns the positions 0..n-1 in ascending order of value. Ties keep the order of positions. */
export function sortedOrder(values: ArrayLike<number>): number[] {
  const order = Array.from({ length: values.length }, (_, i) => i);
  return order.sort((i, j) => defined(values[i]) - defined(values[j]) || i - j);
}

/** Returns ranks from 1. Ties get the mean of their ranks (scipy.stats.rankdata, method "average"). */
export function averageRanks(values: ArrayLike<number>): Float64Array {
  const order = sortedOrder(values);
  const ranks = new Float64Array(order.length);
  forEachTie(values, order, (start, end) => {
    for (let i = start; i < end; i++) ranks[defined(order[i])] = (start + 1 + end) / 2;
  });
  return ranks;
}

/** Calls `visit` with each run [start, end) of equal values in `order`. */
export function forEachTie(
  values: ArrayLike<number>,
  order: readonly number[],
  visit: (start: number, end: number) => void,
): void {
  let start = 0;
  for (let end = 1; end <= order.length; end++) {
    if (end < order.length && values[defined(order[end])] === values[defined(order[start])]) continue;
    visit(start, end);
    start = end;
  }
}

/**
 * Spearman's rank correlation: Pearson's correlation of average ranks. In [-1, 1]. Null for constant input or
 * fewer than two samples.
 *
 * @throws DataError if empty or not finite
 */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  checkPairs("rank correlation", a, b);
  return pearson(averageRanks(a), averageRanks(b));
}

/**
 * Largest Spearman correlation of values without ties with `truth`, which may have ties.
 *
 * sqrt(1 - sum (t^3 - t) / (n^3 - n)) over groups of t equal values (tie correction of Kendall, Rank
 * Correlation Methods, chapter 3). It is 1 without ties. Null if all values are equal or there are fewer than
 * two.
 */
export function spearmanCeiling(truth: ArrayLike<number>): number | null {
  const count = truth.length;
  let tied = 0;
  forEachTie(truth, sortedOrder(truth), (start, end) => (tied += (end - start) ** 3 - (end - start)));
  const share = 1 - tied / (count ** 3 - count);
  return count < 2 || share <= 0 ? null : sqrt(share);
}
