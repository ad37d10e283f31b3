import { z } from "zod";
import { ConfigError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import { alignConfigSchema } from "../models/baselines/align.js";
import { dccaConfigSchema } from "../models/baselines/dcca.js";
import { dicmorConfigSchema } from "../models/baselines/dicmor.js";
import { gcnetConfigSchema } from "../models/baselines/gcnet.js";
import { mctnConfigSchema } from "../models/baselines/mctn.js";
import { mminConfigSchema } from "../models/baselines/mmin.js";
import { mmtmConfigSchema } from "../models/baselines/mmtm.js";
import { qmfConfigSchema } from "../models/baselines/qmf.js";
import { baselines } from "../models/baselines/registry.js";
import { tmcConfigSchema } from "../models/baselines/tmc.js";
import { euarConfigSchema, euarPresets } from "../models/euar-config.js";
import { linearConfigSchema } from "../models/linear-config.js";
import { ridgeConfigSchema } from "../models/ridge-config.js";
import { trainPresets } from "../train/resolve-train-config.js";
import { trainConfigSchema } from "../runs/train-config.js";

/**
 * The schemas of the models that the command line offers; registry.test.ts holds this beside the model
 * registry.
 */
export const modelSchemas: Readonly<Record<string, z.ZodObject>> = {
  euar: euarConfigSchema,
  linear: linearConfigSchema,
  ridge: ridgeConfigSchema,
  ...Object.fromEntries(Object.entries(baselines).map(([name, { schema }]) => [name, schema])),
};

/** Options of every model under one roof: a key that two models share has one flag. */
export const modelFields = {
  ...linearConfigSchema.shape,
  ...ridgeConfigSchema.shape,
  ...euarConfigSchema.shape,
  ...mmtmConfigSchema.shape,
  ...alignConfigSchema.shape,
  ...tmcConfigSchema.shape,
  ...qmfConfigSchema.shape,
  ...dccaConfigSchema.shape,
  ...mctnConfigSchema.shape,
  ...mminConfigSchema.shape,
  ...gcnetConfigSchema.shape,
  ...dicmorConfigSchema.shape,
};

export const modelChoice = {
  model: z
    .enum([
      "euar",
      "linear",
      "ridge",
      "concat",
      "late-fusion",
      "align",
      "mmtm",
      "tmc",
      "qmf",
      "dcca",
      "mctn",
      "mmin",
      "gcnet",
      "dicmor",
    ])
    .default("euar")
    .describe(
      "what to train; linear is the row that every table needs, ridge the same in closed form (regression only), the others are the baselines of docs/baselines/",
    ),
  preset: z
    .enum(["paper", "paper-32", "aware", "mlp-experts", "official-code"])
    .optional()
    .describe(
      "named starting point for EUAR and its training: paper (8 experts), paper-32, aware (variances and a gate that follow how badly an input is corrupted), mlp-experts (experts without variances, the ablation), or the published code's choices",
    ),
};

/** Help heading of an option. */
export function optionGroup(key: string): string | undefined {
  if (Object.hasOwn(trainConfigSchema.shape, key)) return "Training";
  if (Object.hasOwn(modelFields, key) || key === "preset") return "Model";
  return undefined;
}

/**
 * The preset's values, to be laid under what was given.
 * @throws ConfigError "config.conflict" for an option or a preset that the chosen model does not have
 */
export function presetValues(given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const model = typeof given.model === "string" ? given.model : "euar";
  const schema = modelSchemas[model];
  if (!schema) return {};
  const foreign = Object.keys(given).find(
    (key) => Object.hasOwn(modelFields, key) && !Object.hasOwn(schema.shape, key),
  );
  if (foreign !== undefined) {
    throw new ConfigError("config.conflict", `the model "${model}" has no option "${foreign}"`, {
      hint: `Leave it out, or choose a model that has it. Options of ${model}: ${Object.keys(schema.shape).join(", ")}.`,
    });
  }
  const { preset } = given;
  if (preset === undefined) return {};
  if (model !== "euar")
    throw new ConfigError("config.conflict", `presets are for the model "euar", not for "${model}"`, {
      hint: "Leave out --preset.",
    });
  const name = typeof preset === "string" ? preset : JSON.stringify(preset);
  const values = Object.entries(euarPresets).find(([known]) => known === name)?.[1];
  if (!values)
    throw new ConfigError("config.invalid", `there is no preset "${name}"`, {
      hint: suggestion(name, Object.keys(euarPresets)),
    });
  const training = Object.entries(trainPresets).find(([known]) => known === name)?.[1];
  return { ...training, ...values };
}

/** The part of `options` that belongs to a schema. */
export function pickFor(
  schema: z.ZodObject,
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(schema.shape).flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])),
  );
}
