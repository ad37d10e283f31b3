import { log } from "../core/math.js";
import { gatherRows, permute, reshape } from "../tensor/ops/shape-ops.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";

/** Distances from here on share the last bucket of their side. */
const FARTHEST = 128;

/**
 * Bucket of the distance from a query to a key: half of the buckets for keys before it and half for keys
 * behind it, of each half the first half for exact distances, the rest for logarithmically growing spans
 * (Raffel et al. 2020).
 * @param distance key position - query position
 */
export function relativeBucket(distance: number, buckets: number): number {
  const side = Math.floor(buckets / 2);
  const start = distance > 0 ? side : 0;
  const far = Math.abs(distance);
  const exact = Math.floor(side / 2);
  if (far < exact) return start + far;
  const spans = (log(Math.fround(far / exact)) / log(FARTHEST / exact)) * (side - exact);
  return start + Math.min(exact + Math.floor(Math.fround(spans)), side - 1);
}

/**
 * The bias of every (query, key) pair.
 * @param table [buckets, heads]
 * @returns [heads, T, T]
 */
export function relativeBias(tape: Tape, table: Tensor, steps: number): Tensor {
  const [buckets, heads] = [table.extent(0), table.extent(1)];
  const indices = new Int32Array(steps * steps);
  for (let q = 0; q < steps; q++)
    for (let k = 0; k < steps; k++) indices[q * steps + k] = relativeBucket(k - q, buckets);
  const pairs = reshape(tape, gatherRows(tape, table, indices), [steps, steps, heads]); // [T, T, heads]
  return permute(tape, pairs, [2, 0, 1]); // [heads, T, T]
}
