import { EuarError } from "../../../core/errors.js";

/**
 * Returns element `i`. The reference backend checks every read.
 *
 * @throws EuarError "internal" outside the array
 */
export function at(values: ArrayLike<number>, i: number): number {
  const value = values[i];
  if (value === undefined)
    throw new EuarError("internal", `reference kernel read element ${i} of an array of ${values.length}`);
  return value;
}

/** values[i] += amount. */
export function add(
  values: { readonly length: number; [i: number]: number },
  i: number,
  amount: number,
): void {
  values[i] = at(values, i) + amount;
}
