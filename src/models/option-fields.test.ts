import { describe, expect, it } from "vitest";
import { z } from "zod";
import { builtInModels } from "./registry.js";
import { trainConfigSchema } from "./train-config.js";
import { kebabCase } from "../core/kebab-case.js";
import { type Field, fieldsOf, jsonSchemaOf } from "../core/option-fields.js";

const schema = z.strictObject({
  topK: z.int().min(1).max(64).default(3).describe("experts chosen"),
  mode: z.enum(["paper", "switch"]).default("paper").meta({ description: "variant", alias: "m" }),
  widths: z.array(z.int().min(1)).default([72]).describe("widths"),
  names: z.array(z.string()).optional().describe("names"),
  data: z.string().describe("the data"),
  encoder: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("mean") }),
      z.strictObject({ kind: z.literal("sequence"), headCount: z.int().default(4).describe("heads") }),
    ])
    .prefault({ kind: "mean" })
    .meta({ description: "the encoder", alias: "encoder" }),
  kl: z
    .strictObject({ weight: z.number().positive().default(0.1).describe("its weight") })
    .nullable()
    .prefault({})
    .describe("a loss"),
  statistics: z
    .strictObject({ hidden: z.int().describe("units") })
    .nullable()
    .default(null)
    .describe("a part that is absent"),
  ranking: z.number().nullable().default(null).describe("a weight"),
});

const fields = new Map(fieldsOf(schema).map((field) => [field.key, field]));

function field(key: string): Field {
  const found = fields.get(key);
  if (!found) throw new Error(`no field ${key}`);
  return found;
}

describe("fieldsOf", () => {
  it("reads names, types, choices, defaults and help from the schema", () => {
    expect(field("topK")).toEqual({
      key: "topK",
      flag: "top-k",
      type: "integer",
      fallback: 3,
      required: false,
      removable: false,
      description: "experts chosen",
    });
    const choices = ["paper", "switch"];
    expect(field("mode")).toMatchObject({ type: "string", choices, fallback: "paper", alias: "m" });
    expect(field("widths")).toMatchObject({ type: "list", itemType: "integer", fallback: [72] });
    expect(field("data")).toMatchObject({ required: true, type: "string" });
    expect(field("names")).toMatchObject({ required: false, type: "list", itemType: "string" });
  });
  it("names the options of parts with dots", () => {
    expect([...fields.keys()].slice(5)).toEqual([
      "encoder.kind",
      "encoder.headCount",
      "kl",
      "kl.weight",
      "statistics",
      "statistics.hidden",
      "ranking",
    ]);
    const choices = ["mean", "sequence"];
    expect(field("encoder.kind")).toMatchObject({
      choices,
      fallback: "mean",
      alias: "encoder",
      required: false,
    });
    expect(field("encoder.headCount")).toMatchObject({
      flag: "encoder.head-count",
      fallback: 4,
      needs: { key: "encoder.kind", values: ["sequence"] },
    });
    expect(field("kl")).toMatchObject({ type: "part", removable: true, description: "a loss" });
    expect(field("kl.weight")).toMatchObject({ fallback: 0.1, removable: false });
    expect(field("statistics.hidden").required).toBe(false); // only if the part is present
    expect(field("ranking")).toMatchObject({ type: "number", removable: true });
    expect(field("ranking")).not.toHaveProperty("fallback");
  });
  it("refuses types that cannot be a flag", () => {
    expect(() => fieldsOf(z.strictObject({ a: z.array(z.strictObject({ b: z.string() })) }))).toThrow();
    expect(() => fieldsOf(z.strictObject({ a: z.union([z.string(), z.number()]) }))).toThrow();
  });
  it("has a description for every option of models and training, and one option per flag", () => {
    for (const { schema: options } of [...builtInModels, { schema: trainConfigSchema }]) {
      const found = fieldsOf(options);
      const tops = found.map(({ key }) => key.split(".")[0]);
      expect([...new Set(tops)]).toEqual(Object.keys(options.shape));
      for (const entry of found) expect(entry.description, entry.key).not.toBe("");
      const names = found.flatMap(({ flag, alias }) => (alias === undefined ? [flag] : [flag, alias]));
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

describe("kebabCase", () => {
  it.each([
    ["topK", "top-k"],
    ["experts.logVarMin", "experts.log-var-min"],
    ["seed", "seed"],
  ])("%s -> %s", (key, flag) => {
    expect(kebabCase(key)).toBe(flag);
  });
});

it("the JSON Schema that users see has no keyword of ours", () => {
  const text = JSON.stringify(jsonSchemaOf(schema));
  expect(text).not.toContain("alias");
  expect(text).toContain('"const":"sequence"');
});
