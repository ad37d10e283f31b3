import { defined } from "../core/defined.js";
import { mean } from "../core/averages.js";

/** Mean and sample standard deviation (n - 1). The deviation is null for fewer than two values. */
export function meanAndDeviation(values: readonly number[]): {
  readonly mean: number;
  readonly deviation: number | null;
} {
  const centre = mean(values);
  if (values.length < 2) return { mean: centre, deviation: null };
  const squares = values.reduce((sum, value) => sum + (value - centre) * (value - centre), 0);
  return { mean: centre, deviation: Math.sqrt(squares / (values.length - 1)) };
}

/**
 * Quantile q by linear interpolation between order statistics (numpy's default).
 *
 * @param sorted ascending, not empty
 */
export function quantileOf(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return NaN;
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const low = defined(sorted[below]);
  const high = defined(sorted[Math.min(below + 1, sorted.length - 1)]);
  return low + (position - below) * (high - low);
}
