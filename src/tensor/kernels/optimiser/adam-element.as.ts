// Adam step of one vector, and its constants.
import { storeTail } from "../../../../kernels/vector";

// Hyperparameters, set by `adamSettings` and updated by `atStep`.
let learningRate: f64 = 0;
let beta1: f64 = 0;
let beta2: f64 = 0;
let epsilon: f64 = 0;
export let gradientScale: f32 = 1;
let shrink: f32 = 1;
let decay: f32 = 0;
let stepSize: f32 = 0;
let scaledEpsilon: f32 = 0;

export function adamSettings(
  rate: f64, b1: f64, b2: f64, eps: f64, decoupled: bool, weightDecay: f64, scale: f64,
): void {
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

export function atStep(step: i32): void {
  const root = sqrt<f64>(1 - power(beta2, step));
  stepSize = <f32>((learningRate / (1 - power(beta1, step))) * root);
  scaledEpsilon = <f32>(epsilon * root);
}

/**
 * Adam step of one vector.
 *
 * With s = lr / (1 - beta1^t) and c = sqrt(1 - beta2^t), PyTorch's s m / (sqrt(v) / c + epsilon) equals (s c)
 * m / (sqrt(v) + c epsilon). This saves a multiplication: one square root and one division per four weights
 * remain. `last` (0..3) limits the stores of a final vector.
 */
// @ts-ignore: decorator
@inline
export function element(
  decays: bool, w: usize, m: usize, v: usize, gradient: v128, offset: usize, rest1: v128, keep2: v128,
  rest2: v128, size: v128, eps: v128, last: usize,
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

/** First half of `element`: computes both moments from the gradient. */
// @ts-ignore: decorator
@inline
export function moments(
  decays: bool, w: usize, m: usize, v: usize, gradient: v128, offset: usize, rest1: v128, keep2: v128,
  rest2: v128, last: usize,
): void {
  const g = decays ? f32x4.add(gradient, f32x4.mul(v128.load(w + offset), f32x4.splat(decay))) : gradient;
  const m0 = v128.load(m + offset);
  const m1 = f32x4.add(m0, f32x4.mul(f32x4.sub(g, m0), rest1));
  const v1 = f32x4.add(f32x4.mul(v128.load(v + offset), keep2), f32x4.mul(f32x4.mul(g, g), rest2));
  if (last == 0) {
    v128.store(m + offset, m1);
    v128.store(v + offset, v1);
  } else {
    storeTail(m + offset, m1, last);
    storeTail(v + offset, v1, last);
  }
}

/**
 * Second half of `element`: computes the weight from stored moments. Same numbers in the same order as
 * `element`.
 */
// @ts-ignore: decorator
@inline
export function weight(
  decays: bool, w: usize, m: usize, v: usize, offset: usize, size: v128, eps: v128, last: usize,
): void {
  const w0 = v128.load(w + offset);
  const kept = decays ? f32x4.mul(w0, f32x4.splat(shrink)) : w0;
  const w1 = f32x4.sub(
    kept,
    f32x4.div(f32x4.mul(v128.load(m + offset), size), f32x4.add(f32x4.sqrt(v128.load(v + offset)), eps)),
  );
  if (last == 0) v128.store(w + offset, w1);
  else storeTail(w + offset, w1, last);
}

/** True if the weights decay. Without decay, a separate path saves its work. */
// @ts-ignore: decorator
@inline
export function decaying(): bool {
  return decay != 0 || shrink != 1;
}

// Constants of `element`, to keep in registers over a loop.

// @ts-ignore: decorator
@inline
export function restOfFirst(): v128 {
  return f32x4.splat(<f32>(1 - beta1));
}

// @ts-ignore: decorator
@inline
export function keptOfSecond(): v128 {
  return f32x4.splat(<f32>beta2);
}

// @ts-ignore: decorator
@inline
export function restOfSecond(): v128 {
  return f32x4.splat(<f32>(1 - beta2));
}

// @ts-ignore: decorator
@inline
export function stepVector(): v128 {
  return f32x4.splat(stepSize);
}

// @ts-ignore: decorator
@inline
export function epsilonVector(): v128 {
  return f32x4.splat(scaledEpsilon);
}
