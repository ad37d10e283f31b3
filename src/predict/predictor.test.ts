import { beforeAll, describe, expect, it } from "vitest";
import { EuarError } from "../core/errors.js";
import type { Dataset } from "../data/dataset.js";
import type { RawMedia } from "../features/raw-media.js";
import type { Predictor } from "./predictor.js";
import type { Features } from "./feature-input.js";
import { PREDICTION_TASKS } from "./prediction.js";
import { evaluate } from "../evaluate/evaluate.js";
import { toyDataset } from "../data/testing/toy-dataset.js";
import { train } from "../train/train.js";
import type { TrainConfig } from "../models/train-config.js";

const config = { hidden: 8, experts: { count: 4 }, head: [8] };

function featuresOf(dataset: Dataset, row: number): Features {
  const entries = Object.entries(dataset.splits.test.modalities).map(([name, { values, width, present }]) => {
    return [
      name,
      present[row] === 1 ? Array.from(values.subarray(row * width, (row + 1) * width)) : null,
    ] as const;
  });
  return Object.fromEntries(entries);
}

async function trainToy(
  task: "regression" | "classification" | "two-targets",
  options: Partial<TrainConfig> = {},
): Promise<Predictor> {
  const run = await train(
    { model: { name: "euar", config }, train: { epochs: 3, learningRate: 5e-3, ...options } },
    toyDataset({ task }),
  );
  return run.model;
}

describe("predict", () => {
  let model: Predictor;
  const data = toyDataset();
  beforeAll(async () => {
    model = await trainToy("regression");
  });

  it.each(["zscore", "unit", "none"] as const)(
    "agrees with the evaluation of the split, features %s",
    async (normalise) => {
      const other = await trainToy("regression", { normalise });
      const errors = data.splits.test.ids.map((_, row) =>
        Math.abs(
          Number(other.predict(featuresOf(data, row)).prediction) - (data.splits.test.labels[row] ?? NaN),
        ),
      );
      const { metrics } = await evaluate(other, data);
      expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeCloseTo(
        metrics["MAE"] ?? NaN,
        12,
      );
    },
  );

  it("does not depend on the batch or its order", () => {
    const samples = data.splits.test.ids.map((_, row) => featuresOf(data, row));
    const together = model.predictBatch(samples);
    expect(samples.map((sample) => model.predict(sample))).toEqual(together);
    expect(model.predictBatch([...samples].reverse()).reverse()).toEqual(together);
  });

  it("shows the contribution of each modality", () => {
    const { prediction, uncertainty, modalities } = model.predict({
      text: [1, -1, 1, -1, 1, -1],
      audio: Float32Array.of(1, 0, 0, 1),
    });
    expect(prediction).toBeTypeOf("number");
    const { text, audio } = modalities;
    if (!text || !audio) throw new Error("a modality is missing from the prediction");
    expect(text.experts).toHaveLength(3);
    expect(text.gates).toHaveLength(3);
    expect((text.contribution ?? NaN) + (audio.contribution ?? NaN)).toBeCloseTo(1, 5);
    expect(uncertainty).toBeCloseTo(((text.uncertainty ?? NaN) + (audio.uncertainty ?? NaN)) / 2, 12);
  });

  it("treats missing modalities as missing, in every notation", () => {
    const alone = model.predict({ text: [1, 2, 3, 4, 5, 6] });
    expect(model.predict({ text: [1, 2, 3, 4, 5, 6], audio: null })).toEqual(alone);
    expect(model.predict({ text: [[1, 2, 3, 4, 5, 6]], audio: undefined })).toEqual(alone);
    expect(alone.modalities["audio"]).toEqual({
      present: false,
      uncertainty: null,
      percentile: null,
      contribution: null,
      experts: [],
      gates: [],
      sigma2: [],
    });
  });

  it("does not depend on earlier samples or on the storage of the numbers", () => {
    const audio = [1, 0, 0, 1];
    const both = model.predict({ text: [1, 2, 3, 4, 5, 6], audio });
    const alone = model.predict({ text: [1, 2, 3, 4, 5, 6] });
    expect(() => model.predict({ text: Float32Array.of(9, 9, 9, 9, 9, NaN), audio })).toThrow(
      /feature 5 is NaN/,
    );
    expect(() => model.predict({ text: Float32Array.of(9, -Infinity, 9, 9, 9, 9), audio })).toThrow(
      /feature 1 is -Infinity/,
    );
    model.predict({
      text: [
        [7, 7, 7, 7, 7, 7],
        [8, 8, 8, 8, 8, 8],
      ],
      audio,
    });
    for (const Numbers of [Float32Array, Float64Array, Int8Array]) {
      expect(model.predict({ text: Numbers.from([1, 2, 3, 4, 5, 6]) })).toEqual(alone);
      expect(model.predict({ text: Numbers.from([1, 2, 3, 4, 5, 6]), audio: Numbers.from(audio) })).toEqual(
        both,
      );
    }
    const values = Float32Array.of(1, 2, 3, 4, 5, 6);
    model.predict({ text: values });
    expect([...values]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("takes no raw media, and predictMedia no features", async () => {
    const media = { text: "not again" } as unknown as Features;
    expect(() => model.predict(media)).toThrow(/expected a list of 6 numbers, got a value of type string/);
    expect(() => model.predict(media)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("predictMedia") as string }) as Error,
    );
    const features = { audio: [1, 0, 0, 1] } as unknown as RawMedia;
    await expect(model.predictMedia(features)).rejects.toMatchObject({
      code: "data.format",
      message: "prediction: audio is a list, not a medium",
    });
  });

  it("averages a sequence's steps", () => {
    const one = model.predict({ text: [1, 2, 3, 4, 5, 6] });
    const two = model.predict({
      text: [
        [1, 2, 3, 4, 5, 6],
        [1, 2, 3, 4, 5, 6],
      ],
    });
    expect(two.prediction).toBeCloseTo(Number(one.prediction), 5);
  });

  const text = [1, 2, 3, 4, 5, 6];
  const wrong: [string, Features, string, RegExp][] = [
    [
      "a wrong width",
      { text: [1, 2, 3] },
      "data.width-mismatch",
      /modality "text": expected 6 features, got 3/,
    ],
    ["an empty vector", { text: [] }, "data.width-mismatch", /expected 6 features, got 0/],
    ["a ragged sequence", { text: [text, [1]] }, "data.width-mismatch", /step 1: expected 6 features, got 1/],
    ["an unknown modality", { text, audoi: [1, 2, 3, 4] }, "data.unknown-modality", /"audoi"/],
    [
      "a modality named like an object's method",
      { text, constructor: [1] },
      "data.unknown-modality",
      /"constructor"/,
    ],
    ["NaN", { text: [1, 2, NaN, 4, 5, 6] }, "data.invalid-value", /feature 2 is NaN/],
    ["infinity", { text: [1, 2, 3, 4, 5, Infinity] }, "data.invalid-value", /feature 5 is Infinity/],
    [
      "a number beyond float32",
      { text: [1, 2, 3, 4, 5, 1e300] },
      "data.invalid-value",
      /feature 5 is 1e\+300/,
    ],
    [
      "text among the numbers",
      { text: [1, 2, "3", 4, 5, 6] as unknown as number[] },
      "data.invalid-value",
      /type string/,
    ],
    [
      "a hole",
      { text: [1, 2, null, 4, 5, 6] as unknown as number[] },
      "data.invalid-value",
      /feature 2 is null/,
    ],
    ["text instead of features", { text: "good film" as unknown as number[] }, "data.format", /type string/],
    ["a number instead of features", { text: 3 as unknown as number[] }, "data.format", /got 3/],
    ["no modality", {}, "data.empty", /none of the modalities text, audio/],
    ["only null", { text: null, audio: null }, "data.empty", /none of the modalities/],
    ["a list instead of an object", [1, 2] as unknown as Features, "data.format", /not an object/],
    ["null instead of an object", null as unknown as Features, "data.format", /not an object/],
  ];
  it.each(wrong)("refuses %s", (_, features, code, message) => {
    let caught: unknown;
    try {
      model.predictBatch([{ text }, features]);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(EuarError);
    expect(caught).toMatchObject({ code });
    expect((caught as EuarError).message).toMatch(message);
    expect((caught as EuarError).message).toContain("sample 1");
  });

  it("suggests the modality that was meant, and refuses an empty list", () => {
    expect(() => model.predict({ audoi: [1, 2, 3, 4] })).toThrow(
      expect.objectContaining({ hint: 'Did you mean "audio"?' }) as Error,
    );
    expect(() => model.predictBatch([])).toThrow(/list of samples is empty/);
  });
});

describe("without diagnostics", () => {
  const models: Readonly<Record<string, Parameters<typeof train>[0]["model"]>> = {
    "one head": { name: "euar", config },
    "a sum of predictions": { name: "euar", config: { ...config, fusion: "sum" } },
    "a fusion by precision": { name: "euar", config: { ...config, fusion: "precision" } },
    "a fusion by shares of precision": { name: "euar", config: { ...config, fusion: "mean" } },
    "a layer for variances": { name: "euar", config: { ...config, awareness: { variance: 4 } } },
    "gates of a batch": {
      name: "euar",
      config: { ...config, experts: { count: 4, gate: "batch-normalised" } },
    },
    "a linear model": { name: "linear" },
    "a baseline": { name: "concat" },
  };

  it.each(Object.entries(models))("predicts the same bits: %s", async (_, choice) => {
    const data = toyDataset();
    const { model } = await train({ model: choice, train: { epochs: 2, learningRate: 5e-3 } }, data);
    const sample = featuresOf(data, 0);
    const whole = model.predict(sample);
    const alone = model.predict(sample, { diagnostics: false });
    expect(alone.prediction).toBe(whole.prediction);
    expect(alone).toMatchObject({ level: null, uncertainty: null, interval: null });
    expect(Object.keys(alone.modalities)).toEqual(Object.keys(whole.modalities));
    for (const [name, modality] of Object.entries(alone.modalities)) {
      expect(modality).toMatchObject({ uncertainty: null, percentile: null, contribution: null });
      expect(modality).toMatchObject({ experts: [], gates: [], sigma2: [] });
      expect(modality.present).toBe(whole.modalities[name]?.present);
    }
    expect(model.predict(sample)).toEqual(whole);
    expect(model.predictBatch([sample], { diagnostics: false })).toEqual([alone]);
  });

  it("keeps the probabilities and the set of classes", async () => {
    const model = await trainToy("classification");
    const sample = { text: [3, -3, 3, -3, 3, -3] };
    const { prediction, classes, classSet, level } = model.predict(sample);
    expect(model.predict(sample, { diagnostics: false })).toMatchObject({
      prediction,
      classes,
      classSet,
      level,
    });
  });

  it("does not compute log-variances", async () => {
    const model = await trainToy("regression", { epochs: 1 });
    const { view } = model.network.parameters.get("text/experts/weight").buffer;
    const sample = { text: [1, 2, 3, 4, 5, 6] };
    const { prediction } = model.predict(sample, { diagnostics: false });
    for (let i = 0; i < view.length; i++) if (i % 16 >= 8) view[i] = NaN;
    expect(model.predict(sample, { diagnostics: false }).prediction).toBe(prediction);
    expect(model.predict(sample).uncertainty).toBeNull();
  });

  it("is no option of raw media, and must be a boolean", async () => {
    const model = await trainToy("regression", { epochs: 1 });
    const options = { diagnostics: 1 as unknown as boolean };
    expect(() => model.predict({ text: [1, 2, 3, 4, 5, 6] }, options)).toThrow(/diagnostics/);
    const forMedia: object = { diagnostics: false };
    await expect(model.predictMedia({ text: "good" }, forMedia)).rejects.toThrow(/diagnostics/);
  });
});

describe("other tasks", () => {
  it("narrows to the task of the model, and to no other", async () => {
    for (const [toy, task] of [
      ["regression", "regression"],
      ["two-targets", "multi-target"],
      ["classification", "classification"],
    ] as const) {
      const model = await trainToy(toy, { epochs: 1 });
      expect(model.task).toBe(task);
      expect(PREDICTION_TASKS.filter((one) => model.isFor(one))).toEqual([task]);
    }
  });

  it("names the class and its probability", async () => {
    const model = await trainToy("classification");
    const { prediction, classes } = model.predict({ text: [3, -3, 3, -3, 3, -3] });
    expect(Object.keys(classes ?? {})).toEqual(["negative", "neutral", "positive"]);
    expect(Object.values(classes ?? {}).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    const best = Object.entries(classes ?? {}).sort((a, b) => b[1] - a[1])[0]?.[0];
    expect(prediction).toBe(best);
  });

  it("names the targets", async () => {
    const model = await trainToy("two-targets");
    expect(Object.keys(model.predict({ text: [1, 2, 3, 4, 5, 6] }).prediction)).toEqual(["joy", "anger"]);
  });
});
