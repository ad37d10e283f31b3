// Helpers for v128. Buffers are 64-byte aligned and padded, and memory always extends beyond the last buffer.
// Reading up to 12 bytes past the end of a row is always safe. Writing past it is not: the next row may be
// there.

/** Writes the first `count` (1..3) lanes of `v`. */
export function storeTail(p: usize, v: v128, count: usize): void {
  v128.store32_lane(p, v, 0);
  if (count > 1) v128.store32_lane(p, v, 1, 4);
  if (count > 2) v128.store32_lane(p, v, 2, 8);
}

/**
 * sum + a * b, a term of a product. Two roundings; one in the build for fast arithmetic, if the processor has
 * fused multiply-add (relaxed SIMD leaves this to the machine).
 */
// @ts-ignore: decorator
@inline
export function addProduct(sum: v128, a: v128, b: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, sum) : f32x4.add(sum, f32x4.mul(a, b));
}

/** All ones in the first `count` lanes. */
// @ts-ignore: decorator
@inline
export function laneMask(count: usize): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(<i32>count));
}

/** (l0 + l1) + (l2 + l3). */
// @ts-ignore: decorator
@inline
export function sumLanes(v: v128): f32 {
  const low = f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1);
  return low + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** Largest lane; NaN if one lane is NaN. Without branches, which a processor would often guess wrong. */
// @ts-ignore: decorator
@inline
export function maxLanes(v: v128): f32 {
  const pairs = f32x4.max(v, v128.shuffle<i64>(v, v, 1, 0));
  return f32x4.extract_lane(f32x4.max(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2)), 0);
}

/**
 * Sum of `width` floats. The order depends on the width only. Four accumulators hide the latency of
 * additions.
 */
export function rowSum(p: usize, width: usize): f32 {
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  while (width >= 16) {
    a0 = f32x4.add(a0, v128.load(p));
    a1 = f32x4.add(a1, v128.load(p, 16));
    a2 = f32x4.add(a2, v128.load(p, 32));
    a3 = f32x4.add(a3, v128.load(p, 48));
    p += 64;
    width -= 16;
  }
  while (width >= 4) {
    a0 = f32x4.add(a0, v128.load(p));
    p += 16;
    width -= 4;
  }
  if (width > 0) a1 = f32x4.add(a1, v128.and(v128.load(p), laneMask(width)));
  return sumLanes(f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3)));
}

/** Sum of products of two rows. */
export function rowDot(p: usize, q: usize, width: usize): f32 {
  let a0 = f32x4.splat(0);
  let a1 = a0;
  while (width >= 8) {
    a0 = f32x4.add(a0, f32x4.mul(v128.load(p), v128.load(q)));
    a1 = f32x4.add(a1, f32x4.mul(v128.load(p, 16), v128.load(q, 16)));
    p += 32;
    q += 32;
    width -= 8;
  }
  if (width >= 4) {
    a0 = f32x4.add(a0, f32x4.mul(v128.load(p), v128.load(q)));
    p += 16;
    q += 16;
    width -= 4;
  }
  if (width > 0) a1 = f32x4.add(a1, v128.and(f32x4.mul(v128.load(p), v128.load(q)), laneMask(width)));
  return sumLanes(f32x4.add(a0, a1));
}

/** Largest of `width` floats, NaN if one is NaN, -Infinity for width 0. */
export function rowMax(p: usize, width: usize): f32 {
  const lowest = f32x4.splat(-Infinity);
  let best = lowest;
  while (width >= 4) {
    best = f32x4.max(best, v128.load(p));
    p += 16;
    width -= 4;
  }
  if (width > 0) best = f32x4.max(best, v128.bitselect(v128.load(p), lowest, laneMask(width)));
  return maxLanes(best);
}
