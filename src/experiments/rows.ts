import { layAllOver } from "../core/nested-options.js";
import type { Task } from "../data/dataset.js";
import type { LabelOptions } from "../data/formats/load-options.js";
import type { TextEncoderOptions } from "../encoders/text-encoder-config.js";
import type { PaperTable } from "../models/define-model.js";
import {
  type BuiltInChoice,
  builtInModels,
  modelNamed,
  type ModelName,
  presetNamed,
  resolveModelConfig,
} from "../models/registry.js";
import { modalitySubsets } from "../data/subsets.js";
import { type Job, type JobCondition, jobSchema } from "./job.js";
import type { NamedCondition, NoiseColumn, NoiseSeries, RowRole } from "./plan.js";
import type { Recipe } from "./recipe.js";

/** Data that experiments run on. */
export interface ExperimentData {
  readonly source: string;
  /** Label options that the user states. */
  readonly labels?: LabelOptions | undefined;
  /** Encoder inside the models, which reads the modality "text". */
  readonly encoder?: TextEncoderOptions | undefined;
  readonly task: Task;
  readonly modalities: readonly string[];
}

export interface ExperimentContext {
  readonly data: ExperimentData;
  readonly seeds: readonly number[];
  readonly recipe: Recipe;
  /** Arithmetic of the kernels. Default: exact. */
  readonly arithmetic?: "fast" | undefined;
  /** Noise to measure the test split under. The first entry is without noise. */
  readonly noise: readonly NoiseColumn[];
  /** Series of rising noise levels, for the areas under metrics. */
  readonly series: readonly NoiseSeries[];
  /** The same test samples without the corruption in the data, if available. */
  readonly undamaged?: NamedCondition | undefined;
}

interface RowBase {
  readonly label: string;
  readonly role: RowRole;
  /** Training options that override its recipe. */
  readonly train?: Readonly<Record<string, unknown>>;
}

/** Model that forms a row of tables: an option that the model does not have does not compile. */
export type RowModel = {
  [Choice in BuiltInChoice as Choice["name"]]: RowBase & {
    readonly model: Choice["name"];
    /** Preset of the model. */
    readonly preset?: NonNullable<Choice["preset"]>;
    /** Model options that override its recipe. */
    readonly config?: NonNullable<Choice["config"]>;
  };
}[ModelName];

export const euarRow: RowModel = { label: "EUAR", role: "euar", model: "euar" };
export const awareRow: RowModel = {
  label: "EUAR, preset aware",
  role: "variant",
  model: "euar",
  preset: "aware",
};
export const mlpRow: RowModel = {
  label: "EUAR, plain MLP experts",
  role: "variant",
  model: "euar",
  preset: "mlp-experts",
};
export const linearRow: RowModel = { label: "Linear", role: "baseline", model: "linear" };

/** EUAR without one or both of the losses on variances. */
export const ablations = {
  withoutKl: {
    label: "without L_kl",
    role: "variant",
    model: "euar",
    config: { losses: { kl: null } },
  },
  withoutU: {
    label: "without L_u",
    role: "variant",
    model: "euar",
    config: { losses: { uncertainty: null } },
  },
  withoutBoth: {
    label: "without L_kl and L_u",
    role: "variant",
    model: "euar",
    config: { losses: { kl: null, uncertainty: null } },
  },
} as const satisfies Readonly<Record<string, RowModel>>;

/** Returns true if the model relates modalities to each other and so needs at least two. */
export function needsTwo({ model }: RowModel): boolean {
  return modelNamed(model).leastModalities > 1;
}

/**
 * Returns the rows that can be trained on the data. Corrupted copies change features, so rows with copies are
 * left out if an encoder reads tokens.
 */
export function trainableRows(rows: readonly RowModel[], { data }: ExperimentContext): readonly RowModel[] {
  return data.encoder ? rows.filter((row) => !needsCopies(row)) : rows;
}

/** Lists the rows that are left out, for a caption. Empty if there are none. */
export function leftOutText(rows: readonly RowModel[], context: ExperimentContext): string {
  const kept = trainableRows(rows, context);
  const gone = rows.filter((row) => !kept.includes(row)).map(({ label }) => label);
  return gone.length === 0
    ? ""
    : ` Left out, because copies change features but the text here is tokens: ${gone.join("; ")}.`;
}

function needsCopies({ model, preset, train }: RowModel): boolean {
  const copies = { ...presetNamed(modelNamed(model), preset).train, ...train }["copies"];
  return Array.isArray(copies) && copies.length > 0;
}

/** Returns the baselines of a table of the paper that support the task. */
export function tableBaselines(table: PaperTable, context: ExperimentContext): RowModel[] {
  const names = builtInModels.filter(({ tables }) => tables.includes(table)).map(({ name }) => name);
  return baselineRows(names, context);
}

/** Returns those of the given baselines that support the task, in their order. */
export function baselineRows(
  names: readonly ModelName[],
  { data }: { readonly data: Pick<ExperimentData, "task"> },
): RowModel[] {
  return names.flatMap((model): RowModel[] => {
    const { label, tasks } = modelNamed(model);
    return tasks.includes(data.task.kind) ? [{ label, role: "baseline", model }] : [];
  });
}

/** Returns the models of table 1. */
export function tableOneModels(context: ExperimentContext): RowModel[] {
  return [euarRow, awareRow, linearRow, ...tableBaselines("table1", context)];
}

/** Returns the label of the condition without noise, with all modalities. */
export function cleanCondition({ noise }: ExperimentContext): string {
  return noise[0]?.condition.label ?? "clean";
}

/** Returns the label of the condition with only a subset of the modalities. */
export function subsetCondition(subset: readonly string[]): string {
  return subset.join("+");
}

/** Returns the models whose joint features are shown. */
export function embeddedModels(context: ExperimentContext): RowModel[] {
  return [euarRow, awareRow, mlpRow, linearRow, ...baselineRows(["concat", "dicmor"], context)];
}

/**
 * Returns all conditions that a trained model is measured under, for every table, so that tables share their
 * runs. Models of all modalities are measured under rising noise and on every subset of the modalities. For
 * models with modality dropout, the first seed also gives joint features (figure 6) and, for EUAR,
 * diagnostics of single samples (figure 7), with all modalities and with each one missing.
 */
function conditionsFor(
  context: ExperimentContext,
  model: RowModel,
  modalities: readonly string[],
  train: JobOptions["train"],
  seed: number,
): Partial<JobCondition>[] {
  const { data, noise, series, seeds, undamaged } = context;
  const first = train !== undefined && seed === seeds[0];
  const shown = {
    ...(first &&
      embeddedModels(context).some(({ label }) => label === model.label) && { embed: true as const }),
    ...(first && model.role === "euar" && { samples: true as const }),
  };
  const [clean, ...others] = noise.map(({ condition }) => condition);
  const whole = modalities.length === data.modalities.length;
  const rising = whole
    ? series
        .flatMap(({ points }) => points.map(({ condition }) => condition))
        .filter(({ label }) => label !== clean?.label)
    : [];
  const twin = whole && undamaged ? [undamaged] : [];
  const noisy = [
    ...new Map([...others, ...rising, ...twin].map((condition) => [condition.label, condition])).values(),
  ];
  const subsets = whole ? modalitySubsets(modalities).slice(0, -1) : [];
  return [
    { ...clean, ...shown },
    ...noisy,
    ...subsets.map((subset) => ({
      label: subsetCondition(subset),
      available: subset,
      ...(subset.length === modalities.length - 1 && shown),
    })),
  ];
}

/** Training options with which one model serves all subsets. */
export const forSubsets = { modalityDropout: 0.3 } as const;

export interface JobOptions {
  /** Modalities to use. Default: all. */
  readonly modalities?: readonly string[];
  /** Training options that override all others. */
  readonly train?: typeof forSubsets;
}

/** Returns a row's jobs with the conditions of the paper's tables, one per seed. */
export function jobsFor(context: ExperimentContext, row: RowModel, options: JobOptions = {}): Job[] {
  const { modalities = context.data.modalities, train } = options;
  return jobsWith(context, row, options, (seed) => conditionsFor(context, row, modalities, train, seed));
}

/**
 * Returns a row's jobs with these conditions, one per seed. Each job contains the complete options, so that
 * its hash does not change if defaults change later.
 */
export function jobsWith(
  { data, seeds, recipe, arithmetic }: Pick<ExperimentContext, "data" | "seeds" | "recipe" | "arithmetic">,
  row: RowModel,
  { modalities = data.modalities, train }: JobOptions,
  conditionsOf: (seed: number) => readonly Partial<JobCondition>[],
): Job[] {
  const own = trainingOf(row, recipe);
  return seeds.map((seed) =>
    jobSchema.parse({
      data: {
        source: data.source,
        modalities: [...modalities],
        ...(data.labels && { labels: data.labels }),
      },
      ...(data.encoder && modalities.includes("text") && { encoder: data.encoder }),
      model: own.model,
      train: { ...own.train, ...train },
      seed,
      ...(arithmetic && { arithmetic }),
      conditions: conditionsOf(seed),
    }),
  );
}

/** Returns the complete options of a row's model, and its training options. */
export function trainingOf(
  { model, preset, config, train }: RowModel,
  recipe: Recipe,
): Pick<Job, "model" | "train"> {
  const own = recipe.models[model];
  // a preset's options are changes to the paper's model; they leave a recipe's widths and rates unchanged
  const { config: changes, train: presetTrain } = presetNamed(modelNamed(model), preset);
  const chosen = preset === undefined ? undefined : own?.presets?.[preset];
  return {
    model: {
      name: model,
      config: resolveModelConfig(model, layAllOver(own?.config ?? {}, changes, chosen?.config, config)),
    },
    train: { ...presetTrain, ...recipe.train, ...own?.train, ...chosen?.train, ...train },
  };
}
