import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Dataset } from "../data/dataset.js";
import { loadSynthetic } from "../data/synthetic/load-synthetic.js";
import { builtInModels, modelChoice } from "../models/registry.js";
import { Predictor } from "../predict/predictor.js";
import { evaluate } from "../evaluate/evaluate.js";
import { train } from "./train.js";

const root = mkdtempSync(join(tmpdir(), "euar-baselines-"));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const numbers = loadSynthetic("synthetic:seed=5,train=80,valid=40,test=30");
/** Classes: the sign of the label. */
const signs: Dataset = {
  ...numbers,
  task: { kind: "classification", classes: ["negative", "positive"] },
  splits: {
    train: { ...numbers.splits.train, labels: numbers.splits.train.labels.map((y) => (y > 0 ? 1 : 0)) },
    valid: { ...numbers.splits.valid, labels: numbers.splits.valid.labels.map((y) => (y > 0 ? 1 : 0)) },
    test: { ...numbers.splits.test, labels: numbers.splits.test.labels.map((y) => (y > 0 ? 1 : 0)) },
  },
};

const baselines = builtInModels.filter(({ name }) => !["euar", "linear", "ridge"].includes(name));

test.each(baselines.map(({ name }) => name))(
  "%s: trains into a folder and is the same model when it is loaded",
  async (name) => {
    const out = join(root, name);
    const { model, metrics } = await train(
      { model: modelChoice(name, { hidden: 8 }), train: { epochs: 3, learningRate: 0.01 }, out },
      signs,
    );
    const loaded = await Predictor.load(out);
    const [now, then] = [await evaluate(model, signs), await evaluate(loaded, signs)];
    expect(then.metrics).toEqual(now.metrics);
    expect(now.metrics).toEqual(metrics.test);
    expect(then.uncertainty).toEqual(now.uncertainty);
    expect(metrics.valid["Accuracy"]).toBeGreaterThan(0.55);
    expect(loaded.predict({ text: new Float32Array(768) }).modalities["audio"]?.present).toBe(false);
  },
);

test.each(
  baselines.filter(({ tasks }) => tasks.some((task) => task === "regression")).map(({ name }) => name),
)("%s: regression too", async (name) => {
  const { metrics } = await train(
    { model: modelChoice(name, { hidden: 8 }), train: { epochs: 3, learningRate: 0.01 } },
    numbers,
  );
  expect(metrics.valid["MAE"]).toBeLessThan(1.3);
});
