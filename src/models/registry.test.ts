import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { ConfigError } from "../core/errors.js";
import { createReferenceBackend } from "../tensor/backends/reference/index.js";
import { defineModel } from "./define-model.js";
import { createModel, modelNames, registerModel, resolveModelConfig } from "./registry.js";
import { codeOf } from "../core/testing/code-of.js";
import { Tape } from "../tensor/tape.js";
import type { DataSignature, Model } from "./model.js";
import { smallBatch, threeModalities } from "./testing/small-batch.js";

test("every baseline is registered, and has a page that the index names", () => {
  const baselines = modelNames.filter((name) => !["euar", "linear", "ridge"].includes(name)).sort();
  const list = (folder: string, ending: string): string[] =>
    readdirSync(new URL(folder, import.meta.url))
      .filter((file) => file.endsWith(ending) && !/\.test\.|-sequences|-config|README/.test(file))
      .map((file) => file.slice(0, -ending.length))
      .sort();
  expect(list("./baselines/", ".ts")).toEqual(baselines);
  expect(list("../../docs/baselines/", ".md")).toEqual(baselines);
  const index = readFileSync(new URL("../../docs/baselines/README.md", import.meta.url), "utf8");
  for (const name of baselines) expect(index).toContain(`[\`${name}\`](${name}.md)`);
});

test("every registered model can be built with its defaults", () => {
  expect(modelNames.slice(0, 3)).toEqual(["euar", "linear", "ridge"]);
  expect(new Set(modelNames).size).toBe(modelNames.length);
  const classes: DataSignature = {
    ...threeModalities,
    task: { kind: "classification", classes: ["a", "b", "c"] },
  };
  for (const name of modelNames) {
    const model = createModel(
      name,
      name === "ridge" ? threeModalities : classes,
      {},
      createReferenceBackend(),
      1,
    );
    expect(model.name).toBe(name);
    expect(model.parameters.count()).toBeGreaterThan(0);
  }
});

test("multi-label: a model accepts the task, or refuses it by name", () => {
  const labels: DataSignature = {
    ...threeModalities,
    task: { kind: "multi-label", labels: ["joy", "anger"] },
  };
  const refusing = ["ridge", "tmc", "qmf"];
  for (const name of modelNames) {
    const create = (): Model => createModel(name, labels, {}, createReferenceBackend(), 1);
    if (refusing.includes(name)) {
      expect(codeOf(create), name).toBe("config.conflict");
      expect(create).toThrow(/supports (regression|classification), but the task is multi-label/);
      continue;
    }
    const model = create();
    const batch = smallBatch(labels, [0, 1, 2, 3]);
    const tape = new Tape(model.parameters.backend);
    const { prediction, losses } = model.forward(tape, batch, { training: true, seed: 1, step: 0 });
    expect(prediction.shape, name).toEqual([4, 2]);
    const logits = prediction.toArray();
    const mean =
      logits.reduce((sum, x, i) => sum + Math.log(1 + Math.exp(x)) - x * (batch.labels?.[i] ?? NaN), 0) / 8;
    expect(losses?.parts["task"]?.item(), name).toBeCloseTo(mean, 6);
  }
  expect(() => createModel("linear", labels, { taskLoss: "mse" }, createReferenceBackend(), 1)).toThrow(
    /taskLoss "mse" does not fit a multi-label task/,
  );
});

test("a model for several modalities refuses one, also a registered one", () => {
  const single: DataSignature = { ...threeModalities, modalities: threeModalities.modalities.slice(0, 1) };
  const relating = defineModel({
    name: "relating",
    label: "Relating",
    summary: "needs two modalities",
    schema: z.strictObject({}),
    leastModalities: 2,
    create: (signature, _config, backend, seed) => createModel("linear", signature, {}, backend, seed),
  });
  registerModel(relating);
  for (const name of ["dcca", "mctn", "mmin", "gcnet", "dicmor", "relating"]) {
    const create = (): Model =>
      createModel(
        name,
        { ...single, task: { kind: "regression", targets: ["y"] } },
        {},
        createReferenceBackend(),
        1,
      );
    expect(codeOf(create), name).toBe("config.conflict");
    expect(create).toThrow(`the model ${name} needs two modalities or more, and there is one`);
  }
  expect(createModel("linear", single, {}, createReferenceBackend(), 1).name).toBe("linear");
  expect(() => createModel("linear", { ...single, modalities: [] }, {}, createReferenceBackend(), 1)).toThrow(
    /one modality or more, and there are none/,
  );
});

test("the defaults are the paper's", () => {
  expect(resolveModelConfig("euar")).toMatchObject({
    hidden: 72,
    experts: { count: 8, topK: 3, gate: "paper", sampling: "train" },
    taskLoss: "auto",
    losses: {
      kl: { weight: 1e-3 },
      balance: { weight: 1e-5, variant: "paper" },
      uncertainty: { weight: 1e-3 },
    },
    awareness: { statistics: null, ranking: null },
  });
  expect(resolveModelConfig("euar", {}, "paper")).toEqual(resolveModelConfig("euar"));
});

test("presets are starting points that options override", () => {
  expect(resolveModelConfig("euar", {}, "paper-32")).toMatchObject({ experts: { count: 32, topK: 3 } });
  const options = { experts: { count: 5 }, losses: { kl: { weight: undefined } }, encoder: { heads: 2 } };
  expect(resolveModelConfig("euar", options, "official-code")).toMatchObject({
    experts: { count: 5, gate: "batch-normalised" },
    losses: { kl: { weight: 1e-5, over: "all", reduction: "sum" }, uncertainty: { reduction: "sum" } },
    encoder: { kind: "sequence", pooling: "last", heads: 2 },
  });
  const other = resolveModelConfig("euar", { encoder: { kind: "mlp" } }, "official-code");
  expect(other["encoder"]).toEqual({ kind: "mlp" });
  const again = resolveModelConfig("euar", { losses: { kl: { over: "all" } } }, "mlp-experts");
  expect(again["losses"]).toMatchObject({ kl: { weight: 1e-3, over: "all" }, uncertainty: null });
});

test("names and options that do not exist, and values out of range, are refused with a suggestion", () => {
  const failure = (run: () => unknown): ConfigError => {
    try {
      run();
    } catch (error) {
      if (error instanceof ConfigError) return error;
      throw error;
    }
    throw new Error("nothing was refused");
  };
  expect(failure(() => resolveModelConfig("euer")).hint).toMatch(/"euar"/);
  expect(failure(() => resolveModelConfig("euar", {}, "papr")).hint).toMatch(/"paper"/);
  const typo = failure(() => resolveModelConfig("euar", { expert: 4 }));
  expect([typo.code, typo.hint]).toEqual(["config.unknown-key", 'Did you mean "experts"?']);
  const nested = failure(() => resolveModelConfig("euar", { losses: { kl: { wieght: 1 } } }));
  expect([nested.code, nested.hint]).toEqual(["config.unknown-key", 'Did you mean "losses.kl.weight"?']);
  const idle = failure(() => resolveModelConfig("euar", { encoder: { kind: "mlp", layers: 2 } }));
  expect([idle.code, idle.message]).toEqual([
    "config.unknown-key",
    'model euar has no option "encoder.layers"',
  ]);
  for (const [former, hint] of [
    [{ topK: 3 }, 'Its name is now "experts.topK".'],
    [{ experts: 3 }, 'Its name is now "experts.count".'],
    [{ encoder: "mlp" }, 'Its name is now "encoder.kind".'],
  ] as const)
    expect(failure(() => resolveModelConfig("euar", former)).hint).toBe(hint);
  const range = failure(() =>
    createModel("euar", threeModalities, { experts: { topK: 0 } }, createReferenceBackend(), 1),
  );
  expect(range.code).toBe("config.invalid");
  expect(range.message).toMatch(/"experts.topK"/);
  expect(failure(() => resolveModelConfig("constructor")).message).toMatch(/no model/);
});

test("initial weights depend on the seed and the name alone", () => {
  const weights = (seed: number, experts: number) =>
    Array.from(
      createModel(
        "euar",
        threeModalities,
        { experts: { count: experts } },
        createReferenceBackend(),
        seed,
      ).parameters.get("head/0/linear/weight").buffer.view,
    );
  expect(weights(1, 4)).toEqual(weights(1, 8));
  expect(weights(1, 4)).not.toEqual(weights(2, 4));
});
