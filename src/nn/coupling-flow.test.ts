import { describe, expect, test } from "vitest";
import { ConfigError } from "../core/errors.js";
import { createReferenceBackend } from "../tensor/backends/reference/index.js";
import { Tape } from "../tensor/tape.js";
import { largestGradientDifference } from "../tensor/testing/finite-difference.js";
import { CouplingFlow } from "./coupling-flow.js";
import { baseLikelihoodLoss } from "./losses/base-likelihood.js";
import { ParameterSet } from "./parameter-set.js";
import { fixtureValues } from "./testing/fixture-values.js";

const backend = createReferenceBackend();

function flowOf(width: number, layers: number): CouplingFlow {
  const parameters = new ParameterSet(backend, 3);
  const flow = new CouplingFlow(parameters, "flow", width, layers);
  for (const { name, size, buffer } of parameters.all())
    buffer.view.set(fixtureValues(`flow/${name}`, size, 0.7));
  return flow;
}

/**
 * Computes log |det| by Gaussian elimination with pivoting.
 * @param rows [n][n]
 */
function logDeterminant(rows: number[][]): number {
  let sum = 0;
  for (let k = 0; k < rows.length; k++) {
    const size = (i: number): number => Math.abs(rows[i]?.[k] ?? NaN);
    const best = rows.reduce((found, _, i) => (i > k && size(i) > size(found) ? i : found), k);
    const pivot = rows[best] ?? [];
    rows[best] = rows[k] ?? [];
    rows[k] = pivot;
    sum += Math.log(Math.abs(pivot[k] ?? NaN));
    for (const row of rows.slice(k + 1)) {
      const factor = (row[k] ?? NaN) / (pivot[k] ?? NaN);
      pivot.forEach((value, j) => {
        row[j] = (row[j] ?? NaN) - factor * value;
      });
    }
  }
  return sum;
}

describe.each([
  { width: 2, layers: 1 },
  { width: 5, layers: 4 },
  { width: 6, layers: 3 },
])("a flow of $layers layers over $width values", ({ width, layers }) => {
  const flow = flowOf(width, layers);
  const values = Array.from(fixtureValues(`flow/x/${width}`, 3 * width));

  test("its inverse restores the input, in both directions", () => {
    const tape = new Tape(backend, false);
    const x = tape.constant(values, [3, width]);
    const there = flow.inverse(tape, flow.forward(tape, x).z).toArray();
    const back = flow.forward(tape, flow.inverse(tape, x)).z.toArray();
    values.forEach((value, i) => {
      expect(there[i]).toBeCloseTo(value, 11);
      expect(back[i]).toBeCloseTo(value, 11);
    });
    expect(
      flow
        .forward(tape, x)
        .z.toArray()
        .some((value, i) => Math.abs(value - (values[i] ?? NaN)) > 0.1),
    ).toBe(true);
  });

  test("the logarithm of its determinant is that of the Jacobian in finite differences", () => {
    const tape = new Tape(backend, false);
    const row = values.slice(0, width);
    const jacobian = row.map((value, i) => {
      const [up, down] = [1e-6, -1e-6].map((h) =>
        flow.forward(tape, tape.constant(row.with(i, value + h), [1, width])).z.toArray(),
      );
      return (up ?? []).map((one, j) => (one - (down?.[j] ?? NaN)) / 2e-6);
    });
    expect(flow.forward(tape, tape.constant(row, [1, width])).logDeterminant.item()).toBeCloseTo(
      logDeterminant(jacobian),
      7,
    );
  });
});

test("the likelihood loss: by hand for the identity; its gradient agrees with differences", () => {
  const tape = new Tape(backend, false);
  const still = { z: tape.constant([1, 2, 3, 4], [2, 2]), logDeterminant: tape.constant([0, 0.5], [2, 1]) };
  // ((1 + 4) / 2 + (9 + 16) / 2 - 0.5) / 2 rows / 2 dimensions, and log(2 pi) / 2
  expect(baseLikelihoodLoss(tape, still, tape.constant([0, 0], [2])).item()).toBeCloseTo(
    14.5 / 4 + Math.log(2 * Math.PI) / 2,
    12,
  );
  const flow = flowOf(4, 2);
  const { relative } = largestGradientDifference(
    (on, [x]) => {
      if (!x) throw new Error("no input");
      return baseLikelihoodLoss(on, flow.forward(on, x), on.constant([0.5, -1, 0, 2], [4]));
    },
    [{ values: Array.from(fixtureValues("flow/likelihood", 12)), shape: [3, 4] }],
    [1],
  );
  expect(relative).toBeLessThan(1e-7);
});

test("a single value has no halves", () => {
  expect(() => flowOf(1, 2)).toThrow(ConfigError);
});
