import { expect, it } from "vitest";
import { defined } from "../core/defined.js";
import { normalAt, randomKey, uniformAt } from "../core/random.js";
import { createReferenceBackend } from "../tensor/backends/reference/index.js";
import { Tape } from "../tensor/tape.js";
import { ParameterSet } from "./parameter-set.js";
import { SEVERITY_PENALTY, SEVERITY_SCALE, SeverityRegression } from "./severity-regression.js";

const [samples, width] = [40, 3];
const x = Float32Array.from({ length: samples * width }, (_, i) => normalAt(randomKey(1, "x"), i));
const severities = Float32Array.from({ length: samples }, (_, n) => uniformAt(randomKey(1, "y"), n));

function build(columns = width) {
  const parameters = new ParameterSet(createReferenceBackend(), 1);
  const regression = new SeverityRegression(parameters, "severity", columns);
  const values = (part: string): number[] => [...parameters.get(`severity/fitted/${part}`).buffer.view];
  const scores = (rows: Float32Array): readonly number[] => {
    const tape = new Tape(parameters.backend, false);
    return regression.forward(tape, tape.constant(rows, [rows.length / columns, columns])).toArray();
  };
  return { regression, values, scores };
}

it("score 8 (x w + b - 0.5): w and b solve the normal equations, with a tenth of the mean variance", () => {
  const { regression, values, scores } = build();
  regression.fit(x, severities);
  const weights = values("weight");
  const bias = defined(values("bias")[0]) + 0.5;
  const rowOf = (n: number): number[] => [...x.subarray(n * width, (n + 1) * width)];
  const predicted = (n: number): number =>
    rowOf(n).reduce((sum, value, d) => sum + value * defined(weights[d]), bias);
  const residuals = Array.from({ length: samples }, (_, n) => defined(severities[n]) - predicted(n));
  expect(residuals.reduce((sum, value) => sum + value, 0) / samples).toBeCloseTo(0, 6);
  const means = [0, 1, 2].map(
    (d) => residuals.reduce((sum, _, n) => sum + defined(rowOf(n)[d]), 0) / samples,
  );
  const variances = means.map(
    (mean, d) => residuals.reduce((sum, _, n) => sum + (defined(rowOf(n)[d]) - mean) ** 2, 0) / samples,
  );
  const penalty = (SEVERITY_PENALTY * variances.reduce((sum, one) => sum + one, 0)) / width;
  for (let d = 0; d < width; d++) {
    const slope = residuals.reduce((sum, residual, n) => sum + residual * defined(rowOf(n)[d]), 0) / samples;
    expect(slope).toBeCloseTo(penalty * defined(weights[d]), 6);
  }
  expect(scores(x.slice(0, width))[0]).toBeCloseTo(SEVERITY_SCALE * (predicted(0) - 0.5), 5);
});

it("scores everything 0 before the fit, and says which problems take seconds", () => {
  const { regression, scores } = build();
  expect([...scores(x.slice(0, 2 * width))]).toEqual([0, 0]);
  expect([regression.canFit(0), regression.canFit(1_000_000)]).toEqual([false, true]);
  const wide = build(10_000).regression;
  expect([wide.canFit(300), wide.canFit(301)]).toEqual([true, false]);
});
