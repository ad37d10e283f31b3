import { defined } from "../core/defined.js";
import { mean } from "../core/averages.js";
import { checkPairs } from "./check-pairs.js";

/**
 * Mean absolute error, sum |p - y| / N. In [0, inf).
 *
 * @throws DataError if empty or not finite
 */
export function meanAbsoluteError(prediction: ArrayLike<number>, truth: ArrayLike<number>): number {
  checkPairs("mean absolute error", prediction, truth);
  let sum = 0;
  for (let i = 0; i < truth.length; i++) sum += Math.abs(defined(prediction[i]) - defined(truth[i]));
  return sum / truth.length;
}

/**
 * Pearson's correlation, cov(p, y) / (std p std y). In [-1, 1]. Null for constant input or fewer than two
 * samples.
 *
 * @throws DataError if empty or not finite
 */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  checkPairs("correlation", a, b);
  if (isConstant(a) || isConstant(b)) return null;
  const meanA = mean(a);
  const meanB = mean(b);
  let products = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let i = 0; i < a.length; i++) {
    const da = defined(a[i]) - meanA;
    const db = defined(b[i]) - meanB;
    products += da * db;
    squaresA += da * da;
    squaresB += db * db;
  }
  const scale = Math.sqrt(squaresA) * Math.sqrt(squaresB);
  if (scale === 0) return null; // differences too small to square
  return Math.min(1, Math.max(-1, products / scale));
}

/** Returns true if all values are equal. Exact, unlike a test for zero variance, which rounding can break. */
function isConstant(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}
