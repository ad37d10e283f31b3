import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dataset } from "../../src/data/dataset.js";
import { loadDataset } from "../../src/data/formats/load-dataset.js";
import { evaluate } from "../../src/evaluate/evaluate.js";
import { train, type TrainedRun } from "../../src/train/train.js";
import { isAbsent, realData } from "../real-data.js";

/** Mean absolute error of always predicting the mean of the training labels. */
function errorOfTheMean(dataset: Dataset): number {
  const { train: known, test } = dataset.splits;
  const mean = known.labels.reduce((sum, label) => sum + label, 0) / known.size;
  return test.labels.reduce((sum, label) => sum + Math.abs(label - mean), 0) / test.size;
}

describe.skipIf(isAbsent("mosi/mosi_standard_la.pkl"))("CMU-MOSI, standard split", () => {
  let data: Dataset;
  let euar: TrainedRun;
  beforeAll(async () => {
    data = await loadDataset(realData("mosi/mosi_standard_la.pkl"));
    euar = await train(
      { model: { name: "euar" }, train: { epochs: 2, batchSize: 32, normalise: "zscore" } },
      data,
    );
  });

  it("EUAR is far better than the mean after two epochs", () => {
    expect(euar.metrics.test["MAE"]).toBeLessThan(0.85 * errorOfTheMean(data));
    expect(euar.metrics.test["Non0_acc_2"]).toBeGreaterThan(0.65);
  });

  it("the text carries the sentiment, the audio is at chance", async () => {
    const text = await evaluate(euar.model, data, { available: ["text"] });
    const audio = await evaluate(euar.model, data, { available: ["audio"] });
    expect(text.metrics["MAE"]).toBeLessThan(audio.metrics["MAE"] ?? NaN);
    expect(audio.metrics["Non0_acc_2"]).toBeLessThan(0.62);
  });

  it("the same function trains a linear model", async () => {
    const run = await train(
      { model: { name: "linear" }, train: { epochs: 15, learningRate: 3e-4, normalise: "zscore" } },
      data,
    );
    expect(run.metrics.test["Non0_acc_2"]).toBeGreaterThan(0.7);
  });
});

describe.skipIf(isAbsent("mosi/mosi752_lav_fold0.pkl"))("CMU-MOSI, three modalities, one fold", () => {
  it("trains without special handling", async () => {
    const data = await loadDataset(realData("mosi/mosi752_lav_fold0.pkl"));
    const run = await train({ model: { name: "euar" }, train: { epochs: 2, modalityDropout: 0.2 } }, data);
    expect(run.metrics.test["MAE"]).toBeLessThan(errorOfTheMean(data));
    expect(Object.keys((await evaluate(run.model, data)).uncertainty)).toHaveLength(3);
  });
});

describe.skipIf(isAbsent("pom/y_train.npy"))("POM, sequences and 17 targets", () => {
  const folder = mkdtempSync(join(tmpdir(), "euar-pom-"));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("trains from a description of its files", async () => {
    const split = (name: string): unknown => ({
      features: { audio: realData(`pom/audio_${name}.npy`), video: realData(`pom/video_${name}.npy`) },
      labels: realData(`pom/y_${name}.npy`),
    });
    const description = {
      task: { kind: "regression" },
      splits: { train: split("train"), valid: split("valid"), test: split("test") },
    };
    writeFileSync(join(folder, "dataset.json"), JSON.stringify(description));
    const data = await loadDataset(folder);
    const run = await train({ model: { name: "euar" }, train: { epochs: 3 } }, data);
    expect(Object.keys(run.metrics.test).filter((name) => name.startsWith("MAE/"))).toHaveLength(17);
    expect(run.history[2]?.valid["loss"]).toBeLessThan(run.history[0]?.valid["loss"] ?? NaN);
    const sample = data.splits.test.modalities["audio"]?.values.subarray(0, 20 * 43);
    const steps = Array.from({ length: 20 }, (_, t) =>
      Array.from(sample?.subarray(t * 43, (t + 1) * 43) ?? []),
    );
    expect(Object.keys(run.model.predict({ audio: steps }).prediction)).toHaveLength(17);
  });
});
