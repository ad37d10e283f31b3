import { describe, expect, it } from "vitest";
import { exp, log, normalCdf, sigmoid, softplus, tanh } from "../../../core/math.js";
import type { UnaryOp } from "../../backend.js";
import { onWasm } from "../../backends/wasm/testing/compare.js";

/** Distance from x to the next float32, at the magnitude of x. */
function ulp(x: number): number {
  const magnitude = Math.abs(x);
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  float[0] = magnitude;
  const rounded = float[0];
  bits[0] = (bits[0] ?? 0) + 1;
  return float[0] - rounded;
}

/**
 * Largest error in units in the last place over `count` float32 points spread over [low, high] (evenly, or
 * evenly in the exponent).
 */
function worstError(
  op: UnaryOp,
  f: (x: number) => number,
  low: number,
  high: number,
  geometric = false,
): number {
  const count = 40_000;
  const ratio = high / low;
  const points = Float32Array.from({ length: count }, (_, i) => {
    const t = i / (count - 1);
    return geometric ? low * exp(t * log(ratio)) : low + t * (high - low);
  });
  const out = onWasm((t) => {
    const result = t.zeros(count);
    t.backend.unary(op, t.floats(points), result);
    return { result };
  }).get("result");
  let worst = 0;
  points.forEach((x, i) => {
    const want = f(x);
    worst = Math.max(worst, Math.abs((out?.[i] ?? NaN) - want) / ulp(want));
  });
  return worst;
}

/** log(1 + e^x) that keeps the tail, which 1 + e^x loses even in float64. */
function softplusInTail(x: number): number {
  const y = exp(x);
  return x < -9 ? y - (y * y) / 2 + (y * y * y) / 3 : softplus(x);
}

describe("accuracy of the kernels' own functions, in units in the last place of float32", () => {
  it.each([
    ["exp", exp, -87, 88.7, false, 1.5],
    ["exp", exp, -1, 1, false, 1.5],
    ["exp", exp, -103, -88, false, 1.5],
    ["log", log, 1e-38, 1e38, true, 1.5],
    ["log", log, 0.5, 2, false, 1.5],
    ["log", log, 1e-44, 1e-38, true, 1.5],
    ["tanh", tanh, -10, 10, false, 2],
    ["tanh", tanh, -0.7, 0.7, false, 2],
    ["sigmoid", sigmoid, -80, 80, false, 2.5],
    ["softplus", softplusInTail, -80, 80, false, 3],
    ["softplus", softplusInTail, -3, 3, false, 3],
    ["geluErf", (x: number) => x * normalCdf(x), -1, 12, false, 5],
    // e^(-x^2 / 2) amplifies the rounding of its exponent
    ["geluErf", (x: number) => x * normalCdf(x), -6, -1, false, 20],
  ] as const)("%s (%#)", (op, f, low, high, geometric, limit) => {
    expect(worstError(op, f, low, high, geometric)).toBeLessThan(limit);
  });
});
