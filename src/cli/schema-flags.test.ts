import { describe, expect, it } from "vitest";
import { z } from "zod";
import { EuarError } from "../core/errors.js";
import { modelFields } from "./model-options.js";
import { type Field, fieldsOf } from "../core/option-fields.js";
import { checkAgainst, parseFlag } from "./schema-flags.js";

const schema = z.strictObject({
  topK: z.int().min(1).max(64).default(3).describe("experts chosen"),
  rate: z.number().min(0).lt(1).default(0).describe("a rate"),
  mode: z.enum(["paper", "switch"]).default("paper").describe("variant"),
  widths: z.array(z.int().min(1)).default([72]).describe("widths"),
  names: z.array(z.string()).optional().describe("names"),
  data: z.string().describe("the data"),
  paths: z.array(z.string()).default([]).meta({ repeated: true }).describe("paths"),
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

describe("parseFlag", () => {
  it.each([
    ["topK", "12", 12],
    ["rate", "1e-3", 0.001],
    ["rate", "-0.5", -0.5],
    ["mode", "switch", "switch"],
    ["widths", "72,36", [72, 36]],
    ["widths", "", []],
    ["names", "text, audio", ["text", "audio"]],
    ["paths", "a, b", ["a, b"]],
    ["paths", "", []],
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
  it("says how to give a value without a flag", () => {
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
      paths: [],
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

describe("checkAgainst, on options in parts", () => {
  const parts = z.strictObject(modelFields);
  it.each([
    [
      { encoder: { kind: "mlp", layers: 2 } },
      "config.conflict",
      "--encoder.layers has no effect without --encoder.kind sequence",
      "Leave it out, or choose --encoder.kind sequence.",
    ],
    [
      { losses: { kl: { wieght: 1 } } },
      "config.unknown-key",
      'unknown key "losses.kl.wieght"',
      'Did you mean "losses.kl.weight"?',
    ],
    [
      { losses: { kl: { weight: 0 } } },
      "config.invalid",
      "losses.kl.weight: expected number to be >0, got 0",
      "--no-losses.kl",
    ],
    [{ awareness: { ranking: 0 } }, "config.invalid", "awareness.ranking: ", "--no-awareness.ranking"],
    [
      { awareness: { statistics: { gate: true } } },
      "config.invalid",
      "awareness.statistics.hidden: is required",
      "--awareness.statistics.hidden",
    ],
    [{ experts: { topK: 0 } }, "config.invalid", "experts.topK: ", "number K of experts selected"],
    [{ encoder: { layers: 2 } }, "config.invalid", "encoder.kind: is required", "--encoder.kind"],
  ])("%j", (values, code, message, hint) => {
    const error = failure(() => checkAgainst(parts, values, "euar train"));
    expect([error.code, error.message, error.hint]).toEqual([
      code,
      expect.stringContaining(message),
      expect.stringContaining(hint),
    ]);
  });
});
