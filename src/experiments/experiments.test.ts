import { mkdtempSync, readdirSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { TrainError } from "../core/errors.js";
import { parseCorruption } from "../corruption/parse-corruption.js";
import { loadSynthetic } from "../data/synthetic/load-synthetic.js";
import { evaluate } from "../evaluate/evaluate.js";
import { train } from "../train/train.js";
import { DataSets } from "./data-sets.js";
import { localExecutor } from "./executor.js";
import { jobHash, jobSchema } from "./job.js";
import { featureNoise } from "./noise-columns.js";
import { jobsOf } from "./plan.js";
import { featureSeries } from "./noise-series.js";
import { experimentNames, experimentsWith, plansFor } from "./plans.js";
import { parseRecipe, plainRecipe } from "./recipe.js";
import { reproduce, type ReproduceRequest } from "./reproduce.js";
import type { ExperimentResult, Experiments, ResultCell } from "./experiment-result.js";
import type { JobsProgress } from "./run-jobs.js";

const root = mkdtempSync(join(tmpdir(), "euar-experiments-"));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const source = "synthetic:seed=9,train=60,valid=30,test=40";
const recipe = parseRecipe(
  { train: { epochs: 2 }, models: { euar: { config: { experts: { count: 4 }, hidden: 8 } } } },
  "recipe",
);
const request = (store: string, change: Partial<ReproduceRequest> = {}): ReproduceRequest => ({
  experiments: ["table4"],
  source,
  noise: featureNoise,
  seeds: [1, 2],
  recipe,
  store: join(root, store),
  ...change,
});

async function run(
  asked: ReproduceRequest,
  lanes = 1,
  signal = new AbortController().signal,
  onProgress: (progress: JobsProgress) => void = () => undefined,
): Promise<Experiments> {
  return reproduce(asked, {
    signal,
    onProgress,
    openExecutors: (data) => Promise.resolve(Array.from({ length: lanes }, () => localExecutor(data))),
  });
}

describe("jobs", () => {
  const job = jobSchema.parse({
    data: { source: "a/data" },
    model: { name: "linear" },
    seed: 1,
    conditions: [{ label: "all" }],
  });

  const context = {
    data: { source, task: { kind: "regression", targets: ["y"] } as const, modalities: ["text", "image"] },
    seeds: [1],
    recipe: plainRecipe,
    noise: featureNoise,
    series: featureSeries(["text", "image"]),
  };

  it("are named by their content and the data's, not by the location of the data", () => {
    const [here, there] = [
      jobHash(job, new Map([["a/data", "f1"]])),
      jobHash({ ...job, data: { source: "b/data" } }, new Map([["b/data", "f1"]])),
    ];
    expect(there).toBe(here);
    expect(jobHash(job, new Map([["a/data", "f2"]]))).not.toBe(here);
    expect(jobHash({ ...job, seed: 2 }, new Map([["a/data", "f1"]]))).not.toBe(here);
    expect(
      jobHash(
        { ...job, conditions: [{ label: "all", seed: 1, noise: "gaussian:1" }] },
        new Map([["a/data", "f1"]]),
      ),
    ).not.toBe(here);
  });

  it("are shared by tables that need the same runs, whichever table asks", () => {
    const hashesOf = (names: readonly (typeof experimentNames)[number][]): Set<string> =>
      new Set(jobsOf(plansFor(names, context)).map(({ job: one }) => jobHash(one, new Map())));
    const all = hashesOf(experimentNames);
    for (const name of experimentNames) for (const hash of hashesOf([name])) expect(all.has(hash)).toBe(true);
    const tables = hashesOf(["table1", "table2", "table4"]);
    for (const name of ["figure5", "uncertainty", "figure7"] as const)
      for (const hash of hashesOf([name])) expect(tables.has(hash), name).toBe(true);
    const robust = hashesOf(["robustness"]);
    for (const hash of hashesOf(["inputs"])) expect(robust.has(hash)).toBe(true);
  });

  it("with fast arithmetic are other jobs: they have other bits", () => {
    const hashesOf = (arithmetic?: "fast"): string[] =>
      jobsOf(plansFor(["table4"], { ...context, arithmetic })).map(({ job: one }) => jobHash(one, new Map()));
    const exact = new Set(hashesOf());
    const fast = hashesOf("fast");
    expect(fast.length).toBeGreaterThan(0);
    expect(fast.filter((hash) => exact.has(hash))).toEqual([]);
  });

  it("of every experiment ask for validation to choose and never name the test split in training", () => {
    const data = { ...context.data, task: { kind: "classification", classes: ["a", "b"] } as const };
    const classified = { ...context, data };
    const plans = plansFor(experimentsWith(featureNoise), classified);
    expect(plansFor(["table2-one-model", "table2-retrain"], classified)).toEqual([plans[2], plans[1]]);
    expect(plans.map(({ name }) => name)).toEqual([
      "table1",
      "table2-retrain",
      "table2-one-model",
      "table3",
      "table4",
      "figure3",
      "figure4",
      "figure5",
      "figure6",
      "figure7",
      "uncertainty",
      "robustness",
      "inputs",
    ]);
    for (const plan of plans) {
      expect(plan.rows.some(({ label }) => label === "Linear")).toBe(true);
      if (plan.kind === "table")
        for (const { cells } of plan.rows) expect(cells).toHaveLength(plan.columns.length);
    }
    for (const { job: planned } of jobsOf(plans)) {
      expect(JSON.stringify(planned.train)).not.toContain("test");
      const own = planned.data.modalities ?? [];
      for (const { modality } of planned.conditions.flatMap(({ noise }) =>
        noise === undefined ? [] : parseCorruption(noise),
      ))
        expect([...own, undefined]).toContain(modality);
    }
    const labels = plans.find(({ name }) => name === "table3")?.rows.map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(["EUAR", "TMC", "QMF", "Best single modality (EUAR)"]));
  });
});

describe("reproduce", () => {
  it("gives the same result for every number of executors, and does nothing twice", async () => {
    const one = await run(request("one"));
    expect(await run(request("two"), 3)).toEqual(one);
    const seen: JobsProgress[] = [];
    expect(await run(request("one"), 1, undefined, (progress) => seen.push(progress))).toEqual(one);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ total: 12, done: 12, stored: 12, failures: [] });
    const [table] = one.experiments;
    expect(table?.rows.map(({ label }) => label)).toEqual([
      "EUAR",
      "without L_kl",
      "without L_u",
      "without L_kl and L_u",
      "EUAR, plain MLP experts",
      "Linear",
    ]);
    const [euar, ...others] = table?.rows ?? [];
    expect(euar?.cells[0]?.comparison).toBeNull();
    for (const { cells } of others) expect(cells[0]?.comparison?.adjusted).toBeGreaterThan(0);
    expect(euar?.cells[0]?.values).toHaveLength(2);
  });

  it("continues after an interruption, and makes a damaged result again", async () => {
    const stop = new AbortController();
    await expect(
      run(request("cut"), 1, stop.signal, ({ done }) => {
        if (done === 3) stop.abort(new Error("stopped"));
      }),
    ).rejects.toThrow("stopped");
    const folder = join(root, "cut");
    const kept = readdirSync(folder);
    expect(kept).toHaveLength(3);
    truncateSync(join(folder, kept[0] ?? ""), 40);
    const seen: JobsProgress[] = [];
    const whole = await run(request("cut"), 1, undefined, (progress) => seen.push(progress));
    expect(seen[0]?.stored).toBe(2);
    expect(whole).toEqual(await run(request("one")));
  });

  it("reports a run that fails, and leaves its cells empty", async () => {
    const data = new DataSets();
    const results = await reproduce(request("failing"), {
      signal: new AbortController().signal,
      onProgress: () => undefined,
      openExecutors: () => {
        const local = localExecutor(data);
        const run: typeof local.run = (job, hash, signal) =>
          job.model.name === "linear" && job.seed === 2
            ? Promise.reject(new TrainError("train.diverged", "it diverged"))
            : local.run(job, hash, signal);
        return Promise.resolve([{ ...local, run }]);
      },
    });
    expect(results.failures).toEqual([
      { label: "table4, Linear, seed 2", code: "train.diverged", message: "it diverged" },
    ]);
    expect(results.experiments[0]?.rows.at(-1)?.cells[0]).toMatchObject({
      mean: null,
      comparison: null,
      wins: false,
    });
  });

  it("chooses the best single modality on validation, and names it", async () => {
    const { experiments } = await run(request("single", { experiments: ["table1"], seeds: [1] }));
    const notes = new Set(
      experiments[0]?.rows
        .find(({ label }) => label.startsWith("Best single"))
        ?.cells.map(({ note }) => note),
    );
    expect(notes).toEqual(new Set(["text"]));
  });

  it("measures the area under a metric over noise, and compares with the preset aware", async () => {
    const { experiments } = await run(request("area", { experiments: ["robustness", "table3"], seeds: [1] }));
    const [table, mae, noise] = ["robustness", "robustness-mae", "table3"].map((name) =>
      experiments.find((one) => one.name === name),
    );
    const cellsOf = (of: ExperimentResult | undefined, label: string): ResultCell[] =>
      of?.rows.find((one) => one.label === label)?.cells ?? [];
    const heights = cellsOf(noise, "Linear").slice(0, 4);
    const gaussian = table?.columns.findIndex(({ label }) => label === "Gaussian") ?? -1;
    expect(cellsOf(table, "Linear")[gaussian]?.mean).toBeCloseTo(
      [0.125, 0.25, 0.375, 0.25].reduce((sum, weight, i) => sum + weight * (heights[i]?.mean ?? NaN), 0),
      12,
    );
    expect(cellsOf(table, "EUAR, preset aware")[1]?.comparison).toBeNull();
    const { model } = await train(
      { model: { name: "linear", config: {} }, train: { epochs: 2, seed: 1 } },
      loadSynthetic(source),
    );
    const whole = await evaluate(model, loadSynthetic(`${source},clean`));
    expect(table?.columns[0]?.label).toBe("undamaged");
    expect([cellsOf(table, "Linear")[0]?.mean, cellsOf(mae, "Linear")[0]?.mean]).toEqual([
      whole.metrics["Non0_acc_2"],
      whole.metrics["MAE"],
    ]);
    const compared = cellsOf(mae, "Linear")[1]?.comparison;
    expect(compared?.low).toBeLessThan(compared?.high ?? NaN);
    expect(mae?.columns.map(({ metric }) => metric)).toEqual(table?.columns.map(() => "MAE"));
  });

  it("gives simple models the inputs of aware, and compares with an untrained statistic", async () => {
    const { experiments } = await run(request("inputs", { experiments: ["inputs"] }));
    const severity = experiments.find(({ name }) => name === "inputs-severity");
    const untrained = severity?.rows.find(({ label }) => label.includes("untrained"))?.cells ?? [];
    const dataset = loadSynthetic(source);
    const config = { inputStatistics: true };
    const { model } = await train({ model: { name: "linear", config }, train: { epochs: 1 } }, dataset);
    const { uncertainty } = await evaluate(model, dataset);
    const agreements = Object.values(uncertainty).flatMap(({ severity: one }) => (one ? [one] : []));
    const mean = (of: readonly (number | null | undefined)[]): number =>
      of.reduce<number>((sum, value) => sum + (value ?? NaN), 0) / of.length;
    expect(agreements).toHaveLength(3);
    expect(untrained[0]?.values.map((value) => value?.toFixed(4))).toEqual(
      [1, 2].map(() => mean(agreements.map(({ all }) => all)).toFixed(4)),
    );
    const swap = severity?.columns.findIndex(({ label }) => label === "swap") ?? -1;
    expect(untrained[swap]?.mean).toBeCloseTo(mean(agreements.map(({ byKind }) => byKind["swap"]?.rho)), 4);
    const both = experiments[0]?.rows.find(({ label }) => label === "Concat, with copies and statistics");
    const copies = experiments[0]?.rows.find(({ label }) => label === "Concat, with corrupted copies");
    expect(both?.cells[1]?.mean).not.toBe(copies?.cells[1]?.mean);
  });

  it("refuses recipes that no model has, and data of one modality", async () => {
    expect(() => parseRecipe({ models: { euer: {} } }, "r.json")).toThrow(
      expect.objectContaining({ code: "config.invalid", hint: 'Did you mean "euar"?' }),
    );
    expect(() => parseRecipe({ models: { euar: { config: { exprets: 4 } } } }, "r.json")).toThrow(
      /no option "exprets"/,
    );
    expect(() => parseRecipe({ train: { epochs: 0 } }, "r.json")).toThrow(/epochs/);
    expect(() => parseRecipe([], "r.json")).toThrow(/r.json/);
    await expect(run(request("none", { modalities: ["text"] }))).rejects.toMatchObject({
      code: "config.conflict",
    });
  });
});
