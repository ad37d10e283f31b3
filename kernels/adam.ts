// Adam and AdamW in PyTorch's order of operations. The bias corrections are scalars, computed once per call in float64.
import { BLOCK, gradientBlock } from "./grouped";
import { storeTail } from "./vector";

// One set of hyperparameters, written by `settings` and refined per expert by `atStep`.
let learningRate: f64 = 0;
let beta1: f64 = 0;
let beta2: f64 = 0;
let epsilon: f32 = 0;
let gradientScale: f32 = 1;
let shrink: f32 = 1;
let decay: f32 = 0;
let stepSize: f32 = 0;
let inverseRoot: f32 = 1;

export function adamSettings(rate: f64, b1: f64, b2: f64, eps: f64, decoupled: bool, weightDecay: f64, scale: f64): void {
  learningRate = rate;
  beta1 = b1;
  beta2 = b2;
  epsilon = <f32>eps;
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
  stepSize = <f32>(learningRate / (1 - power(beta1, step)));
  inverseRoot = <f32>(1 / sqrt<f64>(1 - power(beta2, step)));
}

/** Steps `count` consecutive elements. */
function update(w: usize, m: usize, v: usize, g: usize, count: usize): void {
  const rest1 = f32x4.splat(<f32>(1 - beta1));
  const keep2 = f32x4.splat(<f32>beta2);
  const rest2 = f32x4.splat(<f32>(1 - beta2));
  const scale = f32x4.splat(gradientScale);
  const towards = f32x4.splat(decay);
  const shrunk = f32x4.splat(shrink);
  const size = f32x4.splat(stepSize);
  const root = f32x4.splat(inverseRoot);
  const eps = f32x4.splat(epsilon);
  for (let i: usize = 0; i < count; i += 4) {
    const w0 = v128.load(w);
    const gradient = f32x4.add(f32x4.mul(v128.load(g), scale), f32x4.mul(w0, towards));
    const m0 = v128.load(m);
    const m1 = f32x4.add(m0, f32x4.mul(f32x4.sub(gradient, m0), rest1));
    const v1 = f32x4.add(f32x4.mul(v128.load(v), keep2), f32x4.mul(f32x4.mul(gradient, gradient), rest2));
    const denominator = f32x4.add(f32x4.mul(f32x4.sqrt(v1), root), eps);
    const w1 = f32x4.sub(f32x4.mul(w0, shrunk), f32x4.div(f32x4.mul(m1, size), denominator));
    if (i + 4 <= count) {
      v128.store(w, w1);
      v128.store(m, m1);
      v128.store(v, v1);
    } else {
      storeTail(w, w1, count - i);
      storeTail(m, m1, count - i);
      storeTail(v, v1, count - i);
    }
    w += 16;
    m += 16;
    v += 16;
    g += 16;
  }
}

export function adam(w: usize, m: usize, v: usize, gradient: usize, start: usize, count: usize, step: i32): void {
  atStep(step);
  const o = start << 2;
  update(w + o, m + o, v + o, gradient + o, count);
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
    for (let i: usize = 0; i < inputs; i += BLOCK) {
      const count = min(BLOCK, inputs - i);
      memory.fill(work, 0, count * outBytes);
      gradientBlock(x, inputs, rows + (first << 2), dout + first * outBytes, outputs, end - first, i, count, work);
      const o = (e * inputs + i) * outBytes;
      update(w + o, m + o, v + o, work, count * outputs);
    }
  }
}
