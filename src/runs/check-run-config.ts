import { CheckpointError } from "../core/errors.js";
import { isPart, type Options } from "../core/nested-options.js";
import { completeStoredEuar, migrateStoredEuar } from "../models/euar-migration.js";
import { RUN_FORMAT, type RunConfig } from "./results.js";

/** Format 1, which stored the options of EUAR in one flat list. */
const FLAT_FORMAT = "euar-run/1";

/**
 * Checks the parts of a stored {@link RunConfig} that prediction relies on. Converts earlier forms to the
 * present one.
 *
 * Written without schemas, because loading zod would take most of the time of a first prediction.
 * @throws CheckpointError "checkpoint.format"
 */
export function checkRunConfig(value: unknown, what: string): RunConfig {
  const config = record(value, "the configuration", what);
  if (config.format !== RUN_FORMAT && config.format !== FLAT_FORMAT)
    fail(what, `its configuration has the format ${JSON.stringify(config.format)}, expected "${RUN_FORMAT}"`);
  const model = record(config.model, "model", what);
  if (typeof model.name !== "string") fail(what, "its configuration names no model");
  checkModelOptions(record(model.config, "model.config", what), what);
  if (!isCount(record(config.train, "train", what).seed, 0)) fail(what, "its configuration has no seed");
  const data = record(config.data, "data", what);
  checkTask(record(data.task, "data.task", what), what);
  checkModalities(data.modalities, what);
  if (data.features !== undefined) checkFeatures(record(data.features, "data.features", what), what);
  return current(config, model) as unknown as RunConfig;
}

/** Largest depth of nested options. */
const DEEPEST = 3;

function checkModelOptions(options: Options, what: string, prefix = "", depth = 0): void {
  for (const [key, value] of Object.entries(options)) {
    if (isPart(value) && depth < DEEPEST) checkModelOptions(value, what, `${prefix}${key}.`, depth + 1);
    else if (!isOption(value)) fail(what, `the model option "${prefix}${key}" has an invalid value`);
  }
}

/** Converts format 1. Completes a configuration that is older than a part of the present model. */
function current(config: Options, model: Options): Options {
  const options = isPart(model.config) ? model.config : {};
  const read = config.format === FLAT_FORMAT ? migrateStoredEuar : completeStoredEuar;
  return {
    ...config,
    format: RUN_FORMAT,
    model: { ...model, config: model.name === "euar" ? read(options) : options },
  };
}

function checkTask(task: Readonly<Record<string, unknown>>, what: string): void {
  const outputs = outputsIn(task);
  if (!Array.isArray(outputs) || outputs.length === 0 || !outputs.every((name) => typeof name === "string"))
    fail(what, "its task has no named outputs");
}

function outputsIn(task: Readonly<Record<string, unknown>>): unknown {
  if (task.kind === "regression") return task.targets;
  if (task.kind === "classification") return task.classes;
  return task.kind === "multi-label" ? task.labels : undefined;
}

function checkModalities(modalities: unknown, what: string): void {
  if (!Array.isArray(modalities) || modalities.length === 0) fail(what, "it has no modalities");
  const names = modalities.map((entry: unknown) => {
    const { name, width, steps, quality } = record(entry, "a modality", what);
    if (typeof name !== "string" || !isCount(width, 1) || !isCount(steps, 1))
      fail(what, "a modality has no valid name, width and number of steps");
    if (quality !== undefined && !(Array.isArray(quality) && quality.every((one) => typeof one === "string")))
      fail(what, "a modality's measures of quality are not a list of names");
    return name;
  });
  if (new Set(names).size < names.length) fail(what, "two of its modalities have the same name");
}

/** Checks the origin of the features: an adapter identity per modality, see data/adapter-identity.ts. */
function checkFeatures(features: Readonly<Record<string, unknown>>, what: string): void {
  for (const [modality, value] of Object.entries(features)) {
    const origin = record(value, `data.features.${modality}`, what);
    const packages = Object.values(record(origin.packages, `data.features.${modality}.packages`, what));
    const options = Object.values(record(origin.options, `data.features.${modality}.options`, what));
    const isScalar = (entry: unknown): boolean =>
      entry === null || ["string", "number", "boolean"].includes(typeof entry);
    const isSound =
      typeof origin.adapter === "string" && typeof origin.version === "number" && isCount(origin.width, 1);
    if (!isSound || !packages.every((entry) => typeof entry === "string") || !options.every(isScalar))
      fail(what, `its record of the adapter of "${modality}" is not valid`);
    if (origin.preparation !== undefined)
      checkPreparation(
        record(origin.preparation, `data.features.${modality}.preparation`, what),
        modality,
        what,
      );
  }
}

function checkPreparation(
  { align, steps, pool, fps, part }: Readonly<Record<string, unknown>>,
  modality: string,
  what: string,
): void {
  const isSound =
    ["word", "uniform", "none"].includes(String(align)) &&
    ["mean", "none"].includes(String(pool)) &&
    (steps === null || isCount(steps, 1)) &&
    (fps === null || (typeof fps === "number" && fps > 0)) &&
    (part === undefined || part === "left" || part === "right");
  if (!isSound) fail(what, `its record of the preparation of "${modality}" is not valid`);
}

function isOption(value: unknown): boolean {
  if (value === null) return true; // an absent part
  if (typeof value === "number") return Math.abs(value) <= 1e6;
  if (Array.isArray(value)) return value.length <= 64 && value.every((item) => isCount(item, 1));
  // The pattern excludes "8", which could be mistaken for a number.
  return typeof value === "boolean" || (typeof value === "string" && /^[a-z][a-z0-9-]{0,99}$/.test(value));
}

function isCount(value: unknown, least: number): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least;
}

function record(value: unknown, name: string, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    fail(what, `${name} is not an object`);
  return value as Readonly<Record<string, unknown>>;
}

function fail(what: string, reason: string): never {
  throw new CheckpointError("checkpoint.format", `${what} cannot be used: ${reason}`, {
    hint: "The file is damaged or was changed by hand; use the original, or train again.",
  });
}
