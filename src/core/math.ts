import { EuarError } from "./errors.js";

/**
 * Elementary functions from IEEE-754 basic operations only, so that every JavaScript engine gives the same
 * bits. ECMAScript leaves the results of Math.exp and similar functions to the engine. Errors are below 2
 * units in the last place of float64 over the whole range, including subnormal numbers. Tests compare with
 * tables computed with 1200 bits.
 */

const LN2_HI = 0.69314718036912381649; // upper 33 bits of ln 2, so that k * LN2_HI is exact for |k| < 2^20
const LN2_LO = 1.90821492927058770002e-10;
const INV_LN2 = 1.4426950408889634074;

const bits = new DataView(new ArrayBuffer(8));

/** 2^k for integer k in [-1022, 1023]. */
function powerOfTwo(k: number): number {
  bits.setInt32(0, (k + 1023) << 20);
  bits.setInt32(4, 0);
  return bits.getFloat64(0);
}

/** Correctly rounded by IEEE-754, so every engine already gives the same bits. */
export const sqrt = Math.sqrt;

/** e^x. Range reduction by ln 2, then a Taylor polynomial of degree 13 on |r| <= ln(2)/2. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0;
  const k = Math.floor(x * INV_LN2 + 0.5);
  const r = x - k * LN2_HI - k * LN2_LO;
  let p = 1;
  for (let i = 13; i >= 1; i--) p = 1 + (r / i) * p;
  if (k > 1023) return p * powerOfTwo(1023) * powerOfTwo(k - 1023);
  if (k < -1022) return p * powerOfTwo(k + 60) * powerOfTwo(-60);
  return p * powerOfTwo(k);
}

/** e^x - 1 without cancellation: the Taylor series of degree 19 for |x| <= 1. */
export function expm1(x: number): number {
  if (!(Math.abs(x) <= 1)) return exp(x) - 1;
  let p = 1;
  for (let i = 19; i >= 2; i--) p = 1 + (x / i) * p;
  return x * p;
}

/** Natural logarithm. Mantissa in [sqrt(1/2), sqrt(2)), then 2 atanh((m-1)/(m+1)) as a series. */
export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return Infinity;
  let k = 0;
  let v = x;
  if (v < 2.2250738585072014e-308) {
    v *= 18014398509481984; // 2^54: scales subnormal numbers into the normal range
    k = -54;
  }
  bits.setFloat64(0, v);
  const high = bits.getInt32(0);
  k += ((high >>> 20) & 0x7ff) - 1023;
  bits.setInt32(0, (high & 0x000fffff) | (1023 << 20));
  let m = bits.getFloat64(0);
  if (m > Math.SQRT2) {
    m *= 0.5;
    k += 1;
  }
  const s = (m - 1) / (m + 1);
  const s2 = s * s;
  let p = 0;
  for (let i = 23; i >= 3; i -= 2) p = (p + 1 / i) * s2;
  return k * LN2_HI + (2 * s + (2 * s * p + k * LN2_LO));
}

/** log(1 + x), accurate for small x. The factor x / ((1 + x) - 1) corrects the rounding of 1 + x. */
export function log1p(x: number): number {
  const u = 1 + x;
  if (u === 1) return x;
  if (u === Infinity || u <= 0) return log(u);
  return log(u) * (x / (u - 1));
}

// pi/2 in three parts. The first two have 33 bits, so that their products with k are exact for k < 2^20.
const PI_HALF_1 = 1.5707963267341256;
const PI_HALF_2 = 6.077100506303966e-11;
const PI_HALF_3 = 2.0222662487959506e-21;
const LARGEST_ANGLE = 1048576; // 2^20

function sinPolynomial(r: number): number {
  const r2 = r * r;
  let p = 1;
  for (let i = 17; i >= 3; i -= 2) p = 1 - (r2 / (i * (i - 1))) * p;
  return r * p;
}

function cosPolynomial(r: number): number {
  const r2 = r * r;
  let p = 1;
  for (let i = 18; i >= 2; i -= 2) p = 1 - (r2 / (i * (i - 1))) * p;
  return p;
}

function quadrant(x: number, shift: number): number {
  if (!Number.isFinite(x)) return NaN;
  if (Math.abs(x) > LARGEST_ANGLE) {
    throw new EuarError("internal", `sin and cos are exact only for angles up to 2^20, got ${x}`, {
      hint: "Reduce the angle first.",
    });
  }
  const k = Math.floor(x / (Math.PI / 2) + 0.5);
  const r = x - k * PI_HALF_1 - k * PI_HALF_2 - k * PI_HALF_3;
  const q = (((k + shift) % 4) + 4) % 4;
  if (q === 0) return sinPolynomial(r);
  if (q === 1) return cosPolynomial(r);
  return q === 2 ? -sinPolynomial(r) : -cosPolynomial(r);
}

/**
 * Sine for |x| <= 2^20 (three-part argument reduction).
 *
 * @throws EuarError for larger |x|
 */
export function sin(x: number): number {
  return quadrant(x, 0);
}

/**
 * Cosine for |x| <= 2^20 (three-part argument reduction).
 *
 * @throws EuarError for larger |x|
 */
export function cos(x: number): number {
  return quadrant(x, 1);
}

/** Hyperbolic tangent: (e^2x - 1) / (e^2x + 1). Uses `expm1` where e^2x - 1 would cancel. */
export function tanh(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const a = Math.abs(x);
  if (a > 22) return x > 0 ? 1 : -1;
  if (a <= 0.5) {
    const e = expm1(2 * x);
    return e / (e + 2);
  }
  const t = 1 - 2 / (exp(2 * a) + 1);
  return x > 0 ? t : -t;
}

/** log(1 + e^x) without overflow. */
export function softplus(x: number): number {
  return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

/** 1 / (1 + e^-x) without overflow. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x));
  const e = exp(x);
  return e / (1 + e);
}

const INV_SQRT_2_PI = 0.3989422804014327;
const SPLITTER = 134217729; // 2^27 + 1

/** Density of the standard normal distribution. Computes x^2 exactly, in two parts (Dekker 1971). */
export function normalPdf(x: number): number {
  if (!(Math.abs(x) < 40)) return Number.isNaN(x) ? NaN : 0;
  const t = SPLITTER * x;
  const high = t - (t - x); // 26 bits of x, so that high^2 is exact
  return INV_SQRT_2_PI * exp(-0.5 * high * high) * exp(-0.5 * (x - high) * (x + high));
}

/**
 * Probability that a standard normal variable is at most x.
 *
 * From -1 to 1, uses the series 1/2 + pdf(x) (x + x^3/3 + x^5/15 + ...). In the tail, uses the continued
 * fraction (Abramowitz & Stegun 26.2.11, 26.2.14), which does not cancel.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > 1) return 1 - normalCdf(-x);
  if (x < -40) return 0;
  if (x > -1) {
    let term = x;
    let sum = x;
    for (let n = 3; Math.abs(term) > Math.abs(sum) * 1e-17; n += 2) {
      term *= (x * x) / n;
      sum += term;
    }
    return 0.5 + normalPdf(x) * sum;
  }
  let fraction = -x;
  for (let n = x > -2 ? 400 : 120; n >= 1; n--) fraction = -x + n / fraction;
  return normalPdf(x) / fraction;
}

/** base^exponent for a non-negative integer exponent, by repeated squaring. */
export function integerPower(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
