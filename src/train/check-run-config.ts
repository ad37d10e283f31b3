import { CheckpointError } from "../core/errors.js";
import type { RunConfig } from "./results.js";

/**
 * Makes sure that a stored value has the form of a {@link RunConfig} as far as prediction relies on it. By hand rather than by schema: the
 * schemas would cost a first prediction more time than all the rest.
 * @throws CheckpointError "checkpoint.format"
 */
export function checkRunConfig(value: unknown, what: string): RunConfig {
  const config = record(value, "the configuration", what);
  if (config.format !== "euar-run/1") fail(what, `its configuration has the format ${JSON.stringify(config.format)}, expected "euar-run/1"`);
  const model = record(config.model, "model", what);
  if (typeof model.name !== "string") fail(what, "its configuration names no model");
  for (const [key, option] of Object.entries(record(model.config, "model.config", what))) {
    if (!isOption(option)) fail(what, `the model option "${key}" has a value that no option has`);
  }
  if (!isCount(record(config.train, "train", what).seed, 0)) fail(what, "its configuration has no seed");
  const data = record(config.data, "data", what);
  checkTask(record(data.task, "data.task", what), what);
  checkModalities(data.modalities, what);
  return value as RunConfig;
}

function checkTask(task: Readonly<Record<string, unknown>>, what: string): void {
  const outputs = task.kind === "regression" ? task.targets : task.kind === "classification" ? task.classes : undefined;
  if (!Array.isArray(outputs) || outputs.length === 0 || !outputs.every((name) => typeof name === "string")) fail(what, "its task has no named outputs");
}

function checkModalities(modalities: unknown, what: string): void {
  if (!Array.isArray(modalities) || modalities.length === 0) fail(what, "it has no modalities");
  const names = modalities.map((entry: unknown) => {
    const { name, width, steps } = record(entry, "a modality", what);
    if (typeof name !== "string" || !isCount(width, 1) || !isCount(steps, 1)) fail(what, "a modality has no valid name, width and number of steps");
    return name;
  });
  if (new Set(names).size < names.length) fail(what, "two of its modalities have the same name");
}

function isOption(value: unknown): boolean {
  if (typeof value === "number") return Math.abs(value) <= 1e6;
  if (Array.isArray(value)) return value.length <= 64 && value.every((item) => isCount(item, 1));
  return typeof value === "boolean" || (typeof value === "string" && /^[a-z][a-z0-9-]{0,99}$/.test(value)); // "8" would pass for a number
}

function isCount(value: unknown, least: number): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least;
}

function record(value: unknown, name: string, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) fail(what, `${name} is not an object`);
  return value as Readonly<Record<string, unknown>>;
}

function fail(what: string, reason: string): never {
  throw new CheckpointError("checkpoint.format", `${what} cannot be used: ${reason}`, { hint: "The file is damaged or was changed by hand; use the original, or train again." });
}
