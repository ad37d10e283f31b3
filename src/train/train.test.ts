import { describe, expect, it } from "vitest";
import type { TrainEvent } from "./events.js";
import type { Metrics } from "../runs/results.js";
import { toyDataset } from "../data/testing/toy-dataset.js";
import { train, type TrainedRun } from "./train.js";
import type { TrainRequest } from "./train-request.js";

const euar: TrainRequest = {
  model: { name: "euar", config: { hidden: 16, experts: { count: 4 }, head: [16] } },
  train: { epochs: 12, learningRate: 5e-3, seed: 3 },
};

/** All weights as one string: comparing a million numbers one by one would take seconds. */
function bits(run: TrainedRun): string {
  const parts = run.model.network.parameters
    .all()
    .map(({ buffer: { view } }) => Buffer.from(view.buffer, view.byteOffset, view.byteLength));
  return Buffer.concat(parts).toString("base64");
}

function value(metrics: Metrics, name: string): number {
  const found = metrics[name];
  if (typeof found !== "number") throw new Error(`no value of ${name}`);
  return found;
}

describe.each(["reference", "wasm"] as const)("training on the %s backend", (backend) => {
  it("learns: EUAR and the linear model beat the mean by far", async () => {
    for (const request of [euar, { ...euar, model: { name: "linear" as const } }]) {
      const run = await train({ ...request, backend }, toyDataset());
      expect(value(run.metrics.test, "MAE")).toBeLessThan(0.9); // always saying the mean: about 1.5
      expect(value(run.metrics.test, "Corr")).toBeGreaterThan(0.85);
      expect(run.warnings).toEqual([]);
    }
  });

  it("has the same bits for the same seed, and other bits for another seed", async () => {
    const [first, second, other] = [
      await train({ ...euar, backend }, toyDataset()),
      await train({ ...euar, backend }, toyDataset()),
      await train({ ...euar, backend, train: { ...euar.train, seed: 4 } }, toyDataset()),
    ];
    expect(bits(second)).toEqual(bits(first));
    expect(second.metrics).toEqual(first.metrics);
    expect(second.history).toEqual(first.history);
    expect(bits(other)).not.toEqual(bits(first));
  });
});

describe("the loop", () => {
  it("reports its progress", async () => {
    const events: TrainEvent[] = [];
    const run = await train({ ...euar, train: { ...euar.train, epochs: 3 } }, toyDataset(), {
      onEvent: (event) => events.push(event),
    });
    expect(events[0]).toMatchObject({
      kind: "start",
      model: "euar",
      epochs: 3,
      stepsPerEpoch: 6,
      epochsDone: 0,
      parameters: run.model.network.parameters.count(),
    });
    expect(events.filter((event) => event.kind === "epoch").map((event) => event.record)).toEqual(
      run.history,
    );
    const step = events.find((event) => event.kind === "step");
    expect(step).toMatchObject({ epoch: 1, step: 1, stepsPerEpoch: 6, progress: 1 / 18 });
    expect(events.at(-1)).toMatchObject({
      kind: "done",
      bestEpoch: run.bestEpoch,
      epochs: 3,
      stoppedEarly: false,
    });
  });

  it("keeps the weights of the best epoch and stops without improvement", async () => {
    const run = await train(
      { ...euar, train: { ...euar.train, epochs: 200, learningRate: 2e-2, patience: 4 } },
      toyDataset(),
    );
    expect(run.stoppedEarly).toBe(true);
    expect(run.history.at(-1)?.epoch).toBe(run.bestEpoch + 4);
    const losses = run.history.map((record) => record.valid["loss"] ?? NaN);
    expect(run.bestEpoch).toBe(losses.indexOf(Math.min(...losses)) + 1);
    expect(run.metrics.valid["MAE"]).toBe(run.history[run.bestEpoch - 1]?.valid["MAE"]);
  });

  it("selects by a metric with selectBy", async () => {
    const run = await train(
      { ...euar, train: { ...euar.train, epochs: 8, selectBy: "Corr", patience: 0 } },
      toyDataset(),
    );
    const correlations = run.history.map((record) => record.valid["Corr"] ?? NaN);
    expect(run.bestEpoch).toBe(correlations.indexOf(Math.max(...correlations)) + 1);
  });

  it("keeps the last epoch with selectBy last, whatever the patience", async () => {
    const run = await train(
      { ...euar, train: { ...euar.train, epochs: 4, selectBy: "last", patience: 1 } },
      toyDataset(),
    );
    expect(run.bestEpoch).toBe(4);
    expect(run.stoppedEarly).toBe(false);
  });

  it("validates and keeps the averaged weights with averageDecay", async () => {
    const request = { ...euar, train: { ...euar.train, epochs: 3, averageDecay: 0.9 } };
    const averaged = await train(request, toyDataset());
    const plain = await train({ ...request, train: { ...request.train, averageDecay: 0 } }, toyDataset());
    expect(averaged.history[0]?.train).toEqual(plain.history[0]?.train); // the same steps
    expect(averaged.history[0]?.valid["loss"]).not.toBe(plain.history[0]?.valid["loss"]);
    expect(averaged.metrics.valid["MAE"]).toBe(averaged.history[averaged.bestEpoch - 1]?.valid["MAE"]);
  });

  it.each(["classification", "two-targets"] as const)("trains for %s", async (task) => {
    const run = await train({ ...euar, train: { ...euar.train, epochs: 12 } }, toyDataset({ task }));
    if (task === "classification") expect(value(run.metrics.test, "Accuracy")).toBeGreaterThan(0.6);
    else expect(value(run.metrics.test, "Corr")).toBeGreaterThan(0.8);
  });

  it("trains on corrupted copies, drawn again in each step", async () => {
    const request = {
      ...euar,
      train: { ...euar.train, epochs: 6, copies: ["noise", "dropout"] },
    } satisfies TrainRequest;
    const run = await train(request, toyDataset());
    const again = await train(request, toyDataset());
    const plain = await train({ ...request, train: { ...request.train, copies: [] } }, toyDataset());
    expect(bits(again)).toEqual(bits(run));
    const last = (of: TrainedRun): number => of.history.at(-1)?.train["task"] ?? NaN;
    expect(last(run)).toBeGreaterThan(last(plain)); // copies are harder
    expect(value(run.metrics.test, "Corr")).toBeGreaterThan(0.8);
  });

  it("lowers the learning rate on a plateau, when validation does not improve", async () => {
    const config = {
      ...euar.train,
      epochs: 30,
      learningRate: 2e-2,
      plateauPatience: 0,
      plateauFactor: 0.5,
      patience: 0,
    };
    const run = await train({ ...euar, train: config }, toyDataset());
    const rates = run.history.map((record) => record.learningRate);
    expect(rates[0]).toBe(2e-2);
    expect(rates.at(-1)).toBeLessThan(2e-2);
    expect(rates).toEqual([...rates].sort((a, b) => b - a));
  });
});
