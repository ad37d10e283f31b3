import { beforeAll, describe, expect, it } from "vitest";
import type { Dataset, Split } from "../data/dataset.js";
import { selectModalities } from "../data/select-modalities.js";
import type { Predictor } from "../predict/predictor.js";
import { evaluate } from "./evaluate.js";
import { forwardSplit, type SplitOutputs } from "../predict/forward-split.js";
import { errorOf } from "../core/testing/error-of.js";
import { toyDataset } from "../data/testing/toy-dataset.js";
import { train } from "../train/train.js";
import { selectiveReport, uncertaintyReport } from "./uncertainty-report.js";

const data = toyDataset();
let model: Predictor;
beforeAll(async () => {
  const config = { hidden: 16, experts: { count: 4 }, head: [16] };
  model = (
    await train(
      { model: { name: "euar", config }, train: { epochs: 12, learningRate: 5e-3, modalityDropout: 0.3 } },
      data,
    )
  ).model;
});

describe("evaluate", () => {
  it("reports the same metrics as training", async () => {
    const { model: other, metrics } = await train({ model: { name: "linear" }, train: { epochs: 2 } }, data);
    expect((await evaluate(other, data)).metrics).toEqual(metrics.test);
    expect((await evaluate(other, data, { split: "valid" })).metrics).toEqual(metrics.valid);
  });

  it("evaluates subsets: the stronger modality beats the weaker, both together are best", async () => {
    const mae = async (available: string[]): Promise<number> =>
      (await evaluate(model, data, { available })).metrics["MAE"] ?? NaN;
    const [both, text, audio] = [await mae(["text", "audio"]), await mae(["text"]), await mae(["audio"])];
    expect(both).toBeLessThan(audio);
    expect(text).toBeLessThan(audio);
    expect((await evaluate(model, data)).metrics["MAE"]).toBe(both);
    expect((await evaluate(model, data, { available: ["audio", "text"] })).available).toEqual([
      "text",
      "audio",
    ]);
  });

  it("reports the load of the experts for models with experts", async () => {
    const { routing } = await evaluate(model, data);
    expect(Object.keys(routing ?? {})).toEqual(["text", "audio"]);
    for (const { load } of Object.values(routing ?? {})) {
      expect(load).toHaveLength(4);
      expect(load.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    }
    const { model: other } = await train({ model: { name: "linear" }, train: { epochs: 1 } }, data);
    expect((await evaluate(other, data)).routing).toBeUndefined();
  });

  it("warns about samples without any modality", async () => {
    const { warnings, uncertainty } = await evaluate(model, data, { available: ["audio"] });
    expect(warnings[0]).toMatch(/^9 of 48 samples have none of the available modalities/);
    expect(uncertainty["text"]).toMatchObject({ samples: 0, mean: null });
    expect(uncertainty["audio"]?.samples).toBe(39);
  });

  it("treats a modality that the data lack as missing, and ignores one that the model lacks", async () => {
    const onlyText = selectModalities(data, ["text"]);
    const lacking = await evaluate(model, onlyText);
    expect(lacking.warnings).toContain('the data have no modality "audio": it is missing from every sample');
    expect(lacking.metrics).toEqual((await evaluate(model, data, { available: ["text"] })).metrics);
    const { model: textModel } = await train({ model: { name: "euar" }, train: { epochs: 1 } }, onlyText);
    expect((await evaluate(textModel, data)).warnings).toContain(
      'the model was not trained with modality "audio": it is ignored',
    );
  });

  it("refuses data that do not fit the model", async () => {
    expect(await errorOf(evaluate(model, data, { available: [] }))).toMatchObject({ code: "config.invalid" });
    expect(await errorOf(evaluate(model, data, { available: ["txet"] }))).toMatchObject({
      code: "data.unknown-modality",
      hint: 'Did you mean "text"?',
    });
    expect(await errorOf(evaluate(model, toyDataset({ task: "classification" })))).toMatchObject({
      code: "data.format",
    });
    const { text } = data.splits.test.modalities;
    if (!text) throw new Error("the toy data have text");
    const narrow: Split = { ...data.splits.test, modalities: { text: { ...text, width: 3, steps: 2 } } };
    const wrong: Dataset = { ...data, splits: { ...data.splits, test: narrow } };
    expect(await errorOf(evaluate(model, wrong))).toMatchObject({ code: "data.width-mismatch" });
    expect(await errorOf(evaluate("/nowhere/at/all", data))).toMatchObject({ code: "checkpoint.format" });
  });

  it("refuses features of another encoder if both sides record theirs", async () => {
    const made = (digest: string): Dataset => ({
      ...data,
      features: {
        text: { adapter: "text/onnx", version: 1, packages: { "model.onnx": digest }, options: {}, width: 4 },
      },
    });
    const { model: other } = await train({ model: { name: "linear" }, train: { epochs: 1 } }, made("12ab"));
    expect(await errorOf(evaluate(other, made("34cd")))).toMatchObject({
      code: "media.mismatch",
      message: expect.stringContaining("model.onnx 12ab in training, here 34cd") as string,
    });
    const { metrics } = await evaluate(other, made("12ab"));
    expect((await evaluate(other, data)).metrics).toEqual(metrics);
  });

  it("has the same bits for every batch size", () => {
    const outputs = [1, 7, 256].map((size) =>
      forwardSplit(model.network, data.splits.test, 0, { batchSize: size, spread: true }),
    );
    expect(outputs[0]?.prediction).toEqual(outputs[2]?.prediction);
    expect(outputs[1]?.prediction).toEqual(outputs[2]?.prediction);
    expect(outputs[0]?.diagnostics).toEqual(outputs[2]?.diagnostics);
  });

  it("reports severity per modality and kind if it is known", async () => {
    const { uncertainty, selective } = await evaluate(model, data);
    expect(Object.keys(uncertainty["text"]?.severity?.byKind ?? {})).toEqual(["noise"]);
    expect(uncertainty["text"]?.severity?.byKind["noise"]?.samples).toBe(16);
    expect(uncertainty["audio"]?.severity).toBeUndefined();
    expect(selective?.risk).toBe("absolute-error");
    expect(selective?.all).toBeCloseTo((await evaluate(model, data)).metrics["MAE"] ?? NaN, 6);
  });

  it("corrupts features by a seed, and compares uncertainty with the clean samples", async () => {
    const corruption = [{ kind: "gaussian", amount: 2, modality: "audio" }] as const;
    const damaged = await evaluate(model, data, { corruption, seed: 3 });
    const clean = await evaluate(model, data);
    expect(damaged.metrics["MAE"]).toBeGreaterThan(clean.metrics["MAE"] ?? NaN);
    expect((await evaluate(model, data, { corruption, seed: 3 })).metrics).toEqual(damaged.metrics);
    expect((await evaluate(model, data, { corruption, seed: 4 })).metrics).not.toEqual(damaged.metrics);
    expect(damaged.corruption).toEqual(corruption);
    expect(damaged.uncertainty["audio"]?.severity?.byKind["gaussian"]?.samples).toBe(39);
    expect(damaged.uncertainty["audio"]?.severity?.byKind["gaussian"]?.rho).toBeTypeOf("number");
    expect(damaged.uncertainty["text"]?.severity).toEqual(clean.uncertainty["text"]?.severity);
    const unknown = evaluate(model, data, {
      corruption: [{ kind: "gaussian", amount: 1, modality: "vision" }],
    });
    expect(await errorOf(unknown)).toMatchObject({ code: "data.unknown-modality" });
  });

  it("has no selective summary for a model without uncertainty", async () => {
    const { model: linear } = await train({ model: { name: "linear" }, train: { epochs: 1 } }, data);
    const { selective, uncertainty } = await evaluate(linear, data);
    expect(selective).toBeUndefined();
    expect(uncertainty["text"]).toMatchObject({ samples: 0, mean: null });
  });
});

describe("the uncertainty report, on outputs made by hand", () => {
  const row = <Value>(...values: Value[]): Value[] => values;
  const severity = Float32Array.from(row(0, 0, 1, 2, 5, 6));
  const kind = row("clean", "clean", "noise", "noise", "dropout", "dropout");
  const table = {
    width: 1,
    steps: 1,
    values: new Float32Array(6),
    mask: new Uint8Array(6).fill(1),
    present: Uint8Array.of(1, 1, 1, 1, 1, 1),
  };
  const split: Split = {
    name: "test",
    size: 6,
    ids: kind,
    labels: Float32Array.of(0, 0, 0, 0, 0, 0),
    modalities: { a: table, b: { ...table, present: Uint8Array.of(1, 0, 0, 0, 0, 1) } },
    corruption: { a: { severity, kind } },
  };
  const outputs: SplitOutputs = {
    size: 6,
    taskLoss: 0,
    prediction: Float32Array.of(1, 1, 2, 2, 8, 8),
    diagnostics: {
      a: {
        uncertainty: Float32Array.of(1, 2, 3, 4, 0.5, 0.25),
        contribution: Float32Array.of(1, 1, 1, 1, 0.5, 0.5),
      },
      b: { uncertainty: Float32Array.of(3, NaN, NaN, NaN, NaN, 9.75) },
    },
  };

  it("ranks within a kind, clean samples included", () => {
    const report = uncertaintyReport({ split, outputs });
    expect(report["a"]?.severity?.byKind["noise"]).toMatchObject({
      rho: expect.closeTo(0.9486832980505138, 12) as number,
      samples: 2,
    });
    expect(report["a"]?.severity?.byKind["noise"]?.ceiling).toBeGreaterThan(0.948);
    expect(report["a"]?.severity?.byKind["dropout"]?.rho).toBeLessThan(-0.9);
    expect(report["a"]?.contribution).toBeCloseTo(5 / 6, 12);
    expect(report["a"]?.quantiles[1]).toBeCloseTo(1.5, 12);
    expect(report["b"]).toMatchObject({ samples: 2, mean: 6.375, contribution: null });
  });

  it("compares a corruption of all samples with the same samples before it", () => {
    const hit: Split = {
      ...split,
      corruption: {
        a: { severity: new Float32Array(6).fill(1), kind: new Array<string>(6).fill("gaussian") },
      },
    };
    const clean: Split = { ...split, corruption: {} };
    const raised = {
      ...outputs,
      diagnostics: { ...outputs.diagnostics, a: { uncertainty: Float32Array.of(11, 12, 13, 14, 15, 16) } },
    };
    expect(
      uncertaintyReport({ split: hit, outputs: raised })["a"]?.severity?.byKind["gaussian"]?.rho,
    ).toBeNull();
    const { severity: agreement } =
      uncertaintyReport({ split: hit, outputs: raised }, { split: clean, outputs })["a"] ?? {};
    expect(agreement?.byKind["gaussian"]?.rho).toBeGreaterThan(0.8);
    expect(
      uncertaintyReport({ split: hit, outputs: raised }, { split: clean, outputs })["b"]?.severity,
    ).toBeUndefined();
  });

  it("ranks samples by the mean uncertainty of the modalities they have", () => {
    // Mean uncertainties 2, 2, 3, 4, 0.5, 5 and errors 1, 1, 2, 2, 8, 8: the most certain half is samples 4,
    // 0 and 1.
    const selective = selectiveReport({ kind: "regression", targets: ["y"] }, split, outputs);
    expect(selective?.certainHalf).toBeCloseTo((8 + 1 + 1) / 3, 12);
    expect(selective?.all).toBeCloseTo(22 / 6, 12);
  });
});
