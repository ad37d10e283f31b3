// Elementwise kernels over whole buffers. Buffers are padded to whole vectors and never share one, so loops
// need no special case for the end. The padding is computed too and never read.
import { exp4, geluErf4, geluErfSlope4, geluGate4, geluSlope4, log4, sigmoid4, softplus4, tanh4 } from "./math";
import { storeTail } from "./vector";

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

/** Operation codes, as in src/tensor/backends/wasm/elementwise.ts. */
// @ts-ignore: decorator
@inline
function apply(op: i32, x: v128): v128 {
  if (op == 0) return f32x4.neg(x);
  if (op == 1) return exp4(x);
  if (op == 2) return log4(x);
  if (op == 3) return f32x4.sqrt(x);
  if (op == 4) return f32x4.mul(x, x);
  if (op == 5) return f32x4.abs(x);
  if (op == 6) return f32x4.div(f32x4.splat(1), x);
  if (op == 7) return v128.andnot(x, f32x4.le(x, f32x4.splat(0))); // NaN stays
  if (op == 8) return f32x4.mul(x, geluGate4(x));
  if (op == 9) return sigmoid4(x);
  if (op == 10) return tanh4(x);
  if (op == 11) return softplus4(x);
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
    case 0: return unaryLoop(0, a, count, out);
    case 1: return unaryLoop(1, a, count, out);
    case 2: return unaryLoop(2, a, count, out);
    case 3: return unaryLoop(3, a, count, out);
    case 4: return unaryLoop(4, a, count, out);
    case 5: return unaryLoop(5, a, count, out);
    case 6: return unaryLoop(6, a, count, out);
    case 7: return unaryLoop(7, a, count, out);
    case 8: return unaryLoop(8, a, count, out);
    case 9: return unaryLoop(9, a, count, out);
    case 10: return unaryLoop(10, a, count, out);
    case 11: return unaryLoop(11, a, count, out);
    default: return unaryLoop(12, a, count, out);
  }
}

/** Derivative at x, with y the forward value. */
// @ts-ignore: decorator
@inline
function slope(op: i32, x: v128, y: v128): v128 {
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  if (op == 0) return f32x4.splat(-1);
  if (op == 1) return y;
  if (op == 2) return f32x4.div(one, x);
  if (op == 3) return f32x4.div(f32x4.splat(0.5), y);
  if (op == 4) return f32x4.add(x, x);
  if (op == 5) {
    const sign = v128.bitselect(one, v128.and(f32x4.splat(-1), f32x4.lt(x, zero)), f32x4.gt(x, zero));
    return v128.bitselect(sign, x, f32x4.eq(x, x)); // NaN stays
  }
  if (op == 6) return f32x4.neg(f32x4.mul(y, y));
  if (op == 7) return v128.and(one, f32x4.gt(x, zero));
  if (op == 8) return geluSlope4(x);
  if (op == 9) return f32x4.mul(y, f32x4.sub(one, y));
  if (op == 10) return f32x4.sub(one, f32x4.mul(y, y));
  if (op == 11) return sigmoid4(x);
  return geluErfSlope4(x);
}

// @ts-ignore: decorator
@inline
function slopeLoop(op: i32, a: usize, y: usize, dout: usize, count: usize, da: usize): void {
  for (const end = da + (count << 2); da < end; da += 16) {
    v128.store(da, f32x4.add(v128.load(da), f32x4.mul(v128.load(dout), slope(op, v128.load(a), v128.load(y)))));
    a += 16;
    y += 16;
    dout += 16;
  }
}

export function unaryBackward(op: i32, a: usize, y: usize, dout: usize, count: usize, da: usize): void {
  switch (op) {
    case 0: return slopeLoop(0, a, y, dout, count, da);
    case 1: return slopeLoop(1, a, y, dout, count, da);
    case 2: return slopeLoop(2, a, y, dout, count, da);
    case 3: return slopeLoop(3, a, y, dout, count, da);
    case 4: return slopeLoop(4, a, y, dout, count, da);
    case 5: return slopeLoop(5, a, y, dout, count, da);
    case 6: return slopeLoop(6, a, y, dout, count, da);
    case 7: return slopeLoop(7, a, y, dout, count, da);
    case 8: return slopeLoop(8, a, y, dout, count, da);
    case 9: return slopeLoop(9, a, y, dout, count, da);
    case 10: return slopeLoop(10, a, y, dout, count, da);
    case 11: return slopeLoop(11, a, y, dout, count, da);
    default: return slopeLoop(12, a, y, dout, count, da);
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
    case 7: return overwrittenSlopeLoop(7, a, dout, count, da);
    case 8: return overwrittenSlopeLoop(8, a, dout, count, da);
    default: return overwrittenSlopeLoop(12, a, dout, count, da);
  }
}

// @ts-ignore: decorator
@inline
function combine(op: i32, x: v128, y: v128): v128 {
  if (op == 0) return f32x4.add(x, y);
  if (op == 1) return f32x4.sub(x, y);
  if (op == 2) return f32x4.mul(x, y);
  if (op == 3) return f32x4.div(x, y);
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
    case 0: return binaryLoop(0, a, b, count, out);
    case 1: return binaryLoop(1, a, b, count, out);
    case 2: return binaryLoop(2, a, b, count, out);
    case 3: return binaryLoop(3, a, b, count, out);
    default: return binaryLoop(4, a, b, count, out);
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
