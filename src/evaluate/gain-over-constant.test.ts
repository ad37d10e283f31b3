import { describe, expect, it } from "vitest";
import { normalAt, randomKey } from "../core/random.js";
import type { Task } from "../data/dataset.js";
import { constantOutputs, gainOverConstant, isGain, LEAST_SAMPLES } from "./gain-over-constant.js";

const floats = (...values: readonly number[]): Float32Array => Float32Array.from(values);

describe("gainOverConstant", () => {
  it("regression: the error of the training labels' median less that of the prediction, over targets", () => {
    const task: Task = { kind: "regression", targets: ["joy", "anger"] };
    const train = floats(0, 5, 1, 5, 9, 5); // medians 1 and 5
    const gains = gainOverConstant(task, floats(2, 5, 0, 4), floats(3, 5, 1, 6), train);
    expect([...gains]).toEqual([1, -2]); // 2 - 1 + 0 - 0, and 0 - 1 + 1 - 2
  });

  it("classification: errors are weighted, so that the most frequent class alone gains nothing", () => {
    const task: Task = { kind: "classification", classes: ["a", "b"] };
    const train = floats(0, 0, 0, 1); // weights 2/3 and 2
    const labels = floats(0, 0, 1);
    const always = floats(1, 0, 1, 0, 1, 0);
    expect([...gainOverConstant(task, always, labels, train)]).toEqual([0, 0, 0]);
    const gains = gainOverConstant(task, floats(0, 1, 1, 0, 0, 1), labels, train);
    expect(gains[0]).toBeCloseTo(-2 / 3, 12);
    expect([...gains].slice(1)).toEqual([0, 2]);
  });

  it("multi-label: the same for the states of each label", () => {
    const task: Task = { kind: "multi-label", labels: ["joy", "anger"] };
    const train = floats(0, 1, 0, 1, 1, 1); // joy: weights 3/4 and 3/2; anger is always present
    const gains = gainOverConstant(task, floats(4, 4, -4, -4), floats(1, 1, 0, 1), train);
    expect([...gains]).toEqual([1.5, -1]);
  });
});

describe("constantOutputs", () => {
  it("regression: the median of each target", () => {
    const task: Task = { kind: "regression", targets: ["joy", "anger"] };
    expect([...constantOutputs(task, floats(0, 5, 1, 6, 9, 4))]).toEqual([1, 5]);
  });

  it("classes and labels: logits whose probabilities are the frequencies, with one more of each", () => {
    const classes: Task = { kind: "classification", classes: ["a", "b", "c"] };
    const powers = [...constantOutputs(classes, floats(0, 0, 0, 1))].map(Math.exp);
    expect(powers.map(Math.round)).toEqual([4, 2, 1]);
    const labels: Task = { kind: "multi-label", labels: ["joy", "anger"] };
    const odds = [...constantOutputs(labels, floats(0, 1, 0, 1, 1, 1))].map(Math.exp);
    expect(odds[0]).toBeCloseTo(2 / 3, 12);
    expect(odds[1]).toBeCloseTo(4, 12);
  });
});

describe("isGain", () => {
  const gains = (mean: number): Float64Array =>
    Float64Array.from({ length: 100 }, (_, i) => mean + normalAt(randomKey(1, "gains"), i));

  it("is true for a mean above 2.576 standard errors, false for less and for a loss", () => {
    expect(isGain(gains(0.4))).toBe(true);
    expect(isGain(gains(0.1))).toBe(false);
    expect(isGain(gains(-0.4))).toBe(false);
    expect(isGain(new Float64Array(50))).toBe(false);
    expect(isGain(new Float64Array(50).fill(0.1))).toBe(true);
  });

  it("is undefined for too few samples", () => {
    expect(isGain(new Float64Array(LEAST_SAMPLES - 1).fill(1))).toBeUndefined();
  });
});
