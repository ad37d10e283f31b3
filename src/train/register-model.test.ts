import { expect, test } from "vitest";
import { toyDataset } from "../data/testing/toy-dataset.js";
import { train } from "./train.js";
import { defineModel } from "../models/define-model.js";
import { createLinear } from "../models/linear.js";
import { linearConfigSchema } from "../models/linear-config.js";
import { linearModel } from "../models/linear-definition.js";
import { knownModels, modelNamed, registerModel, resolveModelChoice } from "../models/registry.js";

const own = defineModel({
  name: "own-linear",
  label: "Own linear",
  summary: "a linear layer under another name",
  schema: linearConfigSchema,
  presets: { dropped: { summary: "with dropout", config: { inputDropout: 0.5 }, train: { epochs: 2 } } },
  create: createLinear,
});

test("a model from outside trains once it is registered, with its preset", async () => {
  expect(() => resolveModelChoice({ definition: own })).toThrow(/no model "own-linear"/);
  registerModel(own);
  registerModel(own);
  expect(knownModels().at(-1)).toBe(own);
  const { config, history } = await train(
    { model: { definition: own, preset: "dropped" } },
    toyDataset({ sizes: { train: 32, valid: 16, test: 16 } }),
  );
  expect(config.model).toEqual({ name: "own-linear", config: { inputDropout: 0.5, taskLoss: "auto" } });
  expect(history.length).toBe(2);
});

test("refuses a taken or malformed name, and a definition that differs from the registered one", () => {
  expect(() => {
    registerModel({ ...linearModel, label: "other" });
  }).toThrow(/there is a model "linear" already/);
  expect(() => {
    registerModel({ ...own, name: "Own Linear" });
  }).toThrow(/cannot name a model/);
  expect(() => resolveModelChoice({ definition: { ...linearModel, label: "other" } })).toThrow(
    /another model is registered/,
  );
  expect(modelNamed("linear")).toBe(linearModel);
});
