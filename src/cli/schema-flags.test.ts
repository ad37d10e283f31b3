import { describe, expect, it } from "vitest";
import { z } from "zod";
import { EuarError } from "../core/errors.js";
import { euarConfigSchema } from "../models/euar-config.js";
import { trainConfigSchema } from "../models/train-config.js";
import { checkAgainst, type Field, fieldsOf, kebabCase, parseFlag } from "./schema-flags.js";

const schema = z.strictObject({
  topK: z.int().min(1).max(64).default(3).describe("experts chosen"),
  rate: z.number().min(0).lt(1).default(0).describe("a rate"),
  mode: z.enum(["paper", "switch"]).default("paper").describe("variant"),
  widths: z.array(z.int().min(1)).default([72]).describe("widths"),
  names: z.array(z.string()).optional().describe("names"),
  data: z.string().describe("the data"),
  norm: z.boolean().default(false).describe("normalise"),
});

const fields = new Map(fieldsOf(schema).map((field) => [field.key, field]));

function field(key: string): Field {
  const found = fields.get(key);
  if (!found) throw new Error(`no field ${key}`);
  return found;
}

function failure(action: () => unknown): EuarError {
  try {
    action();
  } catch (error) {
    if (error instanceof EuarError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("fieldsOf", () => {
  it("reads names, types, choices, defaults and help off the schema", () => {
    expect(field("topK")).toEqual({
      key: "topK",
      flag: "top-k",
      type: "integer",
      fallback: 3,
      required: false,
      description: "experts chosen",
    });
    expect(field("mode")).toMatchObject({ type: "string", choices: ["paper", "switch"], fallback: "paper" });
    expect(field("widths")).toMatchObject({ type: "list", itemType: "integer", fallback: [72] });
    expect(field("data")).toMatchObject({ required: true, type: "string" });
    expect(field("names")).toMatchObject({ required: false, type: "list", itemType: "string" });
  });
  it("gives every model and training option a flag of its own", () => {
    for (const config of [euarConfigSchema, trainConfigSchema]) {
      const found = fieldsOf(config);
      expect(found.map((entry) => entry.key)).toEqual(Object.keys(config.shape));
      for (const entry of found) expect(entry.description, entry.key).not.toBe("");
    }
  });
});

describe("kebabCase", () => {
  it.each([
    ["topK", "top-k"],
    ["logVarMin", "log-var-min"],
    ["seed", "seed"],
  ])("%s -> %s", (key, flag) => {
    expect(kebabCase(key)).toBe(flag);
  });
});

describe("parseFlag", () => {
  it.each([
    ["topK", "12", 12],
    ["rate", "1e-3", 0.001],
    ["rate", "-0.5", -0.5],
    ["mode", "switch", "switch"],
    ["widths", "72,36", [72, 36]],
    ["widths", "", []],
    ["names", "text, audio", ["text", "audio"]],
  ])("--%s %s", (key, text, value) => {
    expect(parseFlag(field(key), text)).toEqual(value);
  });
  it.each([
    ["topK", "1.5"],
    ["topK", ""],
    ["topK", "three"],
    ["rate", "NaN"],
    ["rate", "Infinity"],
    ["rate", " "],
    ["widths", "72,x"],
    ["mode", "paperr"],
  ])("refuses --%s %j", (key, text) => {
    expect(failure(() => parseFlag(field(key), text)).code).toBe("config.invalid");
  });
  it("suggests the choice that was meant", () => {
    expect(failure(() => parseFlag(field("mode"), "swich")).hint).toBe('Did you mean "switch"?');
  });
});

describe("checkAgainst", () => {
  it("says how to give what has no flag", () => {
    const positional = z.strictObject({ path: z.string() });
    expect(failure(() => checkAgainst(positional, {}, "euar test", "path")).hint).toBe(
      "Give it after the command: euar test PATH.",
    );
    expect(failure(() => checkAgainst(positional, {}, "euar test")).hint).toContain("--path");
  });
  it("fills in defaults", () => {
    expect(checkAgainst(schema, { data: "x", topK: 5 }, "euar test")).toEqual({
      topK: 5,
      rate: 0,
      mode: "paper",
      widths: [72],
      data: "x",
      norm: false,
    });
  });
  it.each([
    [{ data: "x", topk: 5 }, "config.unknown-key", 'unknown key "topk"', 'Did you mean "topK"?'],
    [{}, "config.invalid", "data: is required", "--data"],
    [{ data: "x", topK: 65 }, "config.invalid", "topK: expected number to be <=64, got 65", "experts chosen"],
    [{ data: "x", rate: 1 }, "config.invalid", "rate: expected number to be <1, got 1", "a rate"],
    [{ data: "x", mode: "papr" }, "config.invalid", 'got "papr"', 'Did you mean "paper"?'],
    [
      { data: "x", widths: [3, 0] },
      "config.invalid",
      "widths[1]: expected number to be >=1, got 0",
      "widths",
    ],
    [
      { data: "x", norm: "yes" },
      "config.invalid",
      'norm: expected boolean, received string, got "yes"',
      "normalise",
    ],
  ])("%j", (values, code, message, hint) => {
    const error = failure(() => checkAgainst(schema, values, "euar test"));
    expect(error.code).toBe(code);
    expect(error.message).toContain("euar test: ");
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
  });
});
