/** @param {readonly number[]} values */
export function median(values) {
  return quantile(values, 0.5);
}

/**
 * Returns the value at rank ceil(q n) of the sorted values.
 * @param {readonly number[]} values
 * @param {number} q in (0, 1]
 */
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.at(Math.max(0, Math.ceil(q * sorted.length) - 1)) ?? NaN;
}

/**
 * Rounds for display.
 * @param {number} value
 * @param {number} digits significant digits
 */
export function significant(value, digits = 3) {
  return Number(value.toPrecision(digits));
}
