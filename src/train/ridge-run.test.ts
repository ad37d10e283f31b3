import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Dataset } from "../data/dataset.js";
import { Predictor } from "../predict/predictor.js";
import { evaluate } from "../evaluate/evaluate.js";
import type { TrainEvent } from "./events.js";
import { errorOf } from "../core/testing/error-of.js";
import { toyDataset } from "../data/testing/toy-dataset.js";
import { train, type TrainedRun } from "./train.js";
import type { TrainRequest } from "./train-request.js";

const ridge: TrainRequest = { model: { name: "ridge" } };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "euar-ridge-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const bits = (run: TrainedRun): number[][] =>
  run.model.network.parameters.all().map(({ buffer }) => [...buffer.view]);

describe("ridge regression in the loop", () => {
  it.each(["regression", "two-targets"] as const)(
    "chooses the penalty on validation data only (%s)",
    async (task) => {
      const dataset = toyDataset({ task });
      const run = await train(ridge, dataset);
      const losses = run.history.map(({ valid }) => valid["loss"] ?? NaN);
      expect(run.bestEpoch).toBe(losses.indexOf(Math.min(...losses)) + 1);
      expect(run.bestEpoch).toBeGreaterThan(1);
      const penalties = run.history.map(({ train: { penalty } }) => penalty ?? NaN);
      expect(penalties[0]).toBe(10);
      for (const [i, penalty] of penalties.entries())
        if (i > 0) expect(penalty / (penalties[i - 1] ?? NaN)).toBe(0.5);
      const { train: learnt, valid, test } = dataset.splits;
      const other: Dataset = {
        ...dataset,
        splits: { train: learnt, valid, test: { ...test, labels: test.labels.map((label) => -label) } },
      };
      expect(bits(await train(ridge, other))).toEqual(bits(run));
    },
  );

  it("chooses a penalty per modality on validation, no worse than a shared one, and resumes", async () => {
    const config = { penaltyPerModality: true };
    const request: TrainRequest = { model: { name: "ridge", config }, train: { epochs: 60, patience: 0 } };
    const [shared, separate] = [await train(ridge, toyDataset()), await train(request, toyDataset())];
    const scoreOf = ({ history, bestEpoch }: TrainedRun): number => history[bestEpoch - 1]?.score ?? NaN;
    expect(scoreOf(separate)).toBeLessThan(scoreOf(shared));
    const chosen = separate.history[separate.bestEpoch - 1]?.train ?? {};
    const penalties = Object.entries(chosen).filter(([name]) => name.startsWith("penalty/"));
    expect(new Set(penalties.map(([, value]) => value)).size).toBeGreaterThan(1);
    const abort = new AbortController();
    const onEvent = (event: TrainEvent): void => {
      if (event.kind === "epoch" && event.record.epoch === 30) abort.abort();
    };
    const kept = { ...request, out: join(folder, "separate") };
    const stopped = train(kept, toyDataset(), { signal: abort.signal, onEvent });
    expect((await errorOf(stopped)).code).toBe("train.interrupted");
    const resumed = await train({ ...kept, resume: true }, toyDataset());
    expect(resumed.history).toEqual(separate.history);
    expect(bits(resumed)).toEqual(bits(separate));
  });

  it("fits the training data no worse than gradient descent if the penalty is small", async () => {
    const closed = await train(
      { model: { name: "ridge", config: { penalty: 1e-6 } }, train: { epochs: 1 } },
      toyDataset(),
    );
    const searched = await train(
      {
        model: { name: "linear" },
        train: { epochs: 200, learningRate: 0.02, patience: 0, schedule: "cosine" },
      },
      toyDataset(),
    );
    const [least, found] = [closed, searched].map((run) => run.history.at(-1)?.train["task"] ?? NaN);
    expect(least).toBeLessThan((found ?? NaN) + 1e-3);
    expect(Math.abs((least ?? NaN) - (found ?? NaN))).toBeLessThan(0.02);
  });

  it("is the same model when it is loaded, and predicts without a modality", async () => {
    const out = join(folder, "run");
    const { model, metrics } = await train({ ...ridge, out }, toyDataset());
    const loaded = await Predictor.load(out);
    expect((await evaluate(loaded, toyDataset())).metrics).toEqual(metrics.test);
    const text = new Float32Array(6).fill(0.5);
    expect(loaded.predict({ text })).toEqual(model.predict({ text }));
  });

  it("resumes to the same bits", async () => {
    const whole = await train({ ...ridge, train: { epochs: 12, patience: 0 } }, toyDataset());
    const request = { ...ridge, train: { epochs: 12, patience: 0 }, out: join(folder, "run") };
    const abort = new AbortController();
    const onEvent = (event: TrainEvent): void => {
      if (event.kind === "epoch" && event.record.epoch === 5) abort.abort();
    };
    const stopped = train(request, toyDataset(), { signal: abort.signal, onEvent });
    expect((await errorOf(stopped)).code).toBe("train.interrupted");
    const resumed = await train({ ...request, resume: true }, toyDataset());
    expect(resumed.history).toEqual(whole.history);
    expect(bits(resumed)).toEqual(bits(whole));
  });

  it("refuses options of training steps, which it does not have", async () => {
    const refusal = await errorOf(train({ ...ridge, train: { learningRate: 0.01 } }, toyDataset()));
    expect(refusal.code).toBe("config.conflict");
    expect(refusal.message).toMatch(/"learningRate"/);
    await train(
      { ...ridge, train: { epochs: 2, patience: 1, selectBy: "MAE", normalise: "zscore", seed: 4 } },
      toyDataset(),
    );
  });
});
