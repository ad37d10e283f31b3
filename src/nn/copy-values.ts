import type { FloatArray } from "../tensor/backend.js";

/**
 * Returns a copy of values.
 * @param into array to overwrite, if it has their size
 */
export function copyValues(values: FloatArray, into: FloatArray | undefined): FloatArray {
  if (into?.length !== values.length) return values.slice();
  into.set(values);
  return into;
}
