import { beforeAll, describe, expect, it } from "vitest";
import { EuarError } from "../core/errors.js";
import { parseCorruption } from "../corruption/parse-corruption.js";
import type { Dataset } from "../data/dataset.js";
import { loadDataset } from "../data/formats/load-dataset.js";
import { toyDataset } from "../data/testing/toy-dataset.js";
import { createBackend } from "../predict/create-backend.js";
import { Predictor } from "../predict/predictor.js";
import { train } from "../train/train.js";
import { evaluate } from "./evaluate.js";

// JavaScript callers have no types. Every mistake must give an error with a code, and none may be swallowed.

const data = toyDataset();
const request = { model: { name: "linear" }, train: { epochs: 1 } } as const;
let model: Predictor;
beforeAll(async () => {
  model = (await train(request, data)).model;
});

/** Calls with arguments that the types would not allow. */
async function failureOf(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    return error instanceof EuarError ? error.code : `raw: ${String(error)}`;
  }
  return "no error";
}

const asAny = (value: unknown): never => value as never;

function withTable(change: (table: Dataset["splits"]["test"]["modalities"][string]) => object): Dataset {
  const { splits, modalities } = data;
  const name = modalities[0]?.name ?? "";
  const table = splits.test.modalities[name];
  if (!table) throw new Error("the toy data have no such table");
  const changed = { ...splits.test.modalities, [name]: { ...table, ...change(table) } };
  return { ...data, splits: { ...splits, test: { ...splits.test, modalities: changed } } };
}

describe("calls with wrong arguments", () => {
  it.each<[string, () => unknown, string]>([
    ["evaluate: noise", () => evaluate(model, data, asAny({ noise: "gaussian:5" })), "config.unknown-key"],
    ["evaluate: a typo", () => evaluate(model, data, asAny({ availabel: ["text"] })), "config.unknown-key"],
    ["evaluate: a split", () => evaluate(model, data, asAny({ split: "dev" })), "config.invalid"],
    [
      "evaluate: corruption",
      () => evaluate(model, data, asAny({ corruption: "gaussian:1" })),
      "config.invalid",
    ],
    ["evaluate: available", () => evaluate(model, data, asAny({ available: "text" })), "config.invalid"],
    ["evaluate: seed", () => evaluate(model, data, { seed: -1 }), "config.invalid"],
    ["evaluate: level", () => evaluate(model, data, { level: 2 }), "config.invalid"],
    ["evaluate: range", () => evaluate(model, data, { scale: { range: [3, -3] } }), "config.invalid"],
    ["evaluate: one end", () => evaluate(model, data, { scale: { range: [3] } }), "config.invalid"],
    ["evaluate: bins", () => evaluate(model, data, { scale: { bins: [2, 1] } }), "config.invalid"],
    ["evaluate: options", () => evaluate(model, data, asAny(null)), "config.invalid"],
    ["evaluate: no model", () => evaluate(asAny(undefined), data), "config.invalid"],
    ["evaluate: no data", () => evaluate(model, asAny(undefined)), "data.format"],
    ["evaluate: data of text", () => evaluate(model, asAny("synthetic")), "data.format"],
    ["train: no request", () => train(asAny(undefined), data), "config.invalid"],
    ["train: no model", () => train(asAny({}), data), "config.invalid"],
    ["train: model by name", () => train(asAny({ model: "euar" }), data), "config.invalid"],
    ["train: a typo", () => train(asAny({ ...request, epochs: 3 }), data), "config.unknown-key"],
    ["train: backend", () => train(asAny({ ...request, backend: "gpu" }), data), "config.invalid"],
    ["train: out", () => train({ ...request, out: "" }, data), "config.invalid"],
    ["train: overwrite", () => train(asAny({ ...request, overwrite: "yes" }), data), "config.invalid"],
    ["train: no data", () => train(request, asAny(null)), "data.format"],
    ["createBackend", () => createBackend(asAny("gpu")), "config.invalid"],
    ["loadDataset: pool", () => loadDataset("synthetic", asAny({ pool: "x" })), "config.invalid"],
    [
      "loadDataset: a typo",
      () => loadDataset("synthetic", asAny({ modality: ["text"] })),
      "config.unknown-key",
    ],
    [
      "loadDataset: modalities",
      () => loadDataset("synthetic", asAny({ modalities: "text" })),
      "config.invalid",
    ],
    ["synthetic: task", () => loadDataset("synthetic", { task: "classification" }), "config.conflict"],
    ["synthetic: range", () => loadDataset("synthetic", { range: [1, 5] }), "config.conflict"],
    ["synthetic: threshold", () => loadDataset("synthetic", { threshold: 1 }), "config.conflict"],
    ["synthetic: bins", () => loadDataset("synthetic", { bins: [0, 1] }), "config.conflict"],
    ["synthetic: classes", () => loadDataset("synthetic", { foldClasses: true }), "config.conflict"],
    ["loadDataset: no source", () => loadDataset(asAny(undefined)), "config.invalid"],
    ["Predictor.load: no path", () => Predictor.load(asAny(undefined)), "config.invalid"],
    ["Predictor.load: backend", () => Predictor.load("run", asAny({ backend: "gpu" })), "config.invalid"],
    ["Predictor.load: task", () => Predictor.load("run", asAny({ task: "regresion" })), "config.invalid"],
    ["Predictor.load: a URL", () => Predictor.load(new URL("ftp://x/weights")), "config.invalid"],
    ["Predictor.load: no file", () => Predictor.load(new URL("file:///nowhere")), "checkpoint.format"],
    ["Predictor.fromWeights", () => Predictor.fromWeights(asAny("weights.safetensors")), "config.invalid"],
    ["parseCorruption", () => parseCorruption(asAny(5)), "config.invalid"],
    ["predict: nothing", () => model.predict(asAny(undefined)), "data.format"],
    ["predict: text", () => model.predict(asAny("text")), "data.format"],
    ["predict: level", () => model.predict(asAny({}), asAny({ level: "0.9" })), "config.invalid"],
    ["predict: a typo", () => model.predict(asAny({}), asAny({ leval: 0.9 })), "config.unknown-key"],
    ["predict: raw media", () => model.predict(asAny({ text: "not again" })), "data.format"],
    ["predict: a signal", () => model.predict(asAny({}), asAny({ signal: 1 })), "config.unknown-key"],
    ["predictMedia: nothing", () => model.predictMedia(asAny(null)), "data.format"],
    ["predictMedia: a path", () => model.predictMedia(asAny("clip.mp4")), "data.format"],
    ["predictMedia: features", () => model.predictMedia(asAny({ text: [1, 2] })), "data.format"],
    [
      "predictMedia: features in an array",
      () => model.predictMedia(asAny({ audio: new Float32Array(4) })),
      "data.format",
    ],
    [
      "predictMedia: a typo",
      () => model.predictMedia(asAny({ text: "so" }), asAny({ leval: 0.9 })),
      "config.unknown-key",
    ],
    ["predictBatch: one sample", () => model.predictBatch(asAny({})), "data.format"],
  ])("%s", async (_, call, code) => {
    expect(await failureOf(call)).toBe(code);
  });

  it.each<[string, (table: { values: Float32Array; mask: Uint8Array; present: Uint8Array }) => object]>([
    ["values", ({ values }) => ({ values: values.subarray(1) })],
    ["mask", ({ mask }) => ({ mask: new Uint8Array(mask.length + 1) })],
    ["present", () => ({ present: new Uint8Array(0) })],
    ["width", () => ({ width: 1000 })],
    ["steps", () => ({ steps: 2 })],
    ["values of another type", ({ values }) => ({ values: Array.from(values).map(String).join() })],
  ])("data sets whose %s do not fit", async (_, change) => {
    expect(await failureOf(() => evaluate(model, withTable(change)))).toBe("data.width-mismatch");
  });

  it("data sets with multi-label labels that are neither 0 nor 1", async () => {
    const several = toyDataset({ task: "multi-label" });
    const { model: other } = await train(request, several);
    const test = { ...several.splits.test, labels: several.splits.test.labels.map((label) => 2 * label) };
    const damaged = { ...several, splits: { ...several.splits, test } };
    expect(await failureOf(() => evaluate(other, damaged))).toBe("data.invalid-value");
    expect(await failureOf(() => evaluate(other, several))).toBe("no error");
  });

  it("data sets with labels that are not numbers", async () => {
    const test = { ...data.splits.test, labels: data.splits.test.labels.map(() => NaN) };
    const damaged = { ...data, splits: { ...data.splits, test } };
    expect(await failureOf(() => evaluate(model, damaged))).toBe("data.invalid-value");
  });
});

describe("a scale that is stated", () => {
  it("computes the metrics of a stated range and edges", async () => {
    const { metrics } = await evaluate(model, data, { scale: { threshold: 0.5, bins: [-1, 1] } });
    expect(Object.keys(metrics)).not.toEqual(Object.keys((await evaluate(model, data)).metrics));
    const tiny = "synthetic:train=20,valid=20,test=20";
    const same = await loadDataset(tiny, { task: "regression", range: [-3, 3], foldClasses: false });
    expect(same.task).toEqual((await loadDataset(tiny)).task);
  });

  it("is refused for two targets and for classes", async () => {
    for (const task of ["two-targets", "classification", "multi-label"] as const) {
      const others = toyDataset({ task });
      const { model: other } = await train(request, others);
      const call = (): unknown => evaluate(other, others, { scale: { threshold: 0 } });
      expect([task, await failureOf(call)]).toEqual([task, "config.conflict"]);
    }
  });
});

describe("weights that are finite and still damaged", () => {
  it("predict nothing rather than NaN", async () => {
    const damaged = (await train(request, data)).model;
    for (const { buffer } of damaged.network.parameters.all()) buffer.view.fill(3e38);
    const features = Object.fromEntries(
      data.modalities.map(({ name, width }) => [name, new Float32Array(width).fill(5)]),
    );
    expect(await failureOf(() => damaged.predict(features))).toBe("checkpoint.format");
    expect(await failureOf(() => evaluate(damaged, data))).toBe("checkpoint.format");
  });
});
