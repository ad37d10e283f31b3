import { z } from "zod";
import { checkOptions } from "../core/check-options.js";
import { ConfigError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import { zodIssue } from "../core/zod-issue.js";
import { textEncoderSchema } from "../encoders/text-encoder-config.js";
import { layAllOver } from "../core/nested-options.js";
import { modelNamed, modelNames, presetNamed, resolveModelConfig } from "../models/registry.js";
import { resolveTrainConfig } from "../train/resolve-train-config.js";

const part = z.strictObject({
  config: z.record(z.string(), z.unknown()).default({}),
  train: z.record(z.string(), z.unknown()).default({}),
});

const modelPart = part.extend({
  /** Options of the rows with a preset, by its name. They override the preset. */
  presets: z.record(z.string(), part).optional(),
});

/**
 * Training options for one data set: options for all models, and options for single models that override
 * them. Chosen on validation data, and the same in every experiment.
 */
export const recipeSchema = z.strictObject({
  train: z.record(z.string(), z.unknown()).default({}),
  models: z.record(z.string(), modelPart).default({}),
  /** Options of the encoder inside the models, for a command that names an encoder. */
  encoder: z.record(z.string(), z.unknown()).optional(),
});
/** Training options for one data set: those of all models, and those of single models. */
export type Recipe = z.infer<typeof recipeSchema>;

/** Recipe that changes nothing: every option has its default. */
export const plainRecipe: Recipe = { train: {}, models: {} };

/**
 * Parses a recipe. Accepts earlier names of model options.
 * @throws ConfigError for an invalid recipe, an unknown model, or unknown options
 */
export function parseRecipe(value: unknown, name: string): Recipe {
  const parsed = recipeSchema.safeParse(value);
  if (!parsed.success) {
    throw new ConfigError("config.invalid", `${name}: ${zodIssue(parsed.error)}`, {
      hint:
        'A recipe looks like {"train": {"epochs": 20}, "models": {"euar": {"config": {"experts": ' +
        '{"count": 4}}, "train": {}}}}.',
    });
  }
  resolveTrainConfig(parsed.data.train);
  checkEncoderOptions(parsed.data.encoder ?? {});
  const models = Object.entries(parsed.data.models).map(([model, { config, train, presets }]) => {
    if (!modelNames.some((known) => known === model))
      throw new ConfigError("config.invalid", `${name}: there is no model "${model}"`, {
        hint: suggestion(model, modelNames),
      });
    const current = modelNamed(model).former?.migrate(config) ?? config;
    resolveModelConfig(model, current);
    resolveTrainConfig({ ...parsed.data.train, ...train });
    for (const [preset, own] of Object.entries(presets ?? {})) {
      const { config: changes } = presetNamed(modelNamed(model), preset);
      resolveModelConfig(model, layAllOver(current, changes, own.config));
      resolveTrainConfig({ ...parsed.data.train, ...train, ...own.train });
    }
    return [model, { config: current, train, ...(presets && { presets }) }] as const;
  });
  return { ...parsed.data, models: Object.fromEntries(models) };
}

/**
 * Checks the options of a text encoder.
 * @throws ConfigError for unknown options, or values out of range
 */
export function checkEncoderOptions(options: Readonly<Record<string, unknown>>): void {
  checkOptions(textEncoderSchema.omit({ textEncoder: true }), options, "the text encoder");
}
