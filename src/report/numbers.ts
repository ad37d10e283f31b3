/**
 * Formats a number for tables: fixed decimals, "n/a" if undefined. Uses the ASCII minus sign, so that the
 * text can be searched.
 */
export function fixed(value: number | null | undefined, decimals = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "n/a";
  return value.toFixed(decimals).replace(/^-(?=[0.]*$)/, ""); // no negative zero
}
