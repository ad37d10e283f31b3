import { EuarError } from "./errors.js";

/**
 * An element that must be there: `defined(values[i])` instead of `values[i] ?? 0`, which would hide a wrong
 * index. The array is read by the caller, so that each loop stays specialised to its kind of array; a shared
 * function that reads arrays of every kind is many times slower.
 * @throws EuarError "internal" for an index outside the array
 */
export function defined<T>(value: T | undefined): T {
  if (value === undefined) throw new EuarError("internal", "an element outside of an array was read");
  return value;
}
