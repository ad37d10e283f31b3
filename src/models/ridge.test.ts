import { expect, test } from "vitest";
import { ConfigError } from "../core/errors.js";
import type { Split } from "../data/dataset.js";
import { modelBackends } from "../nn/testing/backends.js";
import { createLinear } from "./linear.js";
import { createModel } from "./registry.js";
import { createRidge } from "./ridge.js";
import { ridgeConfigSchema } from "./ridge-config.js";

const defaults = ridgeConfigSchema.parse({});
const signature = {
  task: { kind: "regression", targets: ["y"] },
  modalities: [
    { name: "a", width: 1, steps: 2 },
    { name: "b", width: 1, steps: 1 },
  ],
} as const;

/**
 * Three samples: "a" is the mean of its real steps (1, 2, 3), "b" is missing in the last, which counts as 0.
 */
const split: Split = {
  name: "train",
  size: 3,
  ids: ["0", "1", "2"],
  modalities: {
    a: {
      width: 1,
      steps: 2,
      values: Float32Array.of(1, 9, 1, 3, 3, 3),
      mask: Uint8Array.of(1, 0, 1, 1, 1, 1),
      present: Uint8Array.of(1, 1, 1),
    },
    b: {
      width: 1,
      steps: 1,
      values: Float32Array.of(1, -1, 5),
      mask: Uint8Array.of(1, 1, 0),
      present: Uint8Array.of(1, 1, 1),
    },
  },
  labels: Float32Array.of(2, 4, 9),
};

test.each(modelBackends)(
  "on $name its weights are the solution for this epoch's penalty, by hand",
  ({ create }) => {
    const model = createRidge(
      signature,
      { penalty: 4 / 3, penaltyFactor: 0.5, penaltyPerModality: false },
      create(),
      1,
    );
    const losses = model.solve?.(split, 1); // the second epoch: 2/3
    // covariances: [2/3, -1/3; -1/3, 2/3], with y: [7/3, -2/3]; plus 2/3: [4/3, -1/3; -1/3, 4/3] of
    // determinant 15/9
    const expected = [
      ((4 / 3) * (7 / 3) + (1 / 3) * (-2 / 3)) / (15 / 9),
      ((1 / 3) * (7 / 3) + (4 / 3) * (-2 / 3)) / (15 / 9),
    ];
    const weight = model.parameters.get("linear/weight").buffer.view;
    expected.forEach((value, d) => {
      expect(weight[d]).toBeCloseTo(value, 6);
    });
    expect(model.outputBias.buffer.view[0]).toBeCloseTo(5 - 2 * (expected[0] ?? NaN), 5);
    expect(losses?.["penalty"]).toBeCloseTo(2 / 3, 14);
    const squares = expected.reduce((sum, value) => sum + value * value, 0);
    expect((losses?.["total"] ?? NaN) - (losses?.["task"] ?? NaN)).toBeCloseTo((2 / 3) * squares, 6);
  },
);

test.each(modelBackends)("on $name each modality has its own penalty, by hand", ({ create }) => {
  const config = { penalty: 2 / 3, penaltyFactor: 0.5, penaltyPerModality: true };
  const model = createRidge(signature, config, create(), 1);
  // after six shared penalties without a better one, "a" alone is 3 steps up and more, at last 1 step down
  const improved = [true, ...new Array<boolean>(11).fill(false)];
  const losses = model.solve?.(split, 12, improved);
  expect([losses?.["penalty/a"], losses?.["penalty/b"]]).toEqual([1 / 3, 2 / 3]);
  // covariances as above, plus 1/3 for "a" and 2/3 for "b": [1, -1/3; -1/3, 4/3] of determinant 11/9
  const expected = [
    ((4 / 3) * (7 / 3) + (1 / 3) * (-2 / 3)) / (11 / 9),
    ((1 / 3) * (7 / 3) + 1 * (-2 / 3)) / (11 / 9),
  ];
  const weight = model.parameters.get("linear/weight").buffer.view;
  expected.forEach((value, d) => {
    expect(weight[d]).toBeCloseTo(value, 6);
  });
  const [a = NaN, b = NaN] = expected;
  const penalised = (losses?.["total"] ?? NaN) - (losses?.["task"] ?? NaN);
  expect(penalised).toBeCloseTo((a * a) / 3 + (2 * b * b) / 3, 6);
  // mean squared error of these weights on y - mean = (-3, -1, 4), "a" - mean = (-1, 0, 1), "b" - mean = (1,
  // -1, 0)
  const error = ((-3 + a - b) ** 2 + (-1 + b) ** 2 + (4 - a) ** 2) / 3;
  expect(losses?.["task"]).toBeCloseTo(error, 6);
});

test.each(modelBackends)(
  "on $name it has the parameters of the linear model, and every seed gives the same weights",
  ({ create }) => {
    const solved = [1, 2].map((seed) => {
      const model = createRidge(signature, defaults, create(), seed);
      model.solve?.(split, 20);
      return model.parameters.all().map(({ name, buffer }) => ({ name, values: Array.from(buffer.view) }));
    });
    expect(solved[1]).toEqual(solved[0]);
    const linear = createLinear(signature, { inputDropout: 0, taskLoss: "mse" }, create(), 1);
    expect(solved[0]?.map(({ name }) => name)).toEqual(linear.parameters.all().map(({ name }) => name));
  },
);

test.each(modelBackends)("on $name it refuses classes and several labels", ({ create }) => {
  const classes = { ...signature, task: { kind: "classification", classes: ["x", "y"] } } as const;
  expect(() => createModel("ridge", classes, {}, create(), 1)).toThrow(ConfigError);
  const labels = { ...signature, task: { kind: "multi-label", labels: ["x", "y"] } } as const;
  expect(() => createModel("ridge", labels, {}, create(), 1)).toThrow(/the task is multi-label/);
});
