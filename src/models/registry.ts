import type { z } from "zod";
import { checkArguments, OBJECT, objectOf, optional, rules, TEXT } from "../core/checked-call.js";
import { ConfigError } from "../core/errors.js";
import { NameRegistry } from "../core/name-registry.js";
import { suggestion } from "../core/nearest.js";
import { layOver } from "../core/nested-options.js";
import { optionPaths } from "../core/option-fields.js";
import { SEED, type WeightSource } from "../nn/parameter-set.js";
import { BACKEND } from "../tensor/argument-checks.js";
import type { Backend } from "../tensor/backend.js";
import { alignModel } from "./baselines/align.js";
import { concatModel } from "./baselines/concat.js";
import { dccaModel } from "./baselines/dcca.js";
import { dicmorModel } from "./baselines/dicmor.js";
import { gcnetModel } from "./baselines/gcnet.js";
import { lateFusionModel } from "./baselines/late-fusion.js";
import { mctnModel } from "./baselines/mctn.js";
import { mminModel } from "./baselines/mmin.js";
import { mmtmModel } from "./baselines/mmtm.js";
import { precisionFusionModel } from "./baselines/precision-fusion.js";
import { qaMoeModel } from "./baselines/qa-moe.js";
import { qmfModel } from "./baselines/qmf.js";
import { tmcModel } from "./baselines/tmc.js";
import { type AnyModelDefinition, DEFINITION, type ModelPreset } from "./define-model.js";
import { euarModel } from "./euar-definition.js";
import { linearModel } from "./linear-definition.js";
import type { DataSignature, Model } from "./model.js";
import { ridgeModel } from "./ridge-definition.js";
import { SIGNATURE } from "./signature-check.js";

/** Models of this package, in the order of help texts and tables. */
export const builtInModels = [
  euarModel,
  linearModel,
  ridgeModel,
  concatModel,
  lateFusionModel,
  alignModel,
  mmtmModel,
  tmcModel,
  qmfModel,
  dccaModel,
  mctnModel,
  mminModel,
  gcnetModel,
  dicmorModel,
  precisionFusionModel,
  qaMoeModel,
] as const;

type BuiltIn = (typeof builtInModels)[number];

/** Name of a model of this package. */
export type ModelName = BuiltIn["name"];

/** Names of the models of this package. */
export const modelNames: readonly ModelName[] = builtInModels.map(({ name }) => name);

/** Model of this package with its options. An option of another model does not compile. */
export type BuiltInChoice = {
  [Definition in BuiltIn as Definition["name"]]: {
    readonly name: Definition["name"];
    /** Name of a preset of the model and its training. */
    readonly preset?: keyof Definition["presets"] & string;
    /** Options of the model, which override those of the preset. */
    readonly config?: Partial<z.input<Definition["schema"]>>;
  };
}[ModelName];

/** Model that was added by {@link registerModel}. */
export interface RegisteredChoice {
  /** Distinguishes this type from a choice by name, so that the compiler checks the options of the latter. */
  readonly name?: never;
  readonly definition: AnyModelDefinition;
  readonly preset?: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Model with its options. Absent options come from the preset, then from the defaults. */
export type ModelChoice = BuiltInChoice | RegisteredChoice;

const COMPLETE = objectOf("a definition that defineModel returned", {
  presets: rules.object,
  tasks: rules.texts,
  leastModalities: rules.count,
});

const registered = new NameRegistry<AnyModelDefinition>({ what: "model" }, builtInModels);

/**
 * Registers a user's model under its name, so that its runs can be loaded. Registering the same definition
 * again has no effect.
 * @throws ConfigError for a name that is in use, or is not lower case with dashes
 */
export function registerModel(definition: AnyModelDefinition): void {
  for (const check of [DEFINITION, COMPLETE]) check(definition, "registerModel, argument 1");
  registered.add(definition);
}

/** Returns all models: those of this package, then the registered ones. */
export function knownModels(): readonly AnyModelDefinition[] {
  return registered.all();
}

/** @throws ConfigError for an unknown name */
export function modelNamed(name: string): AnyModelDefinition {
  const found = registered.get(name);
  if (!found)
    throw new ConfigError("config.invalid", `there is no model "${name}"`, {
      hint: suggestion(name, registered.names()),
    });
  return found;
}

/** @throws ConfigError for an unknown preset */
export function presetNamed(model: AnyModelDefinition, preset: string | undefined): ModelPreset {
  if (preset === undefined) return { summary: "no preset", config: {}, train: {} };
  const found = Object.hasOwn(model.presets, preset) ? model.presets[preset] : undefined;
  if (found) return found;
  const names = Object.keys(model.presets);
  throw new ConfigError("config.invalid", `model ${model.name} has no preset "${preset}"`, {
    hint: names.length === 0 ? "Omit the preset: this model has none." : suggestion(preset, names),
  });
}

/**
 * Returns the complete configuration of a model: `options`, then the values of the preset, then the defaults.
 * @param options options of the model's schema; undefined ones count as absent
 * @throws ConfigError for an unknown model, preset or option, or a value out of range
 */
export function resolveModelConfig(
  name: string,
  options: Readonly<Record<string, unknown>> = {},
  preset?: string,
): Readonly<Record<string, unknown>> {
  const values = [name, options, preset];
  checkArguments("resolveModelConfig", values, [TEXT, OBJECT, optional(TEXT)]);
  const model = modelNamed(name);
  const merged = layOver(presetNamed(model, preset).config, options);
  const parsed = model.schema.safeParse(merged);
  if (parsed.success) return parsed.data;
  throw invalidOption(model, parsed.error);
}

/** Returns the error for options that a model's schema refuses. */
function invalidOption(model: AnyModelDefinition, error: z.ZodError): ConfigError {
  const { name, schema } = model;
  const unknown = error.issues.find((issue) => issue.code === "unrecognized_keys");
  if (unknown) {
    const path = [...unknown.path, unknown.keys[0] ?? ""].map(String).join(".");
    return new ConfigError("config.unknown-key", `model ${name} has no option "${path}"`, {
      hint: formerHint(model, path) ?? suggestion(path, siblings(schema, unknown.path)),
      cause: error,
    });
  }
  const issue = error.issues[0];
  const path = (issue?.path ?? []).map(String).join(".");
  return new ConfigError(
    "config.invalid",
    `model ${name}, option "${path}": ${issue?.message ?? "invalid"}`,
    { hint: formerHint(model, path) ?? "See the option's range in the help.", cause: error },
  );
}

/** Returns the names of the options at the same place: those of a part, or those of the model. */
function siblings(schema: z.ZodObject, part: readonly PropertyKey[]): string[] {
  const prefix = `${part.map(String).join(".")}.`;
  return part.length === 0
    ? Object.keys(schema.shape)
    : optionPaths(schema).filter((path) => path.startsWith(prefix));
}

/** Returns a hint with the present name of an option that had another name before. */
function formerHint({ former }: AnyModelDefinition, path: string): string | undefined {
  const now = former && Object.hasOwn(former.paths, path) ? former.paths[path] : undefined;
  return now === undefined ? undefined : `Its name is now "${now}".`;
}

/**
 * Returns a choice of a model by a name that is known only at run time.
 * @throws ConfigError for an unknown name
 */
export function modelChoice(
  name: string,
  config: Readonly<Record<string, unknown>> = {},
  preset?: string,
): ModelChoice {
  return { definition: modelNamed(name), config, ...(preset === undefined ? {} : { preset }) };
}

/**
 * Resolves a choice to the model's name, its complete options, and the training options of its preset.
 * @throws ConfigError as {@link resolveModelConfig}, and for a definition that was not registered
 */
export function resolveModelChoice(choice: ModelChoice): {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly train: ModelPreset["train"];
} {
  const name = "definition" in choice ? choice.definition.name : choice.name;
  const model = modelNamed(name);
  if ("definition" in choice && choice.definition !== model)
    throw new ConfigError("config.invalid", `another model is registered as "${name}"`, {
      hint: "Call registerModel with the definition first.",
    });
  const { config, preset } = choice;
  return { name, config: resolveModelConfig(name, config, preset), train: presetNamed(model, preset).train };
}

/**
 * Builds a model for a data set.
 * @param config options of the model's schema; absent ones take their defaults
 * @param seed seed of the initial weights, or "blank"
 * @throws ConfigError for an unknown model or option, a value out of range, options that contradict each
 * other or the data, a task that the model does not support, or too few modalities
 */
export function createModel(
  name: string,
  signature: DataSignature,
  config: Readonly<Record<string, unknown>>,
  backend: Backend,
  seed: WeightSource,
): Model {
  const values = [name, signature, config, backend, seed];
  checkArguments("createModel", values, [TEXT, SIGNATURE, OBJECT, BACKEND, SEED]);
  const model = modelNamed(name);
  const { tasks, leastModalities } = model;
  const { kind } = signature.task;
  const count = signature.modalities.length;
  if (!tasks.includes(kind)) {
    throw new ConfigError(
      "config.conflict",
      `the model ${name} supports ${tasks.join(" and ")}, but the task is ${kind}`,
      { hint: "Choose a model that supports the task, such as linear, or state another task." },
    );
  }
  if (count < leastModalities) {
    const least = leastModalities === 1 ? "one modality" : "two modalities";
    const found = count === 0 ? "there are none" : "there is one";
    throw new ConfigError("config.conflict", `the model ${name} needs ${least} or more, and ${found}`, {
      hint: "Give more modalities, or choose another model, such as concat.",
    });
  }
  return model.create(signature, resolveModelConfig(name, config), backend, seed);
}
