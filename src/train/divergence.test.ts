import { describe, expect, it } from "vitest";
import { validationDivergence } from "./divergence.js";
import type { TrainEvent } from "./events.js";
import { errorOf } from "../core/testing/error-of.js";
import { toyDataset } from "../data/testing/toy-dataset.js";
import { train } from "./train.js";

describe("the rule", () => {
  it("is about the validation loss against the initial weights'", () => {
    expect(validationDivergence(1.5, 2)).toBeUndefined();
    expect(validationDivergence(199, 2)).toBeUndefined();
    expect(validationDivergence(201, 2)).toContain("100 times");
    expect(validationDivergence(NaN, 2)).toContain("NaN");
  });
});

describe("a poisoned data set", () => {
  it("ends in an error that names step and epoch, after three restarts", async () => {
    const events: TrainEvent[] = [];
    const request = { model: { name: "linear" as const }, train: { normalise: "none" as const, epochs: 3 } };
    const error = await errorOf(
      train(request, toyDataset({ scale: 1e25 }), { onEvent: (event) => events.push(event) }),
    );
    expect(error.code).toBe("train.diverged");
    expect(error.message).toMatch(/step 0 \(epoch 1\): .* 3 restarts/);
    expect(error.hint).toContain("--normalise none");
    const recoveries = events.filter((event) => event.kind === "recovery");
    expect(recoveries.map((event) => event.attempt)).toEqual([1, 2, 3]);
    expect(recoveries.map((event) => event.attemptsLeft)).toEqual([2, 1, 0]);
  });

  it("does no harm when features are normalised", async () => {
    const run = await train(
      { model: { name: "linear" as const }, train: { epochs: 2 } },
      toyDataset({ scale: 1e25 }),
    );
    expect(run.history.every((record) => record.recoveries === 0)).toBe(true);
  });

  it("is noticed before training when not even the validation split can be scored", async () => {
    const data = toyDataset();
    data.splits.valid.labels.fill(1e30);
    const error = await errorOf(train({ model: { name: "euar" }, train: { epochs: 1 } }, data));
    expect(error.code).toBe("train.diverged");
    expect(error.message).toContain("initial weights");
  });
});

it("a learning rate that is far too high is reduced, and training continues", async () => {
  const events: TrainEvent[] = [];
  const config = { learningRate: 30, epochs: 6, schedule: "constant" as const, patience: 0 };
  const run = await train({ model: { name: "linear" as const }, train: config }, toyDataset(), {
    onEvent: (event) => events.push(event),
  });
  const recoveries = events.filter((event) => event.kind === "recovery");
  expect(recoveries.length).toBeGreaterThan(0);
  expect(run.history).toHaveLength(6);
  expect(run.history[5]?.recoveries).toBe(recoveries.length);
  expect(run.history[5]?.learningRate).toBeCloseTo(30 * 0.3 ** recoveries.length, 8);
});
