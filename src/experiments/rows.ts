import { ConfigError } from "../core/errors.js";
import type { Task } from "../data/dataset.js";
import { modelNames, resolveModelConfig } from "../models/registry.js";
import { trainPresets } from "../train/resolve-train-config.js";
import { type Condition, type Job, jobSchema } from "./job.js";
import type { RowRole } from "./plan.js";
import type { Recipe } from "./recipe.js";

/** What experiments are made of. */
export interface ExperimentData {
  readonly source: string;
  readonly task: Task;
  readonly modalities: readonly string[];
}

export interface ExperimentContext {
  readonly data: ExperimentData;
  readonly seeds: readonly number[];
  readonly recipe: Recipe;
}

/** A model as a row of tables. */
export interface RowModel {
  readonly label: string;
  readonly role: RowRole;
  readonly model: string;
  /** Of the model euar. */
  readonly preset?: string;
  /** Options of the model over its recipe. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export const euarRow: RowModel = { label: "EUAR", role: "euar", model: "euar" };
export const awareRow: RowModel = { label: "EUAR, preset aware", role: "variant", model: "euar", preset: "aware" };
export const mlpRow: RowModel = { label: "EUAR, plain MLP experts", role: "variant", model: "euar", preset: "mlp-experts" };
export const linearRow: RowModel = { label: "Linear", role: "baseline", model: "linear" };

/** As tables call them. */
const BASELINE_LABELS: Readonly<Record<string, string>> = { concat: "Concat", "late-fusion": "Late fusion", align: "Align", mmtm: "MMTM", tmc: "TMC", qmf: "QMF", mmin: "MMIN", dcca: "DCCA", mctn: "MCTN", dicmor: "DiCMoR", gcnet: "GCNet" };

/** Methods that are defined by the probabilities of classes. */
const CLASSES_ONLY: readonly string[] = ["tmc", "qmf"];

/** Methods that relate modalities to each other: of one there is nothing to relate. */
const RELATING: readonly string[] = ["dcca", "mctn", "mmin", "dicmor", "gcnet"];

export function needsTwo({ model }: RowModel): boolean {
  return RELATING.includes(model);
}

/** The baselines of a table that this package has and that fit the task, in the order of their names here. */
export function baselineRows(names: readonly string[], { data }: ExperimentContext): RowModel[] {
  return names
    .filter((name) => modelNames.includes(name) && (data.task.kind === "classification" || !CLASSES_ONLY.includes(name)))
    .map((name) => ({ label: BASELINE_LABELS[name] ?? name, role: "baseline", model: name }));
}

export interface JobOptions {
  readonly conditions: readonly Partial<Condition>[];
  /** Default: all. */
  readonly modalities?: readonly string[];
  /** Over everything else. */
  readonly train?: Readonly<Record<string, unknown>>;
}

/** A row's jobs, one per seed. The complete options are written into each, so that its hash does not depend on what defaults are later. */
export function jobsFor({ data, seeds, recipe }: ExperimentContext, { model, preset, config }: RowModel, { conditions, modalities, train }: JobOptions): Job[] {
  const own = recipe.models[model];
  const presetTrain = preset === undefined ? {} : presetNamed(preset);
  return seeds.map((seed) =>
    jobSchema.parse({
      data: { source: data.source, modalities: [...(modalities ?? data.modalities)] },
      model: { name: model, config: resolveModelConfig(model, { ...own?.config, ...presetModel(preset), ...config }) },
      train: { ...presetTrain, ...recipe.train, ...own?.train, ...train },
      seed,
      conditions,
    }),
  );
}

/** What a preset adds to a recipe: its differences from the paper's, which say nothing of widths or rates. */
function presetModel(preset: string | undefined): Readonly<Record<string, unknown>> {
  if (preset === undefined) return {};
  const [changed, plain] = [resolveModelConfig("euar", {}, preset), resolveModelConfig("euar", {}, "paper")];
  return Object.fromEntries(Object.entries(changed).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(plain[key])));
}

function presetNamed(name: string): Readonly<Record<string, unknown>> {
  const found = Object.entries(trainPresets).find(([known]) => known === name)?.[1];
  if (!found) throw new ConfigError("config.invalid", `there is no preset "${name}"`);
  return found;
}
