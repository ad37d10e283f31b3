import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { optionAt } from "../core/nested-options.js";
import { loadSynthetic } from "../data/synthetic/load-synthetic.js";
import { DataSets } from "./data-sets.js";
import { localExecutor } from "./executor.js";
import { jobSchema } from "./job.js";
import { parseRecipe, plainRecipe } from "./recipe.js";
import { runJob } from "./run-job.js";
import { drawTrials, parseSearchSpace } from "./search-space.js";
import { sweep, type SweepRequest, type SweepResult } from "./sweep.js";

const root = mkdtempSync(join(tmpdir(), "euar-sweep-"));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const space = parseSearchSpace(
  {
    learningRate: { log: [1e-5, 0.03] },
    inputDropout: { uniform: [0, 0.4] },
    batchSize: { choice: [8, 16] },
  },
  "linear",
  { name: "space.json" },
);
const request = (store: string, change: Partial<SweepRequest> = {}): SweepRequest => ({
  source: "synthetic:seed=4,train=60,valid=30,test=40",
  model: "linear",
  space,
  recipe: plainRecipe,
  trials: 9,
  seeds: [1],
  seed: 1,
  epochs: 9,
  halving: 3,
  store: join(root, store),
  ...change,
});

function run(asked: SweepRequest, lanes = 1): Promise<SweepResult> {
  return sweep(asked, {
    signal: new AbortController().signal,
    onProgress: () => undefined,
    openExecutors: (data) => Promise.resolve(Array.from({ length: lanes }, () => localExecutor(data))),
  });
}

describe("drawTrials", () => {
  it("stays within the space, and trial n is the same whatever their number", () => {
    const many = drawTrials(space, "linear", 200, 3);
    expect(drawTrials(space, "linear", 5, 3)).toEqual(many.slice(0, 5));
    expect(drawTrials(space, "linear", 5, 4)).not.toEqual(many.slice(0, 5));
    const rates = many.map(({ train }) => Number(train["learningRate"]));
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(1e-5);
    expect(Math.max(...rates)).toBeLessThanOrEqual(0.03);
    expect(rates.filter((rate) => rate < Math.sqrt(1e-5 * 0.03)).length / 200).toBeCloseTo(0.5, 0.7);
    expect(new Set(many.map(({ train }) => train["batchSize"]))).toEqual(new Set([8, 16]));
    expect(many.every(({ config }) => Number(config["inputDropout"]) <= 0.4)).toBe(true);
    const whole = drawTrials(
      parseSearchSpace({ experts: { integer: [2, 4] } }, "euar", { name: "s" }),
      "euar",
      100,
      1,
    );
    expect(new Set(whole.map(({ config }) => optionAt(config, "experts.count")))).toEqual(new Set([2, 3, 4]));
  });

  it.each([
    [[], /s: /],
    [{}, /has no options/],
    [{ learningRat: { log: [1, 2] } }, /neither the model linear nor training has an option "learningRat"/],
    [{ experts: { choice: [2] } }, /neither the model linear nor training has an option "experts"/],
    [{ seed: { choice: [2] } }, /cannot vary seed/],
    [{ learningRate: { log: [0, 1] } }, /s: /],
    [{ learningRate: { uniform: [2, 1] } }, /s: /],
  ])("refuses %j", (value, message) => {
    expect(() => parseSearchSpace(value, "linear", { name: "s" })).toThrow(message);
  });

  it("draws options of parts, also under short names, but no options of a kind that was not drawn", () => {
    const parts = parseSearchSpace(
      {
        encoder: { choice: ["mlp", "sequence"] },
        "encoder.layers": { integer: [1, 2] },
        "awareness.statistics": { choice: [null, { hidden: 4 }] },
        "losses.kl.weight": { log: [1e-4, 1e-2] },
      },
      "euar",
      { name: "s" },
    );
    const trials = drawTrials(parts, "euar", 40, 1).map(({ config }) => config);
    const encoders = trials.map((config) => JSON.stringify(config["encoder"]));
    expect(new Set(encoders)).toEqual(
      new Set(['{"kind":"mlp"}', '{"kind":"sequence","layers":1}', '{"kind":"sequence","layers":2}']),
    );
    const statistics = trials.map((config) => JSON.stringify(optionAt(config, "awareness.statistics")));
    expect(new Set(statistics)).toEqual(new Set(["null", '{"hidden":4}']));
    const layers = parseSearchSpace({ "encoder.layers": { integer: [1, 2] } }, "euar", { name: "s" });
    expect(() => drawTrials(layers, "euar", 1, 1)).toThrow(/encoder/);
    const recipe = { encoder: { kind: "sequence" } };
    expect(drawTrials(layers, "euar", 1, 1, recipe)).toHaveLength(1);
  });

  it("refuses a value that is out of its option's range before anything is trained", () => {
    expect(() =>
      drawTrials(
        parseSearchSpace({ inputDropout: { uniform: [2, 3] } }, "linear", { name: "s" }),
        "linear",
        1,
        1,
      ),
    ).toThrow(/inputDropout/);
  });
});

describe("sweep", () => {
  it("halves: the best third gets three times the epochs, whatever the executors, none twice", async () => {
    const result = await run(request("halving"));
    expect(result.trials.map(({ epochs }) => epochs)).toEqual([9, 3, 3, 1, 1, 1, 1, 1, 1]);
    expect(new Set(result.trials.map(({ trial }) => trial.number)).size).toBe(9);
    expect(await run(request("lanes"), 3)).toEqual(result);
    expect(readdirSync(join(root, "halving"))).toHaveLength(9 + 3 + 1);
    const scores = result.trials.slice(3).map(({ score }) => score ?? NaN);
    expect(scores).toEqual([...scores].sort((a, b) => a - b)); // MAE: the smaller the better
    expect(parseRecipe(JSON.parse(JSON.stringify(result.best)), "best")).toEqual(result.best);
  });

  it("at random gives every trial all epochs, and takes means over seeds", async () => {
    const result = await run(
      request("random", { halving: 1, trials: 3, seeds: [1, 2], metric: "Non0_acc_2", epochs: 2 }),
    );
    expect(result.trials.map(({ epochs }) => epochs)).toEqual([2, 2, 2]);
    const scores = result.trials.map(({ score }) => score ?? NaN);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    await expect(
      run(request("random", { halving: 1, trials: 1, metric: "Acc9", epochs: 2 })),
    ).rejects.toThrow(/no metric "Acc9"/);
  });

  it("does not read the test split: other test samples change nothing", async () => {
    const job = jobSchema.parse({
      data: { source: "s" },
      model: { name: "linear" },
      train: { epochs: 2 },
      seed: 1,
      conditions: [],
      validationOnly: true,
    });
    const dataset = loadSynthetic("synthetic:seed=4,train=60,valid=30,test=40");
    const poisoned = new Float32Array(dataset.splits.test.labels.length).fill(NaN);
    const sets = (labels: Float32Array): DataSets =>
      Object.assign(new DataSets(), {
        get: () =>
          Promise.resolve({
            ...dataset,
            splits: { ...dataset.splits, test: { ...dataset.splits.test, labels } },
          }),
      });
    expect(await runJob(job, "h", sets(poisoned))).toEqual(
      await runJob(job, "h", sets(dataset.splits.test.labels)),
    );
    expect(() => jobSchema.parse({ ...job, conditions: [{ label: "all" }] })).toThrow(/validation-only/);
  });
});
