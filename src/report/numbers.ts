/**
 * A number as tables print it: fixed decimals, a real minus sign nowhere (text must be greppable), "n/a" for
 * what is undefined.
 */
export function fixed(value: number | null | undefined, decimals = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "n/a";
  return value.toFixed(decimals).replace(/^-(?=[0.]*$)/, ""); // no negative zero
}
