import { z } from "zod";
import { ConfigError } from "../core/errors.js";
import { layOver, type Options } from "../core/nested-options.js";
import { kebabCase } from "../core/kebab-case.js";
import { builtInModels, modelNamed, modelNames, presetNamed } from "../models/registry.js";
import { trainConfigSchema } from "../models/train-config.js";
import { textEncoderSchema } from "../encoders/text-encoder-config.js";

/**
 * Options of all models. A key that several models share has one flag, with the forms of the first model,
 * EUAR. A model refuses those that it does not have.
 */
export const modelFields: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  [...builtInModels].reverse().flatMap(({ schema }) => Object.entries<z.ZodType>(schema.shape)),
);

const presets = builtInModels.flatMap((model) =>
  Object.entries(model.presets).map(([name, { summary }]) => ({ model: model.name, name, summary })),
);

/** Flags that choose a model. */
export const modelFlags = {
  model: z
    .enum(modelNames)
    .default("euar")
    .describe(
      `model to train; --model NAME --help shows its options. ${builtInModels
        .map(({ name, summary }) => `${name}: ${summary}`)
        .join("; ")}`,
    ),
  preset: z
    .enum(presets.map(({ name }) => name))
    .optional()
    .describe(
      `named starting point of the model and its training. ${presets
        .map(({ model, name, summary }) => `${name} (${model}): ${summary}`)
        .join("; ")}`,
    ),
};

/** Help heading of an option: parts of a model have one each. */
export function optionGroup(key: string): string | undefined {
  const [part = "", ...rest] = key.split(".");
  if (rest.length > 0) return `Model, ${part}`;
  if (Object.hasOwn(trainConfigSchema.shape, key)) return "Training";
  if (Object.hasOwn(textEncoderSchema.shape, key) || key === "merge") return "Text encoder";
  if (Object.hasOwn(modelFields, key) || key === "preset") return "Model";
  return undefined;
}

/** Shows the options of the model that `--model` names, or of EUAR, and those that belong to no model. */
export function shownForModel(argv: readonly string[]): (key: string) => boolean {
  const at = argv.findIndex((argument) => argument === "--model" || argument.startsWith("--model="));
  const given = argv[at]?.split("=")[1] ?? argv[at + 1];
  const chosen = builtInModels.find(({ name }) => at >= 0 && name === given) ?? modelNamed("euar");
  return (key) => {
    const [option = ""] = key.split(".");
    return !Object.hasOwn(modelFields, option) || Object.hasOwn(chosen.schema.shape, option);
  };
}

/**
 * Converts options with earlier names, for the chosen model.
 * @param values values of a config file
 */
export function readFormer(values: Options): Options {
  const { model } = values;
  const chosen = builtInModels.find(({ name }) => name === (model ?? "euar"));
  return chosen?.former?.migrate(values) ?? values;
}

/** Returns the present flag of an option that had another name before. */
export function formerFlag(key: string): string | undefined {
  const found = builtInModels.flatMap(({ former }) => Object.entries(former?.paths ?? {}));
  const path = found.find(([name]) => name === key)?.[1];
  return path === undefined ? undefined : kebabCase(path);
}

/**
 * Returns the values of the preset, which the given options override.
 * @throws ConfigError "config.conflict" for an option or a preset that the chosen model does not have
 */
export function presetValues(given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const name = typeof given.model === "string" ? given.model : "euar";
  if (!modelNames.some((known) => known === name)) return {};
  const model = modelNamed(name);
  const foreign = Object.keys(given).find(
    (key) => Object.hasOwn(modelFields, key) && !Object.hasOwn(model.schema.shape, key),
  );
  if (foreign !== undefined) {
    throw new ConfigError("config.conflict", `the model "${name}" has no option "${foreign}"`, {
      hint:
        `Leave it out, or choose a model that has it. Options of ${name}: ` +
        `${Object.keys(model.schema.shape).join(", ")}.`,
    });
  }
  const { preset } = given;
  if (preset === undefined) return {};
  if (Object.keys(model.presets).length === 0)
    throw new ConfigError("config.conflict", `the model "${name}" has no presets`, {
      hint: "Leave out --preset.",
    });
  const { config, train } = presetNamed(model, typeof preset === "string" ? preset : JSON.stringify(preset));
  return layOver(train, config);
}

/** Picks the options that belong to a schema. */
export function pickFor(
  schema: z.ZodObject,
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(schema.shape).flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])),
  );
}
