import { z } from "zod";
import { zodIssue } from "../core/zod-issue.js";
import { ConfigError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import { modelNames, resolveModelConfig } from "../models/registry.js";
import { resolveTrainConfig } from "../train/resolve-train-config.js";

const part = z.strictObject({
  config: z.record(z.string(), z.unknown()).default({}),
  train: z.record(z.string(), z.unknown()).default({}),
});

/**
 * How models are trained on one data set: options for all of them, and for single ones over those. Chosen on
 * validation data, and the same in every experiment.
 */
export const recipeSchema = z.strictObject({
  train: z.record(z.string(), z.unknown()).default({}),
  models: z.record(z.string(), part).default({}),
});
export type Recipe = z.infer<typeof recipeSchema>;

export const plainRecipe: Recipe = { train: {}, models: {} };

/** @throws ConfigError for what is no recipe, an unknown model, or options that they do not have */
export function parseRecipe(value: unknown, name: string): Recipe {
  const parsed = recipeSchema.safeParse(value);
  if (!parsed.success) {
    throw new ConfigError("config.invalid", `${name}: ${zodIssue(parsed.error)}`, {
      hint: 'A recipe looks like {"train": {"epochs": 20}, "models": {"euar": {"config": {"experts": 4}, "train": {}}}}.',
    });
  }
  resolveTrainConfig(parsed.data.train);
  for (const [model, { config, train }] of Object.entries(parsed.data.models)) {
    if (!modelNames.some((known) => known === model))
      throw new ConfigError("config.invalid", `${name}: there is no model "${model}"`, {
        hint: suggestion(model, modelNames),
      });
    resolveModelConfig(model, config);
    resolveTrainConfig({ ...parsed.data.train, ...train });
  }
  return parsed.data;
}
