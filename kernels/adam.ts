// Adam and AdamW in PyTorch's order of operations. The bias corrections are scalars, computed once per call in float64.
import { BLOCK, gradientBlock } from "./grouped";
import { storeTail } from "./vector";

// One set of hyperparameters, written by `settings` and refined per expert by `atStep`.
let learningRate: f64 = 0;
let beta1: f64 = 0;
let beta2: f64 = 0;
let epsilon: f64 = 0;
let gradientScale: f32 = 1;
let shrink: f32 = 1;
let decay: f32 = 0;
let stepSize: f32 = 0;
let scaledEpsilon: f32 = 0;

export function adamSettings(rate: f64, b1: f64, b2: f64, eps: f64, decoupled: bool, weightDecay: f64, scale: f64): void {
  learningRate = rate;
  beta1 = b1;
  beta2 = b2;
  epsilon = eps;
  gradientScale = <f32>scale;
  shrink = <f32>(decoupled ? 1 - rate * weightDecay : 1);
  decay = <f32>(decoupled ? 0 : weightDecay);
}

function power(base: f64, exponent: i32): f64 {
  let result: f64 = 1;
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) result *= base;
    base *= base;
  }
  return result;
}

function atStep(step: i32): void {
  const root = sqrt<f64>(1 - power(beta2, step));
  stepSize = <f32>((learningRate / (1 - power(beta1, step))) * root);
  scaledEpsilon = <f32>(epsilon * root);
}

/**
 * One vector. With s = lr / (1 - beta1^t) and c = sqrt(1 - beta2^t), PyTorch's s m / (sqrt(v) / c + epsilon) is (s c) m / (sqrt(v) + c epsilon):
 * one multiplication less, and one square root and one division per four weights. `last` (0..3) cuts the stores of a final vector.
 */
// @ts-ignore: decorator
@inline
function element(
  decays: bool, w: usize, m: usize, v: usize, gradient: v128, offset: usize, rest1: v128, keep2: v128, rest2: v128, size: v128, eps: v128, last: usize,
): void {
  const w0 = v128.load(w + offset);
  let g = gradient;
  if (decays) g = f32x4.add(g, f32x4.mul(w0, f32x4.splat(decay)));
  const m0 = v128.load(m + offset);
  const m1 = f32x4.add(m0, f32x4.mul(f32x4.sub(g, m0), rest1));
  const v1 = f32x4.add(f32x4.mul(v128.load(v + offset), keep2), f32x4.mul(f32x4.mul(g, g), rest2));
  const kept = decays ? f32x4.mul(w0, f32x4.splat(shrink)) : w0;
  const w1 = f32x4.sub(kept, f32x4.div(f32x4.mul(m1, size), f32x4.add(f32x4.sqrt(v1), eps)));
  if (last == 0) {
    v128.store(m + offset, m1);
    v128.store(v + offset, v1);
    v128.store(w + offset, w1);
  } else {
    storeTail(m + offset, m1, last);
    storeTail(v + offset, v1, last);
    storeTail(w + offset, w1, last);
  }
}

/** Bound by the arithmetic while the arrays come from the cache (about 4.7 cycles per vector), by memory beyond it. */
// @ts-ignore: decorator
@inline
function updateLoop(decays: bool, w: usize, m: usize, v: usize, g: usize, count: usize): void {
  const rest1 = f32x4.splat(<f32>(1 - beta1));
  const keep2 = f32x4.splat(<f32>beta2);
  const rest2 = f32x4.splat(<f32>(1 - beta2));
  const size = f32x4.splat(stepSize);
  const eps = f32x4.splat(scaledEpsilon);
  for (; count >= 8; count -= 8) {
    element(decays, w, m, v, v128.load(g), 0, rest1, keep2, rest2, size, eps, 0);
    element(decays, w, m, v, v128.load(g, 16), 16, rest1, keep2, rest2, size, eps, 0);
    w += 32;
    m += 32;
    v += 32;
    g += 32;
  }
  if (count >= 4) {
    element(decays, w, m, v, v128.load(g), 0, rest1, keep2, rest2, size, eps, 0);
    w += 16;
    m += 16;
    v += 16;
    g += 16;
    count -= 4;
  }
  if (count > 0) element(decays, w, m, v, v128.load(g), 0, rest1, keep2, rest2, size, eps, count);
}

/** Steps `count` consecutive elements; the gradient is scaled already. */
function update(w: usize, m: usize, v: usize, g: usize, count: usize): void {
  if (decay != 0 || shrink != 1) updateLoop(true, w, m, v, g, count);
  else updateLoop(false, w, m, v, g, count);
}

/** A gradient that is scaled (clipped) goes through this block first. */
// @ts-ignore: decorator
@inline
const SCALED: usize = 512;
const scaled = memory.data(512 * 4, 64);

export function adam(w: usize, m: usize, v: usize, gradient: usize, start: usize, count: usize, step: i32): void {
  atStep(step);
  if (gradientScale == 1) {
    const o = start << 2;
    update(w + o, m + o, v + o, gradient + o, count);
    return;
  }
  const factor = f32x4.splat(gradientScale);
  for (const end = start + count; start < end; start += SCALED) {
    const o = start << 2;
    const part = min(SCALED, end - start);
    for (let j: usize = 0; j < part; j += 4) v128.store(scaled + (j << 2), f32x4.mul(v128.load(gradient + o + (j << 2)), factor));
    update(w + o, m + o, v + o, scaled, part);
  }
}

/** Experts with at most this many pairs take the fused way. */
// @ts-ignore: decorator
@inline
const FUSED: usize = 4;

/**
 * The whole step of an expert with 1 to 4 pairs, row by row of its weights: the gradient of a vector is formed in a register and used on the
 * spot. With so few pairs the step is bound by memory, and this way its arithmetic hides behind the loads.
 */
// @ts-ignore: decorator
@inline
function fused(
  pairs: usize, decays: bool, w: usize, m: usize, v: usize, x: usize, inBytes: usize, rows: usize, dout: usize, inputs: usize, outputs: usize,
): void {
  const rest1 = f32x4.splat(<f32>(1 - beta1));
  const keep2 = f32x4.splat(<f32>beta2);
  const rest2 = f32x4.splat(<f32>(1 - beta2));
  const size = f32x4.splat(stepSize);
  const eps = f32x4.splat(scaledEpsilon);
  const bytes = outputs << 2;
  const whole = bytes & ~15;
  const last = outputs & 3;
  let x0 = x + <usize>load<i32>(rows) * inBytes;
  let x1 = pairs > 1 ? x + <usize>load<i32>(rows, 4) * inBytes : 0;
  let x2 = pairs > 2 ? x + <usize>load<i32>(rows, 8) * inBytes : 0;
  let x3 = pairs > 3 ? x + <usize>load<i32>(rows, 12) * inBytes : 0;
  const d1 = dout + bytes;
  const d2 = d1 + bytes;
  const d3 = d2 + bytes;
  for (let i: usize = 0; i < inputs; i++) {
    const s0 = f32x4.splat(load<f32>(x0) * gradientScale);
    const s1 = f32x4.splat(pairs > 1 ? load<f32>(x1) * gradientScale : 0);
    const s2 = f32x4.splat(pairs > 2 ? load<f32>(x2) * gradientScale : 0);
    const s3 = f32x4.splat(pairs > 3 ? load<f32>(x3) * gradientScale : 0);
    let o: usize = 0;
    for (; o < whole; o += 16) {
      let g = f32x4.mul(s0, v128.load(dout + o));
      if (pairs > 1) g = f32x4.add(g, f32x4.mul(s1, v128.load(d1 + o)));
      if (pairs > 2) g = f32x4.add(g, f32x4.mul(s2, v128.load(d2 + o)));
      if (pairs > 3) g = f32x4.add(g, f32x4.mul(s3, v128.load(d3 + o)));
      element(decays, w, m, v, g, o, rest1, keep2, rest2, size, eps, 0);
    }
    if (last != 0) {
      let g = f32x4.mul(s0, v128.load(dout + o));
      if (pairs > 1) g = f32x4.add(g, f32x4.mul(s1, v128.load(d1 + o)));
      if (pairs > 2) g = f32x4.add(g, f32x4.mul(s2, v128.load(d2 + o)));
      if (pairs > 3) g = f32x4.add(g, f32x4.mul(s3, v128.load(d3 + o)));
      element(decays, w, m, v, g, o, rest1, keep2, rest2, size, eps, last);
    }
    w += bytes;
    m += bytes;
    v += bytes;
    x0 += 4;
    x1 += 4;
    x2 += 4;
    x3 += 4;
  }
}

function fusedStep(pairs: usize, w: usize, m: usize, v: usize, x: usize, inBytes: usize, rows: usize, dout: usize, inputs: usize, outputs: usize): void {
  if (decay != 0 || shrink != 1) {
    if (pairs == 1) fused(1, true, w, m, v, x, inBytes, rows, dout, inputs, outputs);
    else if (pairs == 2) fused(2, true, w, m, v, x, inBytes, rows, dout, inputs, outputs);
    else if (pairs == 3) fused(3, true, w, m, v, x, inBytes, rows, dout, inputs, outputs);
    else fused(4, true, w, m, v, x, inBytes, rows, dout, inputs, outputs);
  } else {
    if (pairs == 1) fused(1, false, w, m, v, x, inBytes, rows, dout, inputs, outputs);
    else if (pairs == 2) fused(2, false, w, m, v, x, inBytes, rows, dout, inputs, outputs);
    else if (pairs == 3) fused(3, false, w, m, v, x, inBytes, rows, dout, inputs, outputs);
    else fused(4, false, w, m, v, x, inBytes, rows, dout, inputs, outputs);
  }
}

/** `work`: BLOCK x outputs floats, the only gradient that ever exists. */
export function adamGrouped(
  w: usize, m: usize, v: usize, x: usize, dout: usize, offsets: usize, rows: usize, experts: usize, inputs: usize, outputs: usize, steps: usize,
  work: usize,
): void {
  const outBytes = outputs << 2;
  for (let e: usize = 0; e < experts; e++) {
    const first = <usize>load<i32>(offsets + (e << 2));
    const end = <usize>load<i32>(offsets + (e << 2), 4);
    if (first == end) continue;
    const step = load<i32>(steps + (e << 2)) + 1;
    store<i32>(steps + (e << 2), step);
    atStep(step);
    const pairs = end - first;
    const own = e * inputs * outBytes;
    if (pairs <= FUSED) {
      fusedStep(pairs, w + own, m + own, v + own, x, inputs << 2, rows + (first << 2), dout + first * outBytes, inputs, outputs);
      continue;
    }
    for (let i: usize = 0; i < inputs; i += BLOCK) {
      const count = min(BLOCK, inputs - i);
      memory.fill(work, 0, count * outBytes);
      gradientBlock(x, inputs, rows + (first << 2), dout + first * outBytes, outputs, end - first, i, count, gradientScale, work);
      const o = (e * inputs + i) * outBytes;
      update(w + o, m + o, v + o, work, count * outputs);
    }
  }
}
