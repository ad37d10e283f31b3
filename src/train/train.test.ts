import { describe, expect, it } from "vitest";
import type { Metrics } from "./results.js";
import { toyDataset } from "./testing/toy-dataset.js";
import { train, type TrainedRun } from "./train.js";
import type { TrainRequest } from "./train-request.js";

const euar: TrainRequest = { model: { name: "euar", config: { hidden: 16, experts: 4, head: [16] } }, train: { epochs: 12, learningRate: 5e-3, seed: 3 } };

function bits(run: TrainedRun): number[][] {
  return run.model.network.parameters.all().map((parameter) => [...parameter.buffer.view]);
}

function value(metrics: Metrics, name: string): number {
  const found = metrics[name];
  if (typeof found !== "number") throw new Error(`no value of ${name}`);
  return found;
}

describe.each(["reference", "wasm"] as const)("training on the %s backend", (backend) => {
  it("learns: EUAR and the linear model beat the mean by far", async () => {
    for (const request of [euar, { ...euar, model: { name: "linear" } }]) {
      const run = await train({ ...request, backend }, toyDataset());
      expect(value(run.metrics.test, "MAE")).toBeLessThan(0.9); // always saying the mean: about 1.5
      expect(value(run.metrics.test, "Corr")).toBeGreaterThan(0.85);
      expect(run.warnings).toEqual([]);
    }
  });

  it("gives the same bits for the same seed, others for another", async () => {
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
