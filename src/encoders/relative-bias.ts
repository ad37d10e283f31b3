import { log } from "../core/math.js";

/** Larger distances share the last bucket of their side. */
export const FARTHEST = 128;

/**
 * Returns the bucket of the distance from a query to a key (Raffel et al. 2020). Half of the buckets are for
 * keys before the query, half for keys after it. The first part of each half holds exact distances, the rest
 * logarithmically growing spans.
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

/** Returns the bucket of each distance from 1 - T to T - 1, [2 T - 1]. */
export function relativeBuckets(steps: number, buckets: number): Int32Array {
  const reach = Math.max(steps, 1) - 1;
  return Int32Array.from({ length: 2 * reach + 1 }, (_, i) => relativeBucket(i - reach, buckets));
}
