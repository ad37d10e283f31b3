import { ConfigError } from "../core/errors.js";
import { modalitySubsets } from "../data/subsets.js";
import { casesPlan, curvesPlan, embeddingPlan, uncertaintyPlan } from "./figure-plans.js";
import { headlineMetrics } from "./headline-metrics.js";
import type {
  CellChoice,
  ExperimentPlan,
  NoiseColumn,
  PlannedCell,
  PlannedColumn,
  PlannedRow,
  TablePlan,
} from "./plan.js";
import { inputs, robustness } from "./robustness-plan.js";
import {
  ablations,
  awareRow,
  cleanCondition,
  euarRow,
  type ExperimentContext,
  forSubsets,
  type JobOptions,
  jobsFor,
  leftOutText,
  linearRow,
  mlpRow,
  needsTwo,
  type RowModel,
  subsetCondition,
  tableBaselines,
  tableOneModels,
  trainableRows,
} from "./rows.js";

/** Plans table 1: all modalities, every metric, with the linear model and the best single modality. */
export function table1(context: ExperimentContext): TablePlan {
  const columns = metricColumns(context);
  const clean = (): string => cleanCondition(context);
  const models = tableOneModels(context);
  return {
    kind: "table",
    name: "table1",
    title: "Table 1: all modalities",
    caption: `Every model is trained and tested with all modalities.${leftOutText(models, context)}`,
    columns,
    rows: [
      ...trainableRows(models, context).map((model) => oneModelRow(context, model, columns, clean)),
      bestSingle(context, columns, clean),
    ],
  };
}

/** Plans table 2 in both readings of "available": one model per subset, and one model for all subsets. */
export function table2(context: ExperimentContext): TablePlan[] {
  const { modalities, task } = context.data;
  const subsets = modalitySubsets(modalities);
  const columns = subsets.map((subset): PlannedColumn => ({
    label: subset.join(" + "),
    metric: headlineMetrics(task).main,
  }));
  const planned = [euarRow, awareRow, linearRow, ...tableBaselines("table2", context)];
  const models = trainableRows(planned, context);
  const retrained = models.map((model): PlannedRow => ({
    label: model.label,
    role: model.role,
    cells: subsets.map((subset) =>
      subset.length === 1 && needsTwo(model)
        ? { choices: [] }
        : single(jobsFor(context, model, { modalities: subset }), cleanCondition(context)),
    ),
  }));
  const conditionOf = (column: number): string =>
    column === subsets.length - 1 ? cleanCondition(context) : subsetCondition(subsets[column] ?? []);
  const one = models.map((model) => oneModelRow(context, model, columns, conditionOf, { train: forSubsets }));
  const missing = "Table 2: fixed missing modalities";
  return [
    {
      kind: "table",
      name: "table2-retrain",
      title: `${missing}, a model for each subset`,
      caption:
        "Every model is trained from scratch on each subset of the modalities. Methods that relate " +
        `modalities need at least two.${leftOutText(planned, context)}`,
      columns,
      rows: retrained,
    },
    {
      kind: "table",
      name: "table2-one-model",
      title: `${missing}, one model`,
      caption:
        `Trained once, with modality dropout ${forSubsets.modalityDropout}. At test time only the ` +
        `named modalities are available.${leftOutText(planned, context)}`,
      columns,
      rows: one,
    },
  ];
}

/** Plans table 3: noise at test time. */
export function table3(context: ExperimentContext): TablePlan {
  const models = [euarRow, awareRow, mlpRow, linearRow, ...tableBaselines("table3", context)];
  return { ...noisePlan(context, models), name: "table3", title: "Table 3: noise at test time" };
}

/** Plans figure 3: the full model and plain MLP experts, over noise. */
export function figure3(context: ExperimentContext): TablePlan {
  return {
    ...noisePlan(context, [euarRow, mlpRow, linearRow]),
    name: "figure3",
    title: "Figure 3: with and without Gaussian experts, under noise",
    line: { along: "columns", label: "noise" },
  };
}

function noisePlan(
  context: ExperimentContext,
  models: readonly RowModel[],
): Omit<TablePlan, "name" | "title"> {
  const { noise, data } = context;
  const columns = noise.map(({ label }): PlannedColumn => ({
    label,
    metric: headlineMetrics(data.task).main,
  }));
  const conditionOf = (column: number): string => noise[column]?.condition.label ?? cleanCondition(context);
  const rows = trainableRows(models, context).map((model) =>
    oneModelRow(context, model, columns, conditionOf),
  );
  return {
    kind: "table",
    caption: `Trained on clean data, tested with noise.${leftOutText(models, context)}`,
    columns,
    rows: [...rows, bestSingle(context, columns, conditionOf)],
  };
}

/** Plans table 4: ablation of the losses, one by one. */
export function table4(context: ExperimentContext): TablePlan {
  const columns = metricColumns(context);
  return {
    kind: "table",
    name: "table4",
    title: "Table 4: ablation of the losses",
    caption:
      "The same model without one or both of the losses on variances, and with experts without variances.",
    columns,
    rows: [euarRow, ...Object.values(ablations), mlpRow, linearRow].map((model) =>
      oneModelRow(context, model, columns, () => cleanCondition(context)),
    ),
  };
}

/** Plans figure 4: number of experts. */
export function figure4(context: ExperimentContext): TablePlan {
  const columns = metricColumns(context);
  const models = [2, 4, 8, 16, 32].map((experts): RowModel => ({
    label: `EUAR, N = ${experts}`,
    role: experts === 8 ? "euar" : "variant",
    model: "euar",
    config: { experts: { count: experts } },
  }));
  return {
    kind: "table",
    name: "figure4",
    title: "Figure 4: number of experts",
    caption: "EUAR with 2 to 32 experts per modality. Three are selected per sample, or both of two.",
    columns,
    rows: [...models, linearRow].map((model) =>
      oneModelRow(context, model, columns, () => cleanCondition(context)),
    ),
    line: { along: "rows", label: "experts" },
  };
}

/** Names of the tables and figures that `euar reproduce` makes. */
export const experimentNames = [
  "table1",
  "table2",
  "table2-retrain",
  "table2-one-model",
  "table3",
  "table4",
  "figure3",
  "figure4",
  "figure5",
  "figure6",
  "figure7",
  "uncertainty",
  "robustness",
  "inputs",
] as const;
/** Name of a table or figure, see {@link experimentNames}. */
export type ExperimentName = (typeof experimentNames)[number];

/** Experiments that need noise on the test split. */
const NOISY: readonly ExperimentName[] = ["table3", "figure3", "uncertainty", "robustness", "inputs"];

/** Halves of table 2, which has both. */
const HALVES: readonly ExperimentName[] = ["table2-retrain", "table2-one-model"];

/**
 * Returns the experiments that can run, each table once: without possible noise, all but the noise
 * experiments.
 */
export function experimentsWith(noise: readonly NoiseColumn[]): readonly ExperimentName[] {
  const whole = experimentNames.filter((name) => !HALVES.includes(name));
  return noise.length > 1 ? whole : whole.filter((name) => !NOISY.includes(name));
}

/**
 * Plans the named experiments.
 * @throws ConfigError for a single modality, or for a noise experiment on data that cannot get noise
 */
export function plansFor(names: readonly ExperimentName[], context: ExperimentContext): ExperimentPlan[] {
  if (context.data.modalities.length < 2)
    throw new ConfigError(
      "config.conflict",
      "the experiments compare ways to join modalities, but the data have only one",
      { hint: "Give data with two or more modalities." },
    );
  const without = names.find((name) => context.noise.length <= 1 && NOISY.includes(name));
  if (without !== undefined)
    throw new ConfigError(
      "config.conflict",
      `${without} needs noise on features, but a text encoder reads tokens`,
      {
        hint:
          "Give a folder of posts, whose pixels and words get the noise, or leave out --text-encoder " +
          "and give features of the adapter text/encoder.",
      },
    );
  const make: Readonly<Record<ExperimentName, () => readonly ExperimentPlan[]>> = {
    table1: () => [table1(context)],
    table2: () => table2(context),
    "table2-retrain": () => table2(context).slice(0, 1),
    "table2-one-model": () => table2(context).slice(1),
    table3: () => [table3(context)],
    table4: () => [table4(context)],
    figure3: () => [figure3(context)],
    figure4: () => [figure4(context)],
    figure5: () => [curvesPlan(context)],
    figure6: () => [embeddingPlan(context)],
    figure7: () => [casesPlan(context)],
    uncertainty: () => [uncertaintyPlan(context)],
    robustness: () => robustness(context),
    inputs: () => inputs(context),
  };
  return names.flatMap((name) => make[name]());
}

function metricColumns({ data }: ExperimentContext): PlannedColumn[] {
  return headlineMetrics(data.task).all.map((metric) => ({ label: metric, metric }));
}

/** Plans a row whose cells all come from the same runs. */
function oneModelRow(
  context: ExperimentContext,
  model: RowModel,
  columns: readonly PlannedColumn[],
  conditionOf: (column: number) => string,
  options: JobOptions = {},
): PlannedRow {
  const jobs = jobsFor(context, model, options);
  return {
    label: model.label,
    role: model.role,
    cells: columns.map((_, column) => single(jobs, conditionOf(column))),
  };
}

/** Plans EUAR on one modality, selected on the validation split. */
function bestSingle(
  context: ExperimentContext,
  columns: readonly PlannedColumn[],
  conditionOf: (column: number) => string,
): PlannedRow {
  const each = context.data.modalities.map((modality) => ({
    modality,
    jobs: jobsFor(context, euarRow, { modalities: [modality] }),
  }));
  const cells = columns.map((_, column): PlannedCell => ({
    choices: each.map(({ modality, jobs }): CellChoice => ({
      note: modality,
      jobs,
      conditions: [{ label: conditionOf(column), weight: 1 }],
    })),
  }));
  return { label: "Best single modality (EUAR)", role: "baseline", cells };
}

function single(jobs: CellChoice["jobs"], condition: string): PlannedCell {
  return { choices: [{ note: "", jobs, conditions: [{ label: condition, weight: 1 }] }] };
}
