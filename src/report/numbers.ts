/**
 * A number as tables print it: fixed decimals, a real minus sign nowhere (text must be greppable), "n/a" for
 * what is undefined.
 */
export function fixed(value: number | null | undefined, decimals = 3): string {
  return value === null || value === undefined || !Number.isFinite(value) ? "n/a" : value.toFixed(decimals);
}
