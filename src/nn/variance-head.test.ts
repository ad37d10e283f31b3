import { expect, test } from "vitest";
import { defined } from "../core/defined.js";
import { createReferenceBackend } from "../tensor/backends/reference/index.js";
import { sum } from "../tensor/ops/reductions.js";
import { square } from "../tensor/ops/unary.js";
import { Tape } from "../tensor/tape.js";
import { ParameterSet } from "./parameter-set.js";
import { fixtureValues } from "./testing/fixture-values.js";
import { gradientValues } from "./testing/gradients.js";
import { readFixture } from "./testing/precision-fixture.js";
import { LARGEST_ADDITION, LARGEST_SQUARE, SQUARE_SCALE, VarianceHead } from "./variance-head.js";

const [width, hidden, experts] = [3, 4, 2];

function build() {
  const parameters = new ParameterSet(createReferenceBackend(), 1);
  const head = new VarianceHead(parameters, "variance", width, { hidden, experts, dropout: 0.5 });
  const values = (part: string): number[] => Array.from(parameters.get(`variance/${part}`).buffer.view);
  const draws = { training: false, seed: 1, step: 0, sampleIndex: Int32Array.of(0, 1) };
  return { parameters, head, values, draws };
}

test("score s: W2 relu(W1 [x, 0.3 (x^2 - 1)] + b1) + b2, limited squares; 4 tanh(s / 8) for all", () => {
  const { parameters, head, values, draws } = build();
  const x = [0.5, -2, 9, 1, 0, -0.25];
  const tape = new Tape(parameters.backend, false);
  const { score, logVarShift } = head.forward(tape, tape.constant(x, [2, width]), draws);
  const [v, b, w] = ["hidden/weight", "hidden/bias", "out/weight"].map(values);
  for (let row = 0; row < 2; row++) {
    const own = x.slice(row * width, (row + 1) * width);
    const read = [...own, ...own.map((value) => SQUARE_SCALE * Math.min(LARGEST_SQUARE, value * value - 1))];
    let expected = defined(values("out/bias")[0]);
    for (let unit = 0; unit < hidden; unit++) {
      const into = read.reduce((all, value, i) => all + value * (v?.[i * hidden + unit] ?? NaN), 0);
      expected += Math.max(0, into + (b?.[unit] ?? NaN)) * (w?.[unit] ?? NaN);
    }
    expect(score.toArray()[row]).toBeCloseTo(expected, 6);
    for (const addition of logVarShift.toArray().slice(row * experts, (row + 1) * experts))
      expect(addition).toBeCloseTo(LARGEST_ADDITION * Math.tanh(expected / (2 * LARGEST_ADDITION)), 6);
  }
});

test("scores and gradients agree with PyTorch", () => {
  const { parameters, head, draws } = build();
  const { features, weights, severity, scores, gradients } = readFixture().varianceHead;
  for (const [name, values] of Object.entries(weights))
    parameters.get(`variance/${name}`).buffer.view.set(values);
  for (const [name, values] of Object.entries(severity))
    parameters.get(`variance/severity/fitted/${name}`).buffer.view.set(values);
  const tape = new Tape(parameters.backend);
  const { score } = head.forward(tape, tape.constant(features.flat(), [2, width]), draws);
  scores.forEach((value, b) => {
    expect(score.toArray()[b]).toBeCloseTo(value, 5);
  });
  tape.backward(sum(tape, square(tape, score)));
  for (const [name, slopes] of Object.entries(gradients)) {
    const found = gradientValues(parameters.backend, parameters.get(`variance/${name}`));
    slopes.forEach((slope, i) => {
      expect((found?.[i] ?? NaN) / Math.max(1, Math.abs(slope))).toBeCloseTo(
        slope / Math.max(1, Math.abs(slope)),
        5,
      );
    });
  }
});

test("a change of sign of a feature around its mean changes the score by the linear part alone", () => {
  const { parameters, head, draws } = build();
  parameters.get("variance/hidden/weight").buffer.view.fill(0, 0, width * hidden); // the rows of x
  const scores = [1, -1].map((sign) => {
    const tape = new Tape(parameters.backend, false);
    const x = fixtureValues("variance/x", 2 * width, sign);
    return Array.from(head.forward(tape, tape.constant(x, [2, width]), draws).score.toArray());
  });
  expect(scores[0]).toEqual(scores[1]);
});

test("no gradient flows into the features", () => {
  const { parameters, head, draws } = build();
  const tape = new Tape(parameters.backend);
  const x = tape.variable(fixtureValues("variance/x", 2 * width, 1), [2, width]);
  tape.backward(sum(tape, head.forward(tape, x, draws).score));
  expect(x.gradient).toBeUndefined();
  expect(parameters.get("variance/out/weight").gradient).toBeDefined();
});
