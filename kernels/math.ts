// exp, log, tanh, sigmoid, softplus, gelu and the sine and cosine of a 32-bit fraction of a turn, four lanes at a time, from IEEE-754 basic
// operations and integer bit work only: the same bits on every machine. The polynomials come from scripts/derive-polynomials.py;
// src/tensor/backends/wasm/functions.test.ts holds their accuracy (1 to 2 units in the last place of float32).

// @ts-ignore: decorator
@inline
const LN2_HIGH: f32 = 0.693359375; // few bits: n * LN2_HIGH is exact
// @ts-ignore: decorator
@inline
const LN2_LOW: f32 = -0.00021219444;
// @ts-ignore: decorator
@inline
const ROUND: f32 = 12582912.0; // 1.5 * 2^23: adding it rounds to an integer, which then sits in the low bits
// @ts-ignore: decorator
@inline
const ROUND_BITS: i32 = 0x4b400000;

// @ts-ignore: decorator
@inline
function step(p: v128, x: v128, c: f32): v128 {
  return f32x4.add(f32x4.mul(p, x), f32x4.splat(c));
}

/** e^x; subnormal results, overflow to Infinity and NaN as IEEE arithmetic gives them. */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  // pmin and pmax with x first let a NaN through
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(89)), f32x4.splat(-104));
  const shifted = f32x4.add(f32x4.mul(bounded, f32x4.splat(1.44269504)), f32x4.splat(ROUND));
  const n = f32x4.sub(shifted, f32x4.splat(ROUND));
  const r = f32x4.sub(f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(LN2_HIGH))), f32x4.mul(n, f32x4.splat(LN2_LOW)));
  let p = f32x4.splat(0.0013950492);
  p = step(p, r, 0.00836889);
  p = step(p, r, 0.041666206);
  p = step(p, r, 0.16666518);
  p = step(p, r, 0.5);
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), p), r), f32x4.splat(1));
  // 2^n in two factors, so that n = 128 and subnormal results work
  const i = i32x4.sub(shifted, i32x4.splat(ROUND_BITS));
  const half = i32x4.shr_s(i, 1);
  const one = i32x4.splat(127);
  const first = i32x4.shl(i32x4.add(half, one), 23);
  const second = i32x4.shl(i32x4.add(i32x4.sub(i, half), one), 23);
  return f32x4.mul(f32x4.mul(p, first), second);
}

/** log(1 + f) + e ln 2 for f in [sqrt(1/2) - 1, sqrt(2) - 1]. */
// @ts-ignore: decorator
@inline
export function logOfParts(f: v128, e: v128): v128 {
  let p = f32x4.splat(0.0674664);
  p = step(p, f, -0.11675652);
  p = step(p, f, 0.11888162);
  p = step(p, f, -0.12405589);
  p = step(p, f, 0.14219552);
  p = step(p, f, -0.16667996);
  p = step(p, f, 0.20002119);
  p = step(p, f, -0.2500001);
  p = step(p, f, 0.33333313);
  const z = f32x4.mul(f, f);
  let y = f32x4.mul(f32x4.mul(f, z), p);
  y = f32x4.add(y, f32x4.mul(e, f32x4.splat(LN2_LOW)));
  y = f32x4.sub(y, f32x4.mul(z, f32x4.splat(0.5)));
  return f32x4.add(f32x4.add(f, y), f32x4.mul(e, f32x4.splat(LN2_HIGH)));
}

/** Natural logarithm: -Infinity at 0, NaN below. */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  const tiny = f32x4.lt(x, f32x4.splat(1.17549435e-38));
  const scaled = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, tiny);
  const exponent = i32x4.shr_s(i32x4.sub(scaled, i32x4.splat(0x3f3504f3)), 23);
  const mantissa = i32x4.sub(scaled, i32x4.shl(exponent, 23));
  const e = f32x4.sub(f32x4.convert_i32x4_s(exponent), v128.and(tiny, f32x4.splat(23)));
  let result = logOfParts(f32x4.sub(mantissa, f32x4.splat(1)), e);
  result = v128.bitselect(result, x, f32x4.lt(x, f32x4.splat(Infinity)));
  result = v128.bitselect(f32x4.splat(NaN), result, f32x4.lt(x, f32x4.splat(0)));
  return v128.bitselect(f32x4.splat(-Infinity), result, f32x4.eq(x, f32x4.splat(0)));
}

/** log(1 + y) for y in [0, 1], exact in its reduction: 1 + y is never rounded. */
// @ts-ignore: decorator
@inline
function logOnePlus4(y: v128): v128 {
  const large = f32x4.gt(y, f32x4.splat(0.41421356));
  const f = v128.bitselect(f32x4.mul(f32x4.sub(y, f32x4.splat(1)), f32x4.splat(0.5)), y, large);
  return logOfParts(f, v128.and(large, f32x4.splat(1)));
}

/** log(1 + e^x) = max(x, 0) + log(1 + e^-|x|). */
// @ts-ignore: decorator
@inline
export function softplus4(x: v128): v128 {
  const e = exp4(f32x4.neg(f32x4.abs(x)));
  return f32x4.add(f32x4.max(x, f32x4.splat(0)), logOnePlus4(e));
}

/** 1 / (1 + e^-x) without overflow. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const e = exp4(f32x4.neg(f32x4.abs(x)));
  const negative = f32x4.lt(x, f32x4.splat(0));
  return f32x4.div(v128.bitselect(e, f32x4.splat(1), negative), f32x4.add(f32x4.splat(1), e));
}

// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const a = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = f32x4.splat(-0.005717045);
  p = step(p, z, 0.020650588);
  p = step(p, z, -0.053743497);
  p = step(p, z, 0.13331491);
  p = step(p, z, -0.33333284);
  const near = f32x4.add(x, f32x4.mul(f32x4.mul(x, z), p));
  const one = f32x4.splat(1);
  const e = exp4(f32x4.mul(f32x4.pmin(a, f32x4.splat(10)), f32x4.splat(2)));
  const far = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(e, one)));
  const signed = v128.or(far, v128.and(x, i32x4.splat(0x80000000)));
  return v128.bitselect(near, signed, f32x4.lt(a, f32x4.splat(0.625)));
}

/** sigmoid(2 sqrt(2/pi) (x + 0.044715 x^3)): gelu in its tanh form is x times this, without cancellation in the negative tail. */
// @ts-ignore: decorator
@inline
export function geluGate4(x: v128): v128 {
  const cubic = f32x4.mul(f32x4.mul(f32x4.mul(x, x), x), f32x4.splat(0.07135481627));
  return sigmoid4(f32x4.add(f32x4.mul(x, f32x4.splat(1.5957691216)), cubic));
}

/** The derivative of gelu. */
// @ts-ignore: decorator
@inline
export function geluSlope4(x: v128): v128 {
  // beyond 20 the second term is zero, and x^2 must not overflow on the way there
  const b = f32x4.pmax(f32x4.pmin(x, f32x4.splat(20)), f32x4.splat(-20));
  const s = geluGate4(b);
  const inner = f32x4.add(f32x4.splat(1.5957691216), f32x4.mul(f32x4.mul(b, b), f32x4.splat(0.2140644488)));
  const spread = f32x4.mul(s, f32x4.sub(f32x4.splat(1), s));
  return f32x4.add(s, f32x4.mul(f32x4.mul(b, spread), inner));
}
