import { expect, it } from "vitest";
import { EuarError } from "../../core/errors.js";
import type { Task } from "../../data/dataset.js";
import { requireLabel, taskOfPrediction, type LabelValue } from "./require-label.js";

const score: Task = { kind: "regression", targets: ["sentiment"], range: [-3, 3] };
const two: Task = { kind: "regression", targets: ["joy", "anger"], range: [0, 1] };
const classes: Task = { kind: "classification", classes: ["negative", "positive"] };
const emotions: Task = { kind: "multi-label", labels: ["joy", "anger"] };

it.each<[Task, LabelValue]>([
  [score, -3],
  [score, 2.75],
  [{ kind: "regression", targets: ["sentiment"] }, 700],
  [two, { joy: 1, anger: 0 }],
  [two, { anger: 0.5 }],
  [classes, "positive"],
  [emotions, []],
  [emotions, ["anger", "joy"]],
])("allows for %j the label %j", (task, label) => {
  expect(() => {
    requireLabel(label, task);
  }).not.toThrow();
});

it.each<[Task, LabelValue, RegExp]>([
  [score, 3.001, /the label is 3.001, outside the scale of the labels Give a number from -3 to 3\./],
  [score, -1e9, /outside/],
  [score, "good", /the label is "good", expected a number/],
  [score, { sentiment: 1 }, /expected a number/],
  [two, 1, /expected a number by target/],
  [two, {}, /expected a number by target/],
  [two, { joy: 0.5, anger: 1.5 }, /the label of "anger" is 1.5, outside/],
  [two, { joy: 0.5, angre: 1 }, /there is no target "angre" Did you mean "anger"\?/],
  [classes, 1, /expected the name of a class/],
  [classes, "positiv", /there is no class "positiv" Did you mean "positive"\?/],
  [emotions, "joy", /expected a list of the labels that are present/],
  [emotions, ["joy", "calm"], /there is no label "calm"/],
])("refuses for %j the label %j", (task, label, expected) => {
  let thrown: unknown;
  try {
    requireLabel(label, task);
  } catch (error) {
    thrown = error;
  }
  if (!(thrown instanceof EuarError)) throw new Error("it was allowed");
  expect(thrown.code).toBe("data.invalid-value");
  expect(`${thrown.message} ${thrown.hint ?? ""}`).toMatch(expected);
});

it("reads the task of a stored prediction from its form", () => {
  expect(taskOfPrediction({ prediction: 1 }, [-1, 1])).toMatchObject({ kind: "regression", range: [-1, 1] });
  expect(taskOfPrediction({ prediction: { joy: 1, anger: 0 } }, null)).toEqual({
    kind: "regression",
    targets: ["joy", "anger"],
  });
  expect(taskOfPrediction({ prediction: "a", classes: { a: 0.7, b: 0.3 } }, null)).toEqual({
    kind: "classification",
    classes: ["a", "b"],
  });
  expect(taskOfPrediction({ prediction: [], labels: { joy: {}, anger: {} } }, null)).toEqual(emotions);
});
