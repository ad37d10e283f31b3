// Threefry-2x32 with 20 rounds, four counters at a time. Gives exactly the integers of src/core/random.ts.
import { at, logOfParts } from "../../../../kernels/math";

/** sin(r) = r + r^3 P(r^2) and cos(r) = 1 - r^2 / 2 + r^4 Q(r^2) for |r| <= pi / 4. */
const SINE = memory.data<f32>([-0.000195173, 0.008332178, -0.16666655]);
const COSINE = memory.data<f32>([2.4438452e-5, -0.0013887368, 0.041666646]);
/** 1/2, 2^-32, 1/4, 1, -2, 2 pi / 2^32. */
const NUMBERS = memory.data<f32>([0.5, 2.3283064365386963e-10, 0.25, 1.0, -2.0, 1.4629180792671596e-9]);
/** Bit patterns: sqrt(1/2), an eighth of a turn. */
const PATTERNS = memory.data<i32>([0x3f3504f3, 0x20000000, 0x1bd11bda, 1, 2, 3, 4, 5]);

/**
 * Second words of four blocks. A function cannot return two v128 values, so the second one is stored here.
 */
let secondWord: v128 = i32x4.splat(0);

// @ts-ignore: decorator
@inline
function rotate(x: v128, by: i32): v128 {
  return v128.or(i32x4.shl(x, by), i32x4.shr_u(x, 32 - by));
}

/**
 * First words of the blocks (c0 lanes, c1) under the key (k0, k1). The second words are left for
 * `threefrySecond`.
 */
// @ts-ignore: decorator
@inline
export function threefry4(k0: v128, k1: v128, c0: v128, c1: v128): v128 {
  const k2 = v128.xor(at(PATTERNS, 2), v128.xor(k0, k1));
  let x0 = i32x4.add(c0, k0);
  let x1 = i32x4.add(c1, k1);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 13), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 15), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 26), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 6), x0);
  x0 = i32x4.add(x0, k1); x1 = i32x4.add(x1, i32x4.add(k2, i32x4.splat(1)));
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 17), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 29), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 16), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 24), x0);
  x0 = i32x4.add(x0, k2); x1 = i32x4.add(x1, i32x4.add(k0, i32x4.splat(2)));
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 13), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 15), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 26), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 6), x0);
  x0 = i32x4.add(x0, k0); x1 = i32x4.add(x1, i32x4.add(k1, i32x4.splat(3)));
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 17), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 29), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 16), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 24), x0);
  x0 = i32x4.add(x0, k1); x1 = i32x4.add(x1, i32x4.add(k2, i32x4.splat(4)));
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 13), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 15), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 26), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 6), x0);
  x0 = i32x4.add(x0, k2); x1 = i32x4.add(x1, i32x4.add(k0, i32x4.splat(5)));
  secondWord = x1;
  return x0;
}

// @ts-ignore: decorator
@inline
export function threefrySecond(): v128 {
  return secondWord;
}

/**
 * Writes eight standard normals (Box-Muller), draws 2c .. 2c+7 of the stream (k0, k1), to `out`.
 *
 * For u near 1, log(u) would lose all accuracy to the rounding of u. There, 1 - u = (~word + 1/2) / 2^32 is
 * small and accurate, so the logarithm uses it. The angle is reduced as an integer, which is exact.
 */
// @ts-ignore: decorator
@inline
export function normal8(k0: v128, k1: v128, c: i32, out: usize): void {
  const counters = i32x4.add(i32x4.splat(c), i32x4(0, 1, 2, 3));
  const w0 = threefry4(k0, k1, counters, i32x4.splat(1));
  const w1 = threefrySecond();

  const half = at(NUMBERS, 0);
  const unit = at(NUMBERS, 1);
  const u = f32x4.mul(f32x4.add(f32x4.convert_i32x4_u(w0), half), unit);
  const rest = f32x4.mul(f32x4.add(f32x4.convert_i32x4_u(v128.not(w0)), half), unit);
  const nearOne = f32x4.lt(rest, at(NUMBERS, 2));
  const exponent = i32x4.shr_s(i32x4.sub(u, at(PATTERNS, 0)), 23);
  const mantissa = i32x4.sub(u, i32x4.shl(exponent, 23));
  const f = v128.bitselect(f32x4.neg(rest), f32x4.sub(mantissa, at(NUMBERS, 3)), nearOne);
  const e = v128.andnot(f32x4.convert_i32x4_s(exponent), nearOne);
  const radius = f32x4.sqrt(f32x4.mul(at(NUMBERS, 4), logOfParts(f, e)));

  // Nearest quarter turn q and signed remainder, both in units of 2^-32 turns.
  const q = i32x4.shr_u(i32x4.add(w1, at(PATTERNS, 1)), 30);
  const remainder = i32x4.sub(w1, i32x4.shl(q, 30));
  const angle = f32x4.mul(f32x4.add(f32x4.convert_i32x4_s(remainder), half), at(NUMBERS, 5));
  const z = f32x4.mul(angle, angle);
  let s = at(SINE, 0);
  s = f32x4.add(f32x4.mul(s, z), at(SINE, 1));
  s = f32x4.add(f32x4.mul(s, z), at(SINE, 2));
  s = f32x4.add(angle, f32x4.mul(f32x4.mul(angle, z), s));
  let k = at(COSINE, 0);
  k = f32x4.add(f32x4.mul(k, z), at(COSINE, 1));
  k = f32x4.add(f32x4.mul(k, z), at(COSINE, 2));
  k = f32x4.add(f32x4.sub(at(NUMBERS, 3), f32x4.mul(half, z)), f32x4.mul(f32x4.mul(z, z), k));
  const odd = i32x4.ne(v128.and(q, i32x4.splat(1)), i32x4.splat(0));
  const cosine = v128.xor(
    v128.bitselect(s, k, odd), i32x4.shl(i32x4.shr_u(i32x4.add(q, i32x4.splat(1)), 1), 31),
  );
  const sine = v128.xor(v128.bitselect(k, s, odd), i32x4.shl(i32x4.shr_u(q, 1), 31));

  const even = f32x4.mul(radius, cosine);
  const odds = f32x4.mul(radius, sine);
  v128.store(out, v128.shuffle<f32>(even, odds, 0, 4, 1, 5));
  v128.store(out, v128.shuffle<f32>(even, odds, 2, 6, 3, 7), 16);
}

/** Draws the normals of one row, rounded up to a multiple of 8. `out` must have space for them. */
export function normalRow(key: usize, width: usize, out: usize): void {
  const k0 = v128.load32_splat(key);
  const k1 = v128.load32_splat(key, 4);
  for (let j: usize = 0; j < width; j += 8) normal8(k0, k1, <i32>(j >> 1), out + (j << 2));
}

/** out[r * width + j] = normalAt(keys[r], j). `work` has space for width rounded up to a multiple of 8. */
export function normals(keys: usize, rows: usize, width: usize, out: usize, work: usize): void {
  const bytes = width << 2;
  for (let r: usize = 0; r < rows; r++) {
    normalRow(keys + (r << 3), width, work);
    memory.copy(out + r * bytes, work, bytes);
  }
}

/** First words of the blocks (j, c1) under each row's key, for tests. */
export function words(keys: usize, rows: usize, width: usize, c1: i32, out: usize, second: bool): void {
  for (let r: usize = 0; r < rows; r++) {
    const k0 = v128.load32_splat(keys + (r << 3));
    const k1 = v128.load32_splat(keys + (r << 3), 4);
    for (let j: usize = 0; j < width; j++) {
      const word = threefry4(k0, k1, i32x4.splat(<i32>j), i32x4.splat(c1));
      store<i32>(out + ((r * width + j) << 2), i32x4.extract_lane(second ? threefrySecond() : word, 0));
    }
  }
}

/**
 * out = a * scale if the uniform number of (row key, column) is at least `rate`, else 0.
 *
 * Tests (word + 1/2) / 2^32 >= rate on integers: word >= threshold = ceil(rate 2^32 - 1/2). The float64
 * definition gives exactly the same result.
 */
export function dropout(
  a: usize, rows: usize, width: usize, keys: usize, threshold: f64, scale: f32, out: usize,
): void {
  const none = threshold >= 4294967296.0;
  const limit = i32x4.splat(<i32>(none ? <u32>0xffffffff : <u32>threshold));
  const factor = f32x4.splat(scale);
  for (let r: usize = 0; r < rows; r++) {
    const k0 = v128.load32_splat(keys + (r << 3));
    const k1 = v128.load32_splat(keys + (r << 3), 4);
    let j: usize = 0;
    for (; j < width; j += 4) {
      const word = threefry4(k0, k1, i32x4.add(i32x4.splat(<i32>j), i32x4(0, 1, 2, 3)), i32x4.splat(0));
      const keep = none ? i32x4.splat(0) : i32x4.ge_u(word, limit);
      const value = v128.and(f32x4.mul(v128.load(a), factor), keep);
      if (j + 4 <= width) {
        v128.store(out, value);
        a += 16;
        out += 16;
      } else {
        const rest = width - j;
        v128.store32_lane(out, value, 0);
        if (rest > 1) v128.store32_lane(out, value, 1, 4);
        if (rest > 2) v128.store32_lane(out, value, 2, 8);
        a += rest << 2;
        out += rest << 2;
      }
    }
  }
}
