// Elementwise kernels over whole buffers. Buffers are padded to whole vectors and never share one, so loops
// need no special case for the end. The padding is computed too and never read.
import {
  exp4,
  geluErf4,
  geluErfSlope4,
  geluGate4,
  geluSlope4,
  log4,
  sigmoid4,
  softplus4,
  tanh4,
} from "../../../../kernels/math";
import {
  BINARY_ADD,
  BINARY_DIV,
  BINARY_MAX,
  BINARY_MUL,
  BINARY_SUB,
  UNARY_ABS,
  UNARY_EXP,
  UNARY_GELU,
  UNARY_GELU_ERF,
  UNARY_LOG,
  UNARY_NEG,
  UNARY_RECIPROCAL,
  UNARY_RELU,
  UNARY_SIGMOID,
  UNARY_SOFTPLUS,
  UNARY_SQRT,
  UNARY_SQUARE,
  UNARY_TANH,
} from "../../../../kernels/constants";
import { storeTail } from "../../../../kernels/vector";

export function fill(out: usize, count: usize, value: f32): void {
  const v = f32x4.splat(value);
  for (const end = out + (count << 2); out < end; out += 16) v128.store(out, v);
}

export function copyRange(a: usize, out: usize, count: usize): void {
  memory.copy(out, a, count << 2);
}

/** Writes part of a buffer. Elements after the range stay unchanged. */
export function addRange(a: usize, out: usize, count: usize): void {
  for (; count >= 4; count -= 4) {
    v128.store(out, f32x4.add(v128.load(out), v128.load(a)));
    a += 16;
    out += 16;
  }
  if (count > 0) storeTail(out, f32x4.add(v128.load(out), v128.load(a)), count);
}

// @ts-ignore: decorator
@inline
function apply(op: i32, x: v128): v128 {
  if (op == UNARY_NEG) return f32x4.neg(x);
  if (op == UNARY_EXP) return exp4(x);
  if (op == UNARY_LOG) return log4(x);
  if (op == UNARY_SQRT) return f32x4.sqrt(x);
  if (op == UNARY_SQUARE) return f32x4.mul(x, x);
  if (op == UNARY_ABS) return f32x4.abs(x);
  if (op == UNARY_RECIPROCAL) return f32x4.div(f32x4.splat(1), x);
  if (op == UNARY_RELU) return v128.andnot(x, f32x4.le(x, f32x4.splat(0))); // NaN stays
  if (op == UNARY_GELU) return f32x4.mul(x, geluGate4(x));
  if (op == UNARY_SIGMOID) return sigmoid4(x);
  if (op == UNARY_TANH) return tanh4(x);
  if (op == UNARY_SOFTPLUS) return softplus4(x);
  return geluErf4(x);
}

// @ts-ignore: decorator
@inline
function unaryLoop(op: i32, a: usize, count: usize, out: usize): void {
  for (const end = out + (count << 2); out < end; out += 16) {
    v128.store(out, apply(op, v128.load(a)));
    a += 16;
  }
}

export function unary(op: i32, a: usize, count: usize, out: usize): void {
  switch (op) {
    case UNARY_NEG: return unaryLoop(UNARY_NEG, a, count, out);
    case UNARY_EXP: return unaryLoop(UNARY_EXP, a, count, out);
    case UNARY_LOG: return unaryLoop(UNARY_LOG, a, count, out);
    case UNARY_SQRT: return unaryLoop(UNARY_SQRT, a, count, out);
    case UNARY_SQUARE: return unaryLoop(UNARY_SQUARE, a, count, out);
    case UNARY_ABS: return unaryLoop(UNARY_ABS, a, count, out);
    case UNARY_RECIPROCAL: return unaryLoop(UNARY_RECIPROCAL, a, count, out);
    case UNARY_RELU: return unaryLoop(UNARY_RELU, a, count, out);
    case UNARY_GELU: return unaryLoop(UNARY_GELU, a, count, out);
    case UNARY_SIGMOID: return unaryLoop(UNARY_SIGMOID, a, count, out);
    case UNARY_TANH: return unaryLoop(UNARY_TANH, a, count, out);
    case UNARY_SOFTPLUS: return unaryLoop(UNARY_SOFTPLUS, a, count, out);
    default: return unaryLoop(UNARY_GELU_ERF, a, count, out);
  }
}

/** Derivative at x, with y the forward value. */
// @ts-ignore: decorator
@inline
function slope(op: i32, x: v128, y: v128): v128 {
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  if (op == UNARY_NEG) return f32x4.splat(-1);
  if (op == UNARY_EXP) return y;
  if (op == UNARY_LOG) return f32x4.div(one, x);
  if (op == UNARY_SQRT) return f32x4.div(f32x4.splat(0.5), y);
  if (op == UNARY_SQUARE) return f32x4.add(x, x);
  if (op == UNARY_ABS) {
    const sign = v128.bitselect(one, v128.and(f32x4.splat(-1), f32x4.lt(x, zero)), f32x4.gt(x, zero));
    return v128.bitselect(sign, x, f32x4.eq(x, x)); // NaN stays
  }
  if (op == UNARY_RECIPROCAL) return f32x4.neg(f32x4.mul(y, y));
  if (op == UNARY_RELU) return v128.and(one, f32x4.gt(x, zero));
  if (op == UNARY_GELU) return geluSlope4(x);
  if (op == UNARY_SIGMOID) return f32x4.mul(y, f32x4.sub(one, y));
  if (op == UNARY_TANH) return f32x4.sub(one, f32x4.mul(y, y));
  if (op == UNARY_SOFTPLUS) return sigmoid4(x);
  return geluErfSlope4(x);
}

// @ts-ignore: decorator
@inline
function slopeLoop(op: i32, a: usize, y: usize, dout: usize, count: usize, da: usize): void {
  for (const end = da + (count << 2); da < end; da += 16) {
    v128.store(
      da, f32x4.add(v128.load(da), f32x4.mul(v128.load(dout), slope(op, v128.load(a), v128.load(y)))),
    );
    a += 16;
    y += 16;
    dout += 16;
  }
}

export function unaryBackward(op: i32, a: usize, y: usize, dout: usize, count: usize, da: usize): void {
  switch (op) {
    case UNARY_NEG: return slopeLoop(UNARY_NEG, a, y, dout, count, da);
    case UNARY_EXP: return slopeLoop(UNARY_EXP, a, y, dout, count, da);
    case UNARY_LOG: return slopeLoop(UNARY_LOG, a, y, dout, count, da);
    case UNARY_SQRT: return slopeLoop(UNARY_SQRT, a, y, dout, count, da);
    case UNARY_SQUARE: return slopeLoop(UNARY_SQUARE, a, y, dout, count, da);
    case UNARY_ABS: return slopeLoop(UNARY_ABS, a, y, dout, count, da);
    case UNARY_RECIPROCAL: return slopeLoop(UNARY_RECIPROCAL, a, y, dout, count, da);
    case UNARY_RELU: return slopeLoop(UNARY_RELU, a, y, dout, count, da);
    case UNARY_GELU: return slopeLoop(UNARY_GELU, a, y, dout, count, da);
    case UNARY_SIGMOID: return slopeLoop(UNARY_SIGMOID, a, y, dout, count, da);
    case UNARY_TANH: return slopeLoop(UNARY_TANH, a, y, dout, count, da);
    case UNARY_SOFTPLUS: return slopeLoop(UNARY_SOFTPLUS, a, y, dout, count, da);
    default: return slopeLoop(UNARY_GELU_ERF, a, y, dout, count, da);
  }
}

// @ts-ignore: decorator
@inline
function overwrittenSlopeLoop(op: i32, a: usize, dout: usize, count: usize, da: usize): void {
  for (const end = da + (count << 2); da < end; da += 16) {
    const x = v128.load(a);
    v128.store(da, f32x4.mul(v128.load(dout), slope(op, x, x)));
    a += 16;
    dout += 16;
  }
}

/** da = dout * op'(a) for operations whose derivative needs no forward value: relu and both forms of gelu. */
export function activationBackward(op: i32, a: usize, dout: usize, count: usize, da: usize): void {
  switch (op) {
    case UNARY_RELU: return overwrittenSlopeLoop(UNARY_RELU, a, dout, count, da);
    case UNARY_GELU: return overwrittenSlopeLoop(UNARY_GELU, a, dout, count, da);
    default: return overwrittenSlopeLoop(UNARY_GELU_ERF, a, dout, count, da);
  }
}

// @ts-ignore: decorator
@inline
function combine(op: i32, x: v128, y: v128): v128 {
  if (op == BINARY_ADD) return f32x4.add(x, y);
  if (op == BINARY_SUB) return f32x4.sub(x, y);
  if (op == BINARY_MUL) return f32x4.mul(x, y);
  if (op == BINARY_DIV) return f32x4.div(x, y);
  return f32x4.max(x, y);
}

// @ts-ignore: decorator
@inline
function binaryLoop(op: i32, a: usize, b: usize, count: usize, out: usize): void {
  for (const end = out + (count << 2); out < end; out += 16) {
    v128.store(out, combine(op, v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
  }
}

export function binary(op: i32, a: usize, b: usize, count: usize, out: usize): void {
  switch (op) {
    case BINARY_ADD: return binaryLoop(BINARY_ADD, a, b, count, out);
    case BINARY_SUB: return binaryLoop(BINARY_SUB, a, b, count, out);
    case BINARY_MUL: return binaryLoop(BINARY_MUL, a, b, count, out);
    case BINARY_DIV: return binaryLoop(BINARY_DIV, a, b, count, out);
    default: return binaryLoop(BINARY_MAX, a, b, count, out);
  }
}

export function affine(a: usize, scale: f32, shift: f32, count: usize, out: usize): void {
  const s = f32x4.splat(scale);
  const t = f32x4.splat(shift);
  for (const end = out + (count << 2); out < end; out += 16) {
    v128.store(out, f32x4.add(f32x4.mul(v128.load(a), s), t));
    a += 16;
  }
}

export function addScaled(a: usize, scale: f32, count: usize, out: usize): void {
  const s = f32x4.splat(scale);
  for (const end = out + (count << 2); out < end; out += 16) {
    v128.store(out, f32x4.add(v128.load(out), f32x4.mul(v128.load(a), s)));
    a += 16;
  }
}

/** NaN stays NaN. */
export function clamp(a: usize, low: f32, high: f32, count: usize, out: usize): void {
  const l = f32x4.splat(low);
  const h = f32x4.splat(high);
  for (const end = out + (count << 2); out < end; out += 16) {
    v128.store(out, f32x4.pmin(f32x4.pmax(v128.load(a), l), h));
    a += 16;
  }
}

export function clampBackward(a: usize, low: f32, high: f32, dout: usize, count: usize, da: usize): void {
  const l = f32x4.splat(low);
  const h = f32x4.splat(high);
  for (const end = da + (count << 2); da < end; da += 16) {
    const x = v128.load(a);
    const inside = v128.and(f32x4.ge(x, l), f32x4.le(x, h));
    v128.store(da, f32x4.add(v128.load(da), v128.and(v128.load(dout), inside)));
    a += 16;
    dout += 16;
  }
}
