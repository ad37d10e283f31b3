import { describe, expect, it } from "vitest";
import { isBetter, scoreOf, selectionRule } from "../train/selection.js";
import { mostProbable } from "../metrics/most-probable.js";
import { sampleRisk, taskMetrics, validationMetrics } from "./task-metrics.js";

const one = (low: number, high: number) =>
  ({ kind: "regression", targets: ["y"], range: [low, high] }) as const;
const [p, y] = [Float32Array.of(0.5, -0.5, 0.9), Float32Array.of(1, -1, 0.8)];

describe("the metrics of a task", () => {
  it("follow the range of the labels", () => {
    const mosi = taskMetrics(one(-3, 3), p, y).values;
    expect(Object.keys(mosi)).toEqual(
      expect.arrayContaining([
        "Has0_acc_2",
        "Non0_acc_2",
        "Non0_F1_score",
        "Mult_acc_7",
        "Mult_acc_5",
        "MAE",
        "Corr",
        "Authors_acc_2",
      ]),
    );
    expect(Object.keys(mosi)).not.toContain("SIMS_acc_2");
    expect(Object.keys(taskMetrics(one(-1, 1), p, y).values)).toEqual(
      expect.arrayContaining(["SIMS_acc_5", "MAE", "Non0_acc_2"]),
    );
    expect(Object.keys(taskMetrics(one(1, 7), p, y).values)).toEqual(["MAE", "Corr"]);
    expect(Object.keys(taskMetrics({ kind: "regression", targets: ["y"] }, p, y).values)).toEqual([
      "MAE",
      "Corr",
    ]);
  });

  it("have no roundings to steps of another scale", () => {
    const names = (low: number, high: number) => Object.keys(taskMetrics(one(low, high), p, y).values);
    expect(names(-1, 1).filter((name) => /^(Mult|Authors)_acc_[57]$/.test(name))).toEqual([]);
    expect(names(-2, 2).filter((name) => /_acc_[57]$/.test(name))).toEqual(["Mult_acc_5"]);
    expect(names(-5, 5).filter((name) => /_acc_[57]$/.test(name))).toEqual([]);
    expect(names(-5, 5)).toContain("Non0_acc_2");
  });

  it("of stars are accuracies of the stated threshold and bins", () => {
    const task = {
      kind: "regression",
      targets: ["stars"],
      range: [1, 5],
      threshold: 3,
      bins: [1.5, 2.5, 3.5, 4.5],
    } as const;
    const { values } = taskMetrics(task, Float32Array.of(1.4, 3.2, 4.6, 2), Float32Array.of(1, 3, 5, 4));
    expect(Object.keys(values)).toEqual([
      "MAE",
      "Corr",
      "Threshold_acc_2",
      "Threshold_F1_score",
      "Bins_acc_5",
    ]);
    expect(values["Threshold_acc_2"]).toBe(0.5);
    expect(values["Bins_acc_5"]).toBe(0.75);
  });

  it("of several labels use decisions at their thresholds, on validation at the best ones", () => {
    const task = { kind: "multi-label", labels: ["joy", "anger"] } as const;
    const [logits, truth] = [Float32Array.of(2, -2, -1, -3, -2, -1), Float32Array.of(1, 0, 1, 0, 0, 1)];
    expect(taskMetrics(task, logits, truth).values).toMatchObject({
      "F1/joy": 2 / 3,
      "F1/anger": 0,
      Exact_match: 1 / 3,
    });
    expect(validationMetrics(task, logits, truth).values).toMatchObject({ "F1/joy": 1, "F1/anger": 1 });
    expect([...sampleRisk(task, logits, truth)]).toEqual([0, 0.5, 0.5]);
    expect([...sampleRisk(task, logits, truth, [0.2, 0.2])]).toEqual([0, 0, 0]);
  });

  it("are means over several targets", () => {
    const { values } = taskMetrics(
      { kind: "regression", targets: ["a", "b"] },
      Float32Array.of(1, 2, 3, 5),
      Float32Array.of(1, 1, 3, 2),
    );
    expect(values["MAE"]).toBe(1);
    expect(values["MAE/b"]).toBe(2);
  });

  it("of classes use the most probable class, the first of ties", () => {
    const logits = Float32Array.of(0, 2, 1, 5, 5, 0);
    expect([...mostProbable(logits, 3)]).toEqual([1, 0]);
    const { values } = taskMetrics(
      { kind: "classification", classes: ["a", "b", "c"] },
      logits,
      Float32Array.of(1, 1),
    );
    expect(values["Accuracy"]).toBe(0.5);
  });
});

it("a sample's risk is its mean absolute error, or whether its class is wrong", () => {
  expect([
    ...sampleRisk(
      { kind: "regression", targets: ["a", "b"] },
      Float32Array.of(1, 2, 3, 5),
      Float32Array.of(1, 1, 3, 2),
    ),
  ]).toEqual([0.5, 1.5]);
  expect([
    ...sampleRisk(
      { kind: "classification", classes: ["a", "b"] },
      Float32Array.of(0, 1, 1, 0),
      Float32Array.of(1, 1),
    ),
  ]).toEqual([0, 1]);
});

describe("selection", () => {
  it("knows the direction of the loss and of every metric", () => {
    expect(selectionRule("loss", [])).toEqual({ name: "loss", direction: "lower" });
    expect(selectionRule("Corr", ["Corr", "MAE"]).direction).toBe("higher");
    expect(selectionRule("MAE", ["Corr", "MAE"]).direction).toBe("lower");
  });

  it("suggests the name that was meant", () => {
    expect(() => selectionRule("Non0_acc", ["MAE", "Non0_acc_2"])).toThrow(
      expect.objectContaining({ code: "config.invalid", hint: 'Did you mean "Non0_acc_2"?' }) as Error,
    );
    expect(() => selectionRule("Accuracy", ["MAE"])).toThrow(/no validation metric "Accuracy"/);
  });

  it("requires a strict improvement, and prefers a defined score", () => {
    const higher = selectionRule("Corr", ["Corr"]);
    expect(isBetter(higher, 0.5, 0.5)).toBe(false);
    expect(isBetter(higher, 0.6, 0.5)).toBe(true);
    expect(isBetter(higher, null, 0.5)).toBe(false);
    expect(isBetter(higher, -0.9, null)).toBe(true);
    expect(isBetter(selectionRule("loss", []), 0.6, 0.5)).toBe(false);
    expect(scoreOf(higher, { MAE: 1 })).toBeNull();
  });
});
