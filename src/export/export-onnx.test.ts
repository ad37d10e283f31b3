import * as onnxRuntime from "onnxruntime-web";
import { describe, expect, it } from "vitest";
import type { ModalityInfo, Task } from "../data/dataset.js";
import { Predictor } from "../predict/predictor.js";
import { compareOnnx, largestDifference } from "./compare-onnx.js";
import { exportOnnx } from "./export-onnx.js";
import { everySubset, type Padding, probeBatch } from "./probe-batch.js";
import { type RandomModel, randomModel } from "./testing/random-model.js";
import { elementTypesOf } from "../onnx/testing/read-model.js";

const vectors: readonly ModalityInfo[] = [
  { name: "text", width: 24, steps: 1 },
  { name: "audio", width: 9, steps: 1 },
  { name: "vision", width: 13, steps: 1 },
];
const sequences: readonly ModalityInfo[] = [
  { name: "text", width: 24, steps: 1 },
  { name: "audio", width: 9, steps: 7 },
  { name: "vision", width: 5, steps: 4 },
];
const narrow: readonly ModalityInfo[] = [
  { name: "one", width: 1, steps: 1 },
  { name: "three", width: 3, steps: 1 },
];
const classes = {
  kind: "classification",
  classes: ["negative", "neutral", "positive"],
} as const satisfies Task;
const targets: Task = { kind: "regression", targets: ["joy", "anger"] };

interface Case extends RandomModel {
  readonly label: string;
  readonly padding?: Padding;
  readonly steps?: number;
  /** Default 1e-5. */
  readonly tolerance?: number;
}

const cases: readonly Case[] = [
  { label: "preset paper", preset: "paper", modalities: vectors },
  { label: "preset paper-32, three classes", preset: "paper-32", task: classes, modalities: vectors },
  {
    label: "preset official-code",
    preset: "official-code",
    options: { hidden: 24 },
    modalities: sequences,
    // its contributions move by 6e-5 if each feature is changed by one rounding (1.2e-7 of its size)
    tolerance: 5e-5,
  },
  { label: "preset aware", preset: "aware", modalities: vectors, fitted: true },
  {
    label: "signal statistics of sequences",
    options: { awareness: { statistics: { hidden: 5 }, certainty: 0.1 } },
    modalities: sequences,
    padding: "scattered",
    fitted: true,
  },
  {
    label: "signal statistics that the gate sees",
    options: { awareness: { statistics: { hidden: 4, gate: true } } },
    modalities: vectors,
    fitted: true,
  },
  {
    label: "signal statistics of narrow modalities",
    options: {
      awareness: { statistics: { hidden: 3 } },
      encoder: { kind: "mlp" },
      experts: { gate: "batch-normalised" },
    },
    modalities: narrow,
    fitted: true,
  },
  { label: "means of sequences, two targets", task: targets, modalities: sequences, padding: "scattered" },
  {
    label: "means of left-padded sequences, longer than in training",
    modalities: sequences,
    padding: "left",
    steps: 11,
  },
  {
    label: "mlp encoder, added",
    options: { encoder: { kind: "mlp" }, fusion: "add", hidden: 20, head: [] },
    modalities: sequences,
  },
  {
    label: "sequence encoder, pre-norm, mean",
    options: { encoder: { kind: "sequence", layers: 2, heads: 2 }, hidden: 16 },
    modalities: sequences,
    padding: "scattered",
  },
  {
    label: "sequence encoder, post-norm, last step",
    options: {
      encoder: { kind: "sequence", heads: 4, norm: "post", pooling: "last" },
      hidden: 16,
    },
    modalities: sequences,
    padding: "left",
  },
  {
    label: "sequence encoder on 90 steps",
    options: { encoder: { kind: "sequence", layers: 1 }, hidden: 16 },
    modalities: sequences,
    padding: "right",
    steps: 90,
  },
  {
    label: "more chosen than there are",
    options: { experts: { count: 2, topK: 5 }, headNorm: true, head: [10, 6] },
    modalities: vectors,
  },
  {
    label: "sequence encoder on 700 steps",
    options: { encoder: { kind: "sequence", layers: 1, heads: 1 }, hidden: 6 },
    modalities: [{ name: "audio", width: 2, steps: 7 }],
    padding: "right",
    steps: 700,
  },
  { label: "features large against their spread", modalities: vectors, level: 1e5 },
  { label: "features large and not clipped", modalities: sequences, normaliser: { clip: 0 }, level: -1e4 },
  { label: "features too small for an inverse in float32", modalities: vectors, unit: 1e-39 },
  { label: "one modality", modalities: vectors.slice(0, 1) },
  { label: "linear", model: "linear", task: classes, modalities: sequences, padding: "scattered" },
  {
    label: "linear with input statistics",
    model: "linear",
    options: { inputStatistics: true },
    modalities: sequences,
    padding: "scattered",
    fitted: true,
  },
  { label: "ridge", model: "ridge", task: targets, modalities: sequences, padding: "left" },
  { label: "unit, no clip", normaliser: { kind: "unit", clip: 0 }, modalities: vectors },
  { label: "centre", normaliser: { kind: "centre" }, modalities: sequences },
  { label: "auto, text kept", normaliser: { kind: "auto", kept: ["text"] }, modalities: vectors },
  { label: "not normalised", normaliser: { kind: "none" }, modalities: sequences },
];

describe("the exported model in onnxruntime", () => {
  it.each(cases)(
    "gives the same result as ours: $label",
    async ({ padding, steps, tolerance = 1e-5, ...spec }) => {
      const predictor = await randomModel(spec);
      const exported = await exportOnnx(predictor);
      const batches = [
        probeBatch(predictor, 16, everySubset, padding, steps),
        probeBatch(predictor, 5, () => false, padding, steps),
        probeBatch(predictor, 1, () => false, padding, steps),
        probeBatch(predictor, 1, (_, modality) => modality > 0, padding, steps),
      ];
      const { difference, compared } = await compareOnnx(predictor, exported, batches, onnxRuntime);
      expect(compared).toHaveLength(
        1 + spec.modalities.length * (spec.options?.["inputStatistics"] === true ? 2 : spec.model ? 1 : 5),
      );
      expect(difference).toBeLessThanOrEqual(tolerance);
      // float, int32, int64, bool: no double anywhere
      expect([1, 6, 7, 9]).toEqual(expect.arrayContaining([...elementTypesOf(exported.bytes)]));
    },
  );
});

describe("parts of the file other than numbers", () => {
  it("answers as predictBatch does, with probabilities and the overall uncertainty", async () => {
    const predictor = await randomModel({ task: classes, modalities: vectors });
    const exported = await exportOnnx(predictor);
    const batch = probeBatch(
      predictor,
      8,
      (sample, modality) => sample !== 7 && everySubset(sample + 1, modality),
    );
    const samples = Array.from({ length: 8 }, (_, row) => {
      const known = Object.entries(batch.modalities).filter(([, { present }]) => present[row] === 1);
      return Object.fromEntries(
        known.map(([name, { values, width }]) => [name, values.slice(row * width, (row + 1) * width)]),
      );
    });
    const session = await onnxRuntime.InferenceSession.create(exported.bytes);
    const feeds = Object.entries(batch.modalities).flatMap(([name, { values, present, width }]) => [
      [name, new onnxRuntime.Tensor("float32", values, [8, width])] as const,
      [`present_${name}`, new onnxRuntime.Tensor("float32", Float32Array.from(present), [8])] as const,
    ]);
    const { probabilities, uncertainty } = await session.run(Object.fromEntries(feeds));
    await session.release();
    predictor.predictBatch(samples).forEach((ours, row) => {
      expect(uncertainty?.data[row]).toBeCloseTo(ours.uncertainty ?? NaN, 5);
      classes.classes.forEach((name, c) => {
        expect(probabilities?.data[3 * row + c]).toBeCloseTo(ours.classes?.[name] ?? NaN, 5);
      });
    });
  });
  it("refuses an option that it does not know, and a model that it cannot write", async () => {
    const predictor = await randomModel({ modalities: vectors });
    const { network, normaliser, config } = predictor;
    const changed = (model: typeof config.model): Predictor =>
      Predictor.fromParts({
        config: { ...config, model },
        hash: "0",
        network,
        normaliser,
        calibration: undefined,
      });
    await expect(
      exportOnnx(changed({ name: "euar", config: { ...config.model.config, sideGate: 3 } })),
    ).rejects.toThrow(/no option "sideGate"/);
    await expect(exportOnnx(changed({ name: "concat", config: {} }))).rejects.toThrow(
      /"concat" cannot be exported/,
    );
  });
});

describe("largestDifference", () => {
  it.each([
    ["is relative beyond 1", { a: [100, 0.5] }, { a: [101, 0.5] }, 0.01],
    ["takes NaN for NaN", { a: [NaN] }, { a: [NaN] }, 0],
    ["and for nothing else", { a: [NaN, 1] }, { a: [1, 1] }, Infinity],
    ["misses what is missing", { a: [1], b: [1] }, { a: [1] }, Infinity],
  ])("%s", (_, ours, theirs, expected) => {
    const floats = (outputs: Record<string, number[] | undefined>): Record<string, Float32Array> =>
      Object.fromEntries(
        Object.entries(outputs).map(([name, values]) => [name, Float32Array.from(values ?? [])]),
      );
    expect(largestDifference(floats(ours), floats(theirs))).toBeCloseTo(expected, 6);
  });
});
