import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as onnxRuntime from "onnxruntime-web";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toyDataset } from "../../src/data/testing/toy-dataset.js";
import { evaluate } from "../../src/evaluate/evaluate.js";
import { exportOnnx } from "../../src/export/export-onnx.js";
import { metricIntervals, readScores } from "../../src/export/metric-intervals.js";
import { Predictor } from "../../src/predict/predictor.js";
import { verdictOf } from "../../src/predict/verdict.js";
import { thresholdsOf } from "../../src/runs/stored-calibration.js";
import { train, type TrainedRun } from "../../src/train/train.js";

const dataset = toyDataset({ task: "multi-label" });
const folder = mkdtempSync(join(tmpdir(), "euar-labels-"));
let run: TrainedRun;

beforeAll(async () => {
  run = await train(
    {
      model: {
        name: "euar",
        config: { hidden: 16, experts: { count: 4 }, head: [16], awareness: { certainty: 0.1 } },
      },
      train: { epochs: 15, learningRate: 5e-3, seed: 3, selectBy: "F1" },
      out: join(folder, "run"),
    },
    dataset,
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A test sample as features. */
function sampleAt(row: number): Record<string, Float32Array> {
  const known = Object.entries(dataset.splits.test.modalities).filter(
    ([, { present }]) => present[row] === 1,
  );
  return Object.fromEntries(
    known.map(([name, { values, width }]) => [name, values.slice(row * width, (row + 1) * width)]),
  );
}

describe("a run of a multi-label task", () => {
  it("learns them, and reports every label", () => {
    const { test } = run.metrics;
    expect(test["F1/joy"]).toBeGreaterThan(0.75);
    expect(test["F1/anger"]).toBeGreaterThan(0.75);
    expect(test["Weighted_acc/surprise"]).toBeGreaterThan(0.5);
    expect(Object.keys(test)).toContain("Exact_match");
    expect(run.coverage).toBeUndefined();
  });

  it("chooses its thresholds on validation, and measures the history by the same rule", () => {
    const best = run.history[run.bestEpoch - 1];
    expect(run.metrics.valid["F1"]).toBe(best?.valid["F1"]);
    const thresholds = thresholdsOf(run.model.calibration) ?? [];
    expect(thresholds).toHaveLength(3);
    expect([...thresholds].some((threshold) => threshold !== 0.5)).toBe(true);
  });

  it("keeps them with its weights: a loaded model measures and decides the same", async () => {
    const loaded = await Predictor.load(join(folder, "run"));
    expect(loaded.calibration?.outputs).toEqual(run.model.calibration?.outputs);
    const { metrics, selective, predictions } = await evaluate(loaded, dataset, { predictions: true });
    expect(metrics).toEqual(run.metrics.test);
    expect(selective?.risk).toBe("error-rate");
    expect(predictions).toHaveLength(48 * 3);
    const lines = readFileSync(join(folder, "run", "predictions-test.jsonl"), "utf8")
      .trim()
      .split("\n");
    const rows = lines.map((line) => JSON.parse(line) as { prediction: string[]; label: string[] });
    rows.forEach(({ prediction, label }, row) => {
      ["joy", "anger", "surprise"].forEach((name, l) => {
        expect(Number(prediction.includes(name))).toBe(predictions?.[3 * row + l]);
        expect(Number(label.includes(name))).toBe(dataset.splits.test.labels[3 * row + l]);
      });
    });
  });

  it("predicts a probability and a decision for each label, in words too", () => {
    const prediction = run.model.predict(sampleAt(0));
    expect(prediction.level).toBeNull();
    expect(Object.keys(prediction.labels ?? {})).toEqual(["joy", "anger", "surprise"]);
    const present = Object.entries(prediction.labels ?? {}).filter(([, label]) => label.present);
    for (const [, { probability, threshold }] of present)
      expect(probability).toBeGreaterThanOrEqual(threshold);
    expect(prediction.prediction).toEqual(present.map(([name]) => name));
    expect(verdictOf(prediction, [])).toMatch(/^(Present: |No label is present\.)/);
  });

  it("exports probabilities and decisions that are equal in onnxruntime", async () => {
    const exported = await exportOnnx(run.model);
    expect(exported.outputs.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["prediction", "probabilities", "decisions"]),
    );
    const session = await onnxRuntime.InferenceSession.create(exported.bytes);
    for (const row of [0, 1, 2, 4]) {
      const sample = sampleAt(row);
      const ours = run.model.predict(sample);
      const feeds = Object.fromEntries(
        Object.entries({ text: 6, audio: 4 }).flatMap(([name, width]) => [
          [name, new onnxRuntime.Tensor("float32", sample[name] ?? new Float32Array(width), [1, width])],
          [`present_${name}`, new onnxRuntime.Tensor("float32", [sample[name] ? 1 : 0], [1])],
        ]),
      );
      const { probabilities, decisions } = await session.run(feeds);
      Object.values(ours.labels ?? {}).forEach(({ probability, present }, l) => {
        expect(probabilities?.data[l]).toBeCloseTo(probability, 5);
        expect(decisions?.data[l]).toBe(present ? 1 : 0);
      });
    }
    await session.release();
  });

  it("has intervals of its metrics in the model card, from the stored decisions", () => {
    const { task } = run.config.data;
    const text = readFileSync(join(folder, "run", "predictions-test.jsonl"), "utf8");
    const intervals = metricIntervals(readScores(text, task, "predictions"), task, 20);
    for (const { name, value } of intervals) expect(value, name).toBe(run.metrics.test[name]);
  });
});
