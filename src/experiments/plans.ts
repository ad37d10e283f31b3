import { ConfigError } from "../core/errors.js";
import { modalitySubsets } from "../data/subsets.js";
import type { Condition } from "./job.js";
import type { CellChoice, ExperimentPlan, PlannedCell, PlannedColumn, PlannedRow } from "./plan.js";
import { awareRow, baselineRows, euarRow, needsTwo, type ExperimentContext, type JobOptions, jobsFor, linearRow, mlpRow, type RowModel } from "./rows.js";

const ALL = "all";
/** The metric that decides, and the others, as the paper's tables have them. */
const METRICS = {
  regression: { main: "Non0_acc_2", all: ["Non0_acc_2", "Non0_F1_score", "Mult_acc_7", "MAE", "Corr"] },
  classification: { main: "Accuracy", all: ["Accuracy", "Weighted_F1", "Macro_F1"] },
} as const;

/** What noise the test split can get. */
export interface NoiseColumn {
  readonly label: string;
  readonly condition: Partial<Condition> & { readonly label: string };
  /** Of the paper's Table 3: salt and pepper at 5 and 10, Gaussian at 5 and 10. */
  readonly paper?: "clean" | "salt-5" | "salt-10" | "gaussian-5" | "gaussian-10";
}

const TABLE_3: Readonly<Record<string, Readonly<Record<NonNullable<NoiseColumn["paper"]>, number>>>> = {
  Concat: { clean: 70.44, "salt-5": 57.98, "salt-10": 44.51, "gaussian-5": 59.97, "gaussian-10": 53.2 },
  "Late fusion": { clean: 69.16, "salt-5": 56.27, "salt-10": 41.22, "gaussian-5": 59.63, "gaussian-10": 51.99 },
  Align: { clean: 70.31, "salt-5": 57.54, "salt-10": 43.01, "gaussian-5": 59.47, "gaussian-10": 51.74 },
  MMTM: { clean: 71.04, "salt-5": 59.45, "salt-10": 44.59, "gaussian-5": 60.37, "gaussian-10": 52.28 },
  TMC: { clean: 71.06, "salt-5": 59.34, "salt-10": 44.65, "gaussian-5": 61.04, "gaussian-10": 53.36 },
  QMF: { clean: 70.09, "salt-5": 58.5, "salt-10": 45.69, "gaussian-5": 61.62, "gaussian-10": 55.6 },
  EUAR: { clean: 71.71, "salt-5": 61.35, "salt-10": 46.63, "gaussian-5": 63.15, "gaussian-10": 57.79 },
};

/** Table 1: all modalities, every metric, beside the linear model and the best single modality. */
export function table1(context: ExperimentContext): ExperimentPlan {
  const columns = metricColumns(context);
  const models = [euarRow, awareRow, linearRow, ...baselineRows(["concat", "late-fusion", "align", "mmtm", "tmc", "qmf", "dcca", "mctn", "mmin", "gcnet", "dicmor"], context)];
  return {
    name: "table1",
    title: "Table 1: all modalities",
    caption: "Every model trained and tested with all modalities.",
    columns,
    rows: [...models.map((model) => oneModelRow(context, model, columns, [{ label: ALL }], () => ALL)), bestSingle(context, columns, [{ label: ALL }], () => ALL)],
  };
}

/** Table 2, both readings of "available": a model for each subset, and one model for all of them. */
export function table2(context: ExperimentContext): ExperimentPlan[] {
  const { modalities } = context.data;
  const subsets = modalitySubsets(modalities);
  const columns = subsets.map((subset): PlannedColumn => ({ label: subset.join(" + "), metric: METRICS[context.data.task.kind].main }));
  const models = [euarRow, awareRow, linearRow, ...baselineRows(["concat", "late-fusion", "dcca", "mctn", "mmin", "gcnet", "dicmor"], context)];
  const retrained = models.map((model): PlannedRow => ({
    label: model.label,
    role: model.role,
    cells: subsets.map((subset) => (subset.length === 1 && needsTwo(model) ? { choices: [] } : single(jobsFor(context, model, { conditions: [{ label: ALL }], modalities: subset }), ALL))),
  }));
  const conditions = subsets.map((subset) => ({ label: subset.join("+"), available: [...subset] }));
  const one = models.map((model) => oneModelRow(context, model, columns, conditions, (column) => conditions[column]?.label ?? ALL, { train: { modalityDropout: 0.3 } }));
  return [
    { name: "table2-retrain", title: "Table 2: fixed missing modalities, a model for each subset", caption: "Every model is trained anew on each subset of the modalities; methods that relate modalities need two.", columns, rows: retrained },
    { name: "table2-one-model", title: "Table 2: fixed missing modalities, one model", caption: "Trained once, with modality dropout 0.3; at test time only the modalities named are available.", columns, rows: one },
  ];
}

/** Table 3: noise at test time. */
export function table3(context: ExperimentContext, noise: readonly NoiseColumn[]): ExperimentPlan {
  const models = [euarRow, awareRow, mlpRow, linearRow, ...baselineRows(["concat", "late-fusion", "align", "mmtm", "tmc", "qmf"], context)];
  return { ...noisePlan(context, models, noise), name: "table3", title: "Table 3: noise at test time" };
}

/** Figure 3: the full model against plain MLP experts, over noise. */
export function figure3(context: ExperimentContext, noise: readonly NoiseColumn[]): ExperimentPlan {
  return { ...noisePlan(context, [euarRow, mlpRow, linearRow], noise), name: "figure3", title: "Figure 3: with and without Gaussian experts, under noise", line: { along: "columns", label: "noise" } };
}

function noisePlan(context: ExperimentContext, models: readonly RowModel[], noise: readonly NoiseColumn[]): Omit<ExperimentPlan, "name" | "title"> {
  const columns = noise.map(({ label }): PlannedColumn => ({ label, metric: METRICS[context.data.task.kind].main }));
  const conditions = noise.map(({ condition }) => condition);
  const labelOf = (column: number): string => conditions[column]?.label ?? ALL;
  const rows = models.map((model): PlannedRow => {
    const published = TABLE_3[model.label];
    const row = oneModelRow(context, model, columns, conditions, labelOf);
    return published ? { ...row, paper: noise.map(({ paper }) => (paper === undefined ? null : published[paper])) } : row;
  });
  const caption = "Trained on clean data, tested with noise.";
  return { caption, columns, rows: [...rows, bestSingle(context, columns, conditions, labelOf)] };
}

/** Table 4: the losses, one by one. */
export function table4(context: ExperimentContext): ExperimentPlan {
  const columns = metricColumns(context);
  const ablations: RowModel[] = [
    { label: "without L_kl", role: "variant", model: "euar", config: { alpha: 0 } },
    { label: "without L_u", role: "variant", model: "euar", config: { lambda: 0 } },
    { label: "without L_kl and L_u", role: "variant", model: "euar", config: { alpha: 0, lambda: 0 } },
  ];
  const models = [euarRow, ...ablations, mlpRow, linearRow];
  return {
    name: "table4",
    title: "Table 4: ablation of the losses",
    caption: "The same model without one or both of the losses on variances, and with experts that have none.",
    columns,
    rows: models.map((model) => oneModelRow(context, model, columns, [{ label: ALL }], () => ALL)),
  };
}

/** Figure 4: how many experts. */
export function figure4(context: ExperimentContext): ExperimentPlan {
  const columns = metricColumns(context);
  const models = [2, 4, 8, 16, 32].map((experts): RowModel => ({ label: `EUAR, N = ${experts}`, role: experts === 8 ? "euar" : "variant", model: "euar", config: { experts } }));
  return {
    name: "figure4",
    title: "Figure 4: number of experts",
    caption: "EUAR with 2 to 32 experts per modality; three are chosen for each sample, or both of two.",
    columns,
    rows: [...models, linearRow].map((model) => oneModelRow(context, model, columns, [{ label: ALL }], () => ALL)),
    line: { along: "rows", label: "experts" },
  };
}

export const experimentNames = ["table1", "table2", "table3", "table4", "figure3", "figure4"] as const;
export type ExperimentName = (typeof experimentNames)[number];

/** @throws ConfigError for one modality alone */
export function plansFor(names: readonly ExperimentName[], context: ExperimentContext, noise: readonly NoiseColumn[]): ExperimentPlan[] {
  if (context.data.modalities.length < 2) throw new ConfigError("config.conflict", "the experiments compare ways to join modalities, and the data have one", { hint: "Give data with two modalities or more." });
  const make: Readonly<Record<ExperimentName, () => readonly ExperimentPlan[]>> = {
    table1: () => [table1(context)],
    table2: () => table2(context),
    table3: () => [table3(context, noise)],
    table4: () => [table4(context)],
    figure3: () => [figure3(context, noise)],
    figure4: () => [figure4(context)],
  };
  return names.flatMap((name) => make[name]());
}

function metricColumns({ data }: ExperimentContext): PlannedColumn[] {
  return METRICS[data.task.kind].all.map((metric) => ({ label: metric, metric }));
}

/** A row whose cells all come from the same runs. */
function oneModelRow(context: ExperimentContext, model: RowModel, columns: readonly PlannedColumn[], conditions: JobOptions["conditions"], conditionOf: (column: number) => string, more: Partial<JobOptions> = {}): PlannedRow {
  const jobs = jobsFor(context, model, { conditions, ...more });
  return { label: model.label, role: model.role, cells: columns.map((_, column) => single(jobs, conditionOf(column))) };
}

/** EUAR on one modality: the one that is best on validation. */
function bestSingle(context: ExperimentContext, columns: readonly PlannedColumn[], conditions: JobOptions["conditions"], conditionOf: (column: number) => string): PlannedRow {
  const each = context.data.modalities.map((modality) => ({ modality, jobs: jobsFor(context, euarRow, { conditions, modalities: [modality] }) }));
  const cells = columns.map((_, column): PlannedCell => ({ choices: each.map(({ modality, jobs }): CellChoice => ({ note: modality, jobs, condition: conditionOf(column) })) }));
  return { label: "Best single modality (EUAR)", role: "baseline", cells };
}

function single(jobs: CellChoice["jobs"], condition: string): PlannedCell {
  return { choices: [{ note: "", jobs, condition }] };
}
