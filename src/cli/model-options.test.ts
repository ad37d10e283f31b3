import { describe, expect, it } from "vitest";
import { z } from "zod";
import { EuarError } from "../core/errors.js";
import { builtInModels, modelNamed } from "../models/registry.js";
import { fieldsOf } from "../core/option-fields.js";
import {
  formerFlag,
  modelFlags,
  modelFields,
  optionGroup,
  pickFor,
  presetValues,
  readFormer,
  shownForModel,
} from "./model-options.js";

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof EuarError ? error.code : String(error);
  }
  return "nothing thrown";
}

describe("the models of the command line", () => {
  it("are those of the registry, with its presets", () => {
    expect(modelFlags.model.unwrap().options).toEqual(builtInModels.map(({ name }) => name));
    expect(modelFlags.preset.unwrap().options).toEqual(Object.keys(modelNamed("euar").presets));
  });
  it("share a flag only if type, default and choices are the same", () => {
    const seen = new Map<string, unknown>();
    const removed = new Set(
      fieldsOf(z.object(modelFields)).flatMap(({ key, removable }) => (removable ? [key] : [])),
    );
    for (const { schema } of builtInModels) {
      for (const field of fieldsOf(schema)) {
        if (field.removable) expect(removed).toContain(field.key); // the flag --no-KEY exists
        const plain = { ...field, description: "", removable: false };
        expect(plain).toEqual(seen.get(field.key) ?? plain);
        seen.set(field.key, plain);
      }
    }
    const tops = new Set([...seen.keys()].map((key) => String(key.split(".")[0])));
    expect([...tops].sort()).toEqual(Object.keys(modelFields).sort());
  });
});

describe("presetValues", () => {
  it("gives the preset's values", () => {
    expect(presetValues({ preset: "paper-32" })).toMatchObject({ experts: { count: 32 } });
    expect(presetValues({})).toEqual({});
    expect(presetValues({ preset: "official-code" })).toMatchObject({
      experts: { gate: "batch-normalised", count: 4 },
    });
  });
  it("refuses options and presets of another model, and unknown presets", () => {
    expect(codeOf(() => presetValues({ model: "linear", experts: { count: 4 } }))).toBe("config.conflict");
    expect(codeOf(() => presetValues({ model: "linear", preset: "paper" }))).toBe("config.conflict");
    expect(codeOf(() => presetValues({ preset: "papr" }))).toBe("config.invalid");
    expect(presetValues({ model: "linear", inputDropout: 0.2 })).toEqual({});
  });
});

describe("optionGroup and pickFor", () => {
  it("sort options by their part", () => {
    expect(["learningRate", "hidden", "experts.topK", "preset", "data"].map(optionGroup)).toEqual([
      "Training",
      "Model",
      "Model, experts",
      "Model",
      undefined,
    ]);
    expect(
      pickFor(modelNamed("linear").schema, {
        inputDropout: 0.1,
        experts: { count: 3 },
        data: "x",
      }),
    ).toEqual({ inputDropout: 0.1 });
    expect(Object.keys(modelFields)).toContain("experts");
  });
});

describe("earlier names of options", () => {
  it("are read from config files of EUAR, and lead to flags", () => {
    expect(readFormer({ topK: 2, epochs: 3 })).toEqual({ experts: { topK: 2 }, epochs: 3 });
    expect(readFormer({ model: "euar", alpha: 0 })).toEqual({ model: "euar", losses: { kl: null } });
    const other = { model: "qmf", topK: 2 };
    expect(readFormer(other)).toBe(other);
    expect(formerFlag("klReduction")).toBe("losses.kl.reduction");
    expect(formerFlag("learningRate")).toBeUndefined();
    expect(formerFlag("constructor")).toBeUndefined();
  });
});

describe("the help of a model", () => {
  it("shows that model's options, and EUAR's by default", () => {
    const qmf = shownForModel(["--model", "qmf", "--help"]);
    expect([qmf("confidenceRanking"), qmf("experts.topK"), qmf("learningRate")]).toEqual([true, false, true]);
    expect(shownForModel(["--model=linear"])("inputDropout")).toBe(true);
    expect(shownForModel(["--help"])("experts.topK")).toBe(true);
    expect(shownForModel(["--help"])("confidenceRanking")).toBe(false);
    expect(shownForModel(["--model"])("experts.topK")).toBe(true);
  });
});
