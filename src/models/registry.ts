import type { z } from "zod";
import { ConfigError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import type { WeightSource } from "../nn/parameter-set.js";
import type { Backend } from "../tensor/backend.js";
import { baselines } from "./baselines/registry.js";
import { createEuar } from "./euar.js";
import { euarConfigSchema, euarPresets } from "./euar-config.js";
import { createLinear } from "./linear.js";
import { linearConfigSchema } from "./linear-config.js";
import type { DataSignature, Model } from "./model.js";
import { createRidge } from "./ridge.js";
import { ridgeConfigSchema } from "./ridge-config.js";

interface RegisteredModel {
  readonly schema: z.ZodObject;
  /** Named starting points; explicit options override them. */
  readonly presets: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly create: (
    signature: DataSignature,
    config: Readonly<Record<string, unknown>>,
    backend: Backend,
    seed: WeightSource,
  ) => Model;
}

/** Every model that the trainer, the command line and checkpoints know, by name. */
export const modelRegistry: Readonly<Record<string, RegisteredModel>> = {
  euar: {
    schema: euarConfigSchema,
    presets: euarPresets,
    create: (signature, config, backend, seed) =>
      createEuar(signature, euarConfigSchema.parse(config), backend, seed),
  },
  linear: {
    schema: linearConfigSchema,
    presets: {},
    create: (signature, config, backend, seed) =>
      createLinear(signature, linearConfigSchema.parse(config), backend, seed),
  },
  ridge: {
    schema: ridgeConfigSchema,
    presets: {},
    create: (signature, config, backend, seed) =>
      createRidge(signature, ridgeConfigSchema.parse(config), backend, seed),
  },
  ...Object.fromEntries(
    Object.entries(baselines).map(([name, registered]) => [name, { ...registered, presets: {} }]),
  ),
};

export const modelNames: readonly string[] = Object.keys(modelRegistry);

/**
 * @param name a name of {@link modelNames}
 * @throws {@link ConfigError} for an unknown name
 */
export function registeredModel(name: string): RegisteredModel {
  const found = Object.hasOwn(modelRegistry, name) ? modelRegistry[name] : undefined;
  if (!found)
    throw new ConfigError("config.invalid", `there is no model "${name}"`, {
      hint: suggestion(name, modelNames),
    });
  return found;
}

/**
 * The complete configuration of a model: the preset's values, overridden by `options`, completed by the
 * defaults.
 * @param options options of the model's schema; those that are undefined count as left out
 * @throws {@link ConfigError} for an unknown model, preset or option, or a value out of range
 */
export function resolveModelConfig(
  name: string,
  options: Readonly<Record<string, unknown>> = {},
  preset?: string,
): Readonly<Record<string, unknown>> {
  const { schema, presets } = registeredModel(name);
  if (preset !== undefined && !Object.hasOwn(presets, preset)) {
    throw new ConfigError("config.invalid", `model ${name} has no preset "${preset}"`, {
      hint: suggestion(preset, Object.keys(presets)),
    });
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const known = Object.keys(schema.shape);
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) {
      throw new ConfigError("config.unknown-key", `model ${name} has no option "${key}"`, {
        hint: suggestion(key, known),
      });
    }
  }
  const parsed = schema.safeParse({ ...(preset === undefined ? {} : presets[preset]), ...given });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigError(
      "config.invalid",
      `model ${name}, option "${issue?.path.join(".") ?? ""}": ${issue?.message ?? "invalid"}`,
      {
        hint: "See the option's range in the help.",
        cause: parsed.error,
      },
    );
  }
  return parsed.data;
}

/**
 * Builds a model for a data set.
 * @param config options of the model's schema; left-out ones take their defaults
 * @param seed of the initial weights, or "blank"
 * @throws {@link ConfigError} for an unknown model or option, a value out of range, or options that
 * contradict each other or the data
 */
export function createModel(
  name: string,
  signature: DataSignature,
  config: Readonly<Record<string, unknown>>,
  backend: Backend,
  seed: WeightSource,
): Model {
  return registeredModel(name).create(signature, resolveModelConfig(name, config), backend, seed);
}
