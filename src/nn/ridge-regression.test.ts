import { expect, test } from "vitest";
import { ridgeProblem, solveRidge } from "./ridge-regression.js";
import { fixtureValues } from "./testing/fixture-values.js";

const [samples, width, targets] = [40, 6, 2];
// means far from 0
const x = Float32Array.from(fixtureValues("ridge/x", samples * width), (value, i) => value + (i % width));
const y = Float32Array.from(
  fixtureValues("ridge/y", samples * targets),
  (value, i) => value + 5 * (i % targets),
);

/** mean_n (y - x w - b)^2 + penalty |w|^2 of one target. */
function objective(target: number, w: ArrayLike<number>, b: number, penalty: number): number {
  let sum = 0;
  for (let n = 0; n < samples; n++) {
    let prediction = b;
    for (let d = 0; d < width; d++) prediction += (x[n * width + d] ?? NaN) * (w[d] ?? NaN);
    sum += ((y[n * targets + target] ?? NaN) - prediction) ** 2 / samples;
  }
  return sum + penalty * Array.from(w).reduce((all, value) => all + value * value, 0);
}

test("one feature by hand: w = cov(x, y) / (var(x) + penalty), b = mean(y) - w mean(x)", () => {
  const { weights, bias, error } = solveRidge(
    ridgeProblem(Float32Array.of(1, 2, 3), Float32Array.of(2, 4, 9), 3),
    2 / 3,
  );
  expect(weights[0]?.[0]).toBeCloseTo(7 / 3 / (4 / 3), 14); // 1.75
  expect(bias[0]).toBeCloseTo(5 - 3.5, 14);
  expect(error).toBeCloseTo((1.25 ** 2 + 1 + 2.25 ** 2) / 3, 12); // it predicts 3.25, 5 and 6.75
});

test("no other weights and bias have a smaller sum of error and penalty, for each of several targets", () => {
  const problem = ridgeProblem(x, y, samples);
  for (const penalty of [1e-3, 0.1, 10]) {
    const { weights, bias, error } = solveRidge(problem, penalty);
    const values = weights.map((w, t) => objective(t, w, bias[t] ?? NaN, penalty));
    weights.forEach((w, t) => {
      const least = values[t] ?? NaN;
      for (const off of [-1e-3, 1e-3]) {
        expect(objective(t, w, (bias[t] ?? NaN) + off, penalty)).toBeGreaterThan(least);
        for (let d = 0; d < width; d++)
          expect(
            objective(
              t,
              w.map((value, i) => (i === d ? value + off : value)),
              bias[t] ?? NaN,
              penalty,
            ),
          ).toBeGreaterThan(least);
      }
    });
    const squares = weights.map((w) => w.reduce((sum, value) => sum + value * value, 0));
    expect(error).toBeCloseTo(
      values.reduce((sum, value, t) => sum + value - penalty * (squares[t] ?? NaN), 0) / targets,
      10,
    );
  }
});

test("the larger the penalty, the smaller the weights, down to the mean of the targets", () => {
  const problem = ridgeProblem(x, y, samples);
  const lengths = [1e-3, 0.1, 10, 1e6].map(
    (penalty) =>
      solveRidge(problem, penalty).weights[0]?.reduce((sum, value) => sum + value * value, 0) ?? NaN,
  );
  expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
  expect(lengths.at(-1)).toBeLessThan(1e-9);
  const { bias } = solveRidge(problem, 1e9);
  bias.forEach((value, t) => {
    expect(value).toBeCloseTo(
      y.reduce((sum, label, i) => sum + (i % targets === t ? label / samples : 0), 0),
      6,
    );
  });
});

test("constant, equal or too many features leave no pivot of 0, however small the penalty", () => {
  // 3 samples, 5 features, the last constant
  const twins = Float32Array.from({ length: 3 * 5 }, (_, i) => (i % 5 === 4 ? 7 : (i * i) % 11));
  const { weights } = solveRidge(ridgeProblem(twins, Float32Array.of(1, 0, 2), 3), 1e-300);
  expect(weights[0]?.every(Number.isFinite)).toBe(true);
  expect(weights[0]?.[4]).toBeCloseTo(0, 10);
  const nothing = solveRidge(ridgeProblem(new Float32Array(6), Float32Array.of(1, 0, 2), 3), 1e-300);
  expect([Array.from(nothing.weights[0] ?? []), nothing.bias[0]]).toEqual([[0, 0], 1]);
});
