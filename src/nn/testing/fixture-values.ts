import { normalAt, randomKey } from "../../core/random.js";

/**
 * Values that tests and Python scripts (scripts/fixtures/counter_random.py) both compute from a name. Fixture
 * files then need only results.
 */
export function fixtureValues(name: string, size: number, scale = 1): Float32Array {
  const key = randomKey(7, `fixture/${name}`);
  return Float32Array.from({ length: size }, (_, i) => scale * normalAt(key, i));
}
