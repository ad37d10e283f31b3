import { describe, expect, it } from "vitest";
import { isBetter, scoreOf, selectionRule } from "./selection.js";

const metrics = ["Non0_acc_2", "MAE"];

describe("the choice of an epoch", () => {
  it("uses the loss or a metric, each in its own direction", () => {
    expect(selectionRule("loss", metrics)).toEqual({ name: "loss", direction: "lower" });
    expect(selectionRule("MAE", metrics)).toEqual({ name: "MAE", direction: "lower" });
    expect(selectionRule("Non0_acc_2", metrics)).toEqual({ name: "Non0_acc_2", direction: "higher" });
    expect(
      isBetter(selectionRule("last", metrics), scoreOf(selectionRule("last", metrics), { last: 2 }), 1),
    ).toBe(true);
    expect(() => selectionRule("Accuracy", metrics)).toThrow(/Accuracy/);
  });

  it("reads the validation quantity by its name", () => {
    const valid = { loss: 1.5, MAE: 0.7, Corr: null };
    expect(scoreOf(selectionRule("MAE", metrics), valid)).toBe(0.7);
    expect(scoreOf(selectionRule("loss", metrics), valid)).toBe(1.5);
    expect(scoreOf({ name: "Corr", direction: "higher" }, valid)).toBeNull();
  });

  it("only takes a strictly better score, so that the first of ties stays", () => {
    const [accuracy, error] = [selectionRule("Non0_acc_2", metrics), selectionRule("MAE", metrics)];
    expect(isBetter(accuracy, 0.8, 0.7)).toBe(true);
    expect(isBetter(accuracy, 0.7, 0.8)).toBe(false);
    expect(isBetter(accuracy, 0.7, 0.7)).toBe(false);
    expect(isBetter(error, 0.7, 0.8)).toBe(true);
    expect(isBetter(error, 0.8, 0.7)).toBe(false);
    expect(isBetter(error, 0.8, 0.8)).toBe(false);
  });

  it("prefers a defined score to an undefined one", () => {
    const rule = selectionRule("loss", metrics);
    expect(isBetter(rule, 9, null)).toBe(true);
    expect(isBetter(rule, null, 9)).toBe(false);
    expect(isBetter(rule, null, null)).toBe(false);
  });
});
