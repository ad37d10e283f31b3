import { normalAt, randomKey } from "../../core/random.js";

/**
 * Values that tests and the Python scripts (scripts/fixtures/counter_random.py) both compute from a name, so
 * that fixture files hold results only.
 */
export function fixtureValues(name: string, size: number, scale = 1): Float32Array {
  const key = randomKey(7, `fixture/${name}`);
  return Float32Array.from({ length: size }, (_, i) => scale * normalAt(key, i));
}
