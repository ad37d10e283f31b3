import { defined } from "./defined.js";

/** Arithmetic mean, summed in order; NaN without values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += defined(values[i]);
  return sum / values.length;
}

/** Arithmetic mean of values that may be unknown. Null without values, or if one of them is unknown. */
export function meanOrNull(values: readonly (number | null)[]): number | null {
  return values.includes(null) ? null : meanOfKnown(values);
}

/** Arithmetic mean of the known values. Null if none is known. */
export function meanOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : mean(known);
}

/** Median. For an even number of values, the mean of the middle two. NaN without values. */
export function median(values: ArrayLike<number>): number {
  if (values.length === 0) return NaN;
  const sorted = Float64Array.from(values).sort();
  const middle = (sorted.length - 1) / 2;
  return (defined(sorted[Math.floor(middle)]) + defined(sorted[Math.ceil(middle)])) / 2;
}
