import { describe, expect, it } from "vitest";
import { normalAt, randomKey } from "../../core/random.js";
import { predictionErrorFilter, predictionResidual } from "./linear-prediction.js";

const key = randomKey(5, "test/linear-prediction");

/** x[n] = e[n] + 1.2 x[n-1] - 0.6 x[n-2]. */
function autoregressive(length: number): Float64Array {
  const x = new Float64Array(length);
  for (let n = 0; n < length; n++)
    x[n] = 0.01 * normalAt(key, n) + 1.2 * (x[n - 1] ?? 0) - 0.6 * (x[n - 2] ?? 0);
  return x;
}

describe("predictionErrorFilter", () => {
  it("finds the filter that made an autoregressive signal", () => {
    const out = new Float64Array(5);
    predictionErrorFilter(autoregressive(40_000), 4, out);
    [1, -1.2, 0.6, 0, 0].forEach((expected, i) => {
      expect(Math.abs((out[i] ?? NaN) - expected)).toBeLessThan(0.02);
    });
  });

  it("is the identity for a frame of zeros", () => {
    const out = new Float64Array(4);
    predictionErrorFilter(new Float64Array(100), 3, out);
    expect(Array.from(out)).toEqual([1, 0, 0, 0]);
  });
});

describe("predictionResidual", () => {
  const options = { window: 400, shift: 80, order: 12 };

  it("whitens the signal", () => {
    const residual = predictionResidual(autoregressive(8000), options, 0, 8000);
    const lag = (k: number): number => residual.reduce((sum, r, i) => sum + r * (residual[i - k] ?? 0), 0);
    expect(Math.abs(lag(1) / lag(0))).toBeLessThan(0.05);
    expect(Math.abs(lag(2) / lag(0))).toBeLessThan(0.05);
  });

  it("does not depend on the requested range", () => {
    const signal = autoregressive(3000);
    const whole = predictionResidual(signal, options, 0, 3000);
    for (const [from, to] of [
      [0, 1],
      [777, 1234],
      [1234, 3000],
    ] as const) {
      expect(predictionResidual(signal, options, from, to)).toEqual(whole.slice(from, to));
    }
  });

  it("is zero for silence, and finite for a constant", () => {
    expect(predictionResidual(new Float64Array(1000), options, 0, 1000).every((x) => x === 0)).toBe(true);
    expect(predictionResidual(new Float64Array(1000).fill(1), options, 0, 1000).every(Number.isFinite)).toBe(
      true,
    );
  });
});
