import { EuarError } from "./errors.js";

/**
 * Returns an array element that must exist. `defined(values[i])` replaces `values[i] ?? 0`, which would hide
 * a wrong index.
 *
 * The caller reads the array, so that each loop stays specialised to its kind of array. A shared function
 * that reads arrays of every kind is many times slower.
 * @throws EuarError "internal" for an index outside the array
 */
export function defined<T>(value: T | undefined): T {
  if (value === undefined) throw outOfBounds();
  return value;
}

/** Makes the error. `defined` without this code is small enough for engines to inline it into loops. */
function outOfBounds(): EuarError {
  return new EuarError("internal", "an array was read outside its bounds");
}
