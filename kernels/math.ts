// exp, log, tanh, sigmoid, softplus, gelu (both forms), and sine and cosine of a 32-bit fraction of a turn,
// in four lanes.
//
// Uses IEEE-754 basic operations and integer bit operations only: the same bits on every machine. The
// polynomials come from scripts/derive-polynomials.py. src/tensor/backends/wasm/functions.test.ts checks
// their accuracy (1 to 2 units in the last place of float32).

// Constants are read from memory. V8 builds a literal v128 from three instructions, two of which compete with
// the additions, while a load is nearly free here. This makes exp 1.7 times as fast, tanh and gelu 1.4 times.
const EXP = memory.data<f32>([0.0013950492, 0.00836889, 0.041666206, 0.16666518, 0.5]);
const LOG = memory.data<f32>([
  0.0674664, -0.11675652, 0.11888162, -0.12405589, 0.14219552, -0.16667996, 0.20002119, -0.2500001,
  0.33333313,
]);
const TANH = memory.data<f32>([-0.005717045, 0.020650588, -0.053743497, 0.13331491, -0.33333284]);
/** Upper tail of the standard normal distribution: Q(z) = e^(-z^2 / 2) t P(t), t = 1 / (1 + z / 2). */
const TAIL = memory.data<f32>([
  -0.024837425, 0.18896718, -0.58310086, 0.92067266, -0.72054595, 0.1669586, -0.0036542006, 0.15716802,
  0.19888152, 0.19949047,
]);
const NUMBERS = memory.data<f32>([
  89.0, // HIGHEST
  -104.0, // LOWEST
  1.44269504, // LOG2_E
  12582912.0, // ROUND: 1.5 * 2^23: adding it rounds to an integer, which then sits in the low bits
  0.693359375, // LN2_HIGH: few bits: n * LN2_HIGH is exact
  -0.00021219444, // LN2_LOW
  1.0, // ONE
  0.5, // HALF
  1.17549435e-38, // NORMAL
  8388608.0, // LIFT: 2^23: lifts subnormal numbers into the normal range
  23.0, // LIFT_BITS
  0.41421356, // ROOT2_LESS_1
  10.0, // TEN
  2.0, // TWO
  0.625, // TANH_NEAR
  0.07135481627, // GELU_CUBIC: 0.044715 * 2 sqrt(2 / pi)
  1.5957691216, // GELU_LINEAR: 2 sqrt(2 / pi)
  20.0, // TWENTY
  -20.0, // MINUS_TWENTY
  0.2140644488, // GELU_SLOPE: 3 * 0.044715 * 2 sqrt(2 / pi)
  0.39894228, // DENSITY: 1 / sqrt(2 pi)
  14.0, // TAIL_END: e^(-z^2 / 2) is below the smallest float32 beyond
]);

/** Indices of NUMBERS. */
const enum Place {
  HIGHEST,
  LOWEST,
  LOG2_E,
  ROUND,
  LN2_HIGH,
  LN2_LOW,
  ONE,
  HALF,
  NORMAL,
  LIFT,
  LIFT_BITS,
  ROOT2_LESS_1,
  TEN,
  TWO,
  TANH_NEAR,
  GELU_CUBIC,
  GELU_LINEAR,
  TWENTY,
  MINUS_TWENTY,
  GELU_SLOPE,
  DENSITY,
  TAIL_END,
}

/** Entry i of a table, in all lanes. */
// @ts-ignore: decorator
@inline
export function at(table: usize, i: usize): v128 {
  return v128.load32_splat(table + (i << 2));
}

// @ts-ignore: decorator
@inline
const ROUND_BITS: i32 = 0x4b400000;

// @ts-ignore: decorator
@inline
function number(place: Place): v128 {
  return at(NUMBERS, <usize>place);
}

// @ts-ignore: decorator
@inline
function step(p: v128, x: v128, table: usize, i: usize): v128 {
  return f32x4.add(f32x4.mul(p, x), at(table, i));
}

/** e^x. Subnormal results, overflow to Infinity and NaN follow IEEE arithmetic. */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  const bounded = expBounded(x);
  const shifted = expShifted(bounded);
  return expOf(expRest(bounded, shifted), shifted);
}

/** Arguments of e^x within the range of results. pmin and pmax with x as first operand keep NaN. */
// @ts-ignore: decorator
@inline
export function expBounded(x: v128): v128 {
  return f32x4.pmax(f32x4.pmin(x, number(Place.HIGHEST)), number(Place.LOWEST));
}

/** x / ln 2 as an integer n in the low bits. */
// @ts-ignore: decorator
@inline
export function expShifted(bounded: v128): v128 {
  return f32x4.add(f32x4.mul(bounded, number(Place.LOG2_E)), number(Place.ROUND));
}

/** x - n ln 2 */
// @ts-ignore: decorator
@inline
export function expRest(bounded: v128, shifted: v128): v128 {
  const n = f32x4.sub(shifted, number(Place.ROUND));
  return f32x4.sub(
    f32x4.sub(bounded, f32x4.mul(n, number(Place.LN2_HIGH))), f32x4.mul(n, number(Place.LN2_LOW)),
  );
}

/** e^x from the rest r and the integer in `shifted`. */
// @ts-ignore: decorator
@inline
export function expOf(r: v128, shifted: v128): v128 {
  let p = at(EXP, 0);
  p = step(p, r, EXP, 1);
  p = step(p, r, EXP, 2);
  p = step(p, r, EXP, 3);
  p = step(p, r, EXP, 4);
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), p), r), number(Place.ONE));
  // 2^n as two factors, so that n = 128 and subnormal results work.
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
  let p = at(LOG, 0);
  p = step(p, f, LOG, 1);
  p = step(p, f, LOG, 2);
  p = step(p, f, LOG, 3);
  p = step(p, f, LOG, 4);
  p = step(p, f, LOG, 5);
  p = step(p, f, LOG, 6);
  p = step(p, f, LOG, 7);
  p = step(p, f, LOG, 8);
  const z = f32x4.mul(f, f);
  let y = f32x4.mul(f32x4.mul(f, z), p);
  y = f32x4.add(y, f32x4.mul(e, number(Place.LN2_LOW)));
  y = f32x4.sub(y, f32x4.mul(z, number(Place.HALF)));
  return f32x4.add(f32x4.add(f, y), f32x4.mul(e, number(Place.LN2_HIGH)));
}

/** Natural logarithm: -Infinity at 0, NaN below. */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  const tiny = f32x4.lt(x, number(Place.NORMAL));
  const scaled = v128.bitselect(f32x4.mul(x, number(Place.LIFT)), x, tiny);
  const exponent = i32x4.shr_s(i32x4.sub(scaled, i32x4.splat(0x3f3504f3)), 23);
  const mantissa = i32x4.sub(scaled, i32x4.shl(exponent, 23));
  const e = f32x4.sub(f32x4.convert_i32x4_s(exponent), v128.and(tiny, number(Place.LIFT_BITS)));
  let result = logOfParts(f32x4.sub(mantissa, number(Place.ONE)), e);
  result = v128.bitselect(result, x, f32x4.lt(x, f32x4.splat(Infinity)));
  result = v128.bitselect(f32x4.splat(NaN), result, f32x4.lt(x, f32x4.splat(0)));
  return v128.bitselect(f32x4.splat(-Infinity), result, f32x4.eq(x, f32x4.splat(0)));
}

/** log(1 + y) for y in [0, 1]. The reduction is exact: 1 + y is never rounded. */
// @ts-ignore: decorator
@inline
function logOnePlus4(y: v128): v128 {
  const large = f32x4.gt(y, number(Place.ROOT2_LESS_1));
  const f = v128.bitselect(f32x4.mul(f32x4.sub(y, number(Place.ONE)), number(Place.HALF)), y, large);
  return logOfParts(f, v128.and(large, number(Place.ONE)));
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
  return f32x4.div(v128.bitselect(e, number(Place.ONE), negative), f32x4.add(number(Place.ONE), e));
}

// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const a = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = at(TANH, 0);
  p = step(p, z, TANH, 1);
  p = step(p, z, TANH, 2);
  p = step(p, z, TANH, 3);
  p = step(p, z, TANH, 4);
  const near = f32x4.add(x, f32x4.mul(f32x4.mul(x, z), p));
  const one = number(Place.ONE);
  const e = exp4(f32x4.mul(f32x4.pmin(a, number(Place.TEN)), number(Place.TWO)));
  const far = f32x4.sub(one, f32x4.div(number(Place.TWO), f32x4.add(e, one)));
  const signed = v128.or(far, v128.and(x, i32x4.splat(0x80000000)));
  return v128.bitselect(near, signed, f32x4.lt(a, number(Place.TANH_NEAR)));
}

/**
 * sigmoid(2 sqrt(2/pi) (x + 0.044715 x^3)). The tanh form of gelu is x times this, without cancellation in
 * the negative tail.
 */
// @ts-ignore: decorator
@inline
export function geluGate4(x: v128): v128 {
  const cubic = f32x4.mul(f32x4.mul(f32x4.mul(x, x), x), number(Place.GELU_CUBIC));
  return sigmoid4(f32x4.add(f32x4.mul(x, number(Place.GELU_LINEAR)), cubic));
}

/** Derivative of gelu. */
// @ts-ignore: decorator
@inline
export function geluSlope4(x: v128): v128 {
  // Above 20, the second term is zero, and x^2 must not overflow.
  const b = f32x4.pmax(f32x4.pmin(x, number(Place.TWENTY)), number(Place.MINUS_TWENTY));
  const s = geluGate4(b);
  const inner = f32x4.add(number(Place.GELU_LINEAR), f32x4.mul(f32x4.mul(b, b), number(Place.GELU_SLOPE)));
  const spread = f32x4.mul(s, f32x4.sub(number(Place.ONE), s));
  return f32x4.add(s, f32x4.mul(f32x4.mul(b, spread), inner));
}

/** e^(-z^2 / 2) for z = |x|, at most TAIL_END. */
// @ts-ignore: decorator
@inline
function bell4(x: v128): v128 {
  const z = f32x4.pmin(f32x4.abs(x), number(Place.TAIL_END));
  return exp4(f32x4.neg(f32x4.mul(f32x4.mul(z, z), number(Place.HALF))));
}

/** Probability that a standard normal variable is at most x, given e^(-x^2 / 2). No tail cancels. */
// @ts-ignore: decorator
@inline
function normalCdf4(x: v128, bell: v128): v128 {
  const one = number(Place.ONE);
  const z = f32x4.pmin(f32x4.abs(x), number(Place.TAIL_END));
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(z, number(Place.HALF))));
  let p = at(TAIL, 0);
  p = step(p, t, TAIL, 1);
  p = step(p, t, TAIL, 2);
  p = step(p, t, TAIL, 3);
  p = step(p, t, TAIL, 4);
  p = step(p, t, TAIL, 5);
  p = step(p, t, TAIL, 6);
  p = step(p, t, TAIL, 7);
  p = step(p, t, TAIL, 8);
  p = step(p, t, TAIL, 9);
  const tail = f32x4.mul(bell, f32x4.mul(t, p));
  return v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0)));
}

/** gelu in its exact form: x times the normal distribution function. */
// @ts-ignore: decorator
@inline
export function geluErf4(x: v128): v128 {
  return f32x4.mul(x, normalCdf4(x, bell4(x)));
}

/** Derivative of `geluErf4`. */
// @ts-ignore: decorator
@inline
export function geluErfSlope4(x: v128): v128 {
  const bell = bell4(x);
  return f32x4.add(normalCdf4(x, bell), f32x4.mul(x, f32x4.mul(bell, number(Place.DENSITY))));
}
