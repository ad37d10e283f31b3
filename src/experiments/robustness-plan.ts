import { syntheticKinds } from "../data/synthetic/corrupt-view.js";
import { euarPresets } from "../models/euar-presets.js";
import { headlineMetrics } from "./headline-metrics.js";
import { spearmanOf } from "./measured-value.js";
import { areaWeights, meanOverSeries } from "./noise-series.js";
import type { TablePlan, WeightedCondition } from "./plan.js";
import {
  awareRow,
  baselineRows,
  cleanCondition,
  euarRow,
  type ExperimentContext,
  jobsFor,
  linearRow,
  mlpRow,
  type RowModel,
  tableOneModels,
} from "./rows.js";

/** Corrupted copies as in the preset aware, for models without its other parts. */
const { copies: kinds, copiesKeep } = euarPresets.aware.train;
const copies = { copies: kinds, copiesKeep };

const statistics = { inputStatistics: true };

/** Simple models that train on the same corrupted copies as the preset aware. */
const withCopies = {
  linear: { label: "Linear, with corrupted copies", role: "baseline", model: "linear", train: copies },
  concat: { label: "Concat, with corrupted copies", role: "baseline", model: "concat", train: copies },
} as const satisfies Readonly<Record<string, RowModel>>;

/** Simple models with the corrupted copies and the statistics of each input. */
const withBoth = {
  linear: {
    label: "Linear, with copies and statistics",
    role: "baseline",
    model: "linear",
    config: statistics,
    train: copies,
  },
  concat: {
    label: "Concat, with copies and statistics",
    role: "baseline",
    model: "concat",
    config: statistics,
    train: copies,
  },
} as const satisfies Readonly<Record<string, RowModel>>;

/**
 * Plans the robustness tables: the area under a metric over rising noise levels, for every kind of noise, for
 * the preset aware and all other models. Adds how well uncertainty follows the true severity.
 */
export function robustness(context: ExperimentContext): TablePlan[] {
  const models: RowModel[] = [
    { ...awareRow, role: "euar" },
    { ...euarRow, role: "variant" },
    mlpRow,
    ...Object.values(withCopies),
    ...Object.values(withBoth),
    ...tableOneModels(context).filter(({ model }) => model !== "euar"),
  ];
  return [
    ...areaTables(context, "robustness", "Robustness", models),
    ...severityTable(context, "robustness"),
  ];
}

/**
 * Plans the tables that show how much of the preset aware's advantage comes from its inputs: simple models
 * with and without its copies and statistics. The rows are among those of {@link robustness} and share their
 * runs.
 */
export function inputs(context: ExperimentContext): TablePlan[] {
  const models: RowModel[] = [
    { ...awareRow, role: "euar" },
    withBoth.concat,
    withCopies.concat,
    ...baselineRows(["concat"], context),
    linearRow,
  ];
  return [
    ...areaTables(context, "inputs", "The same inputs for simple models", models),
    ...severityTable(context, "inputs"),
  ];
}

function areaTables(
  context: ExperimentContext,
  name: string,
  title: string,
  models: readonly RowModel[],
): TablePlan[] {
  const { task } = context.data;
  const { main } = headlineMetrics(task);
  const table = (part: string, metric: string): TablePlan =>
    areaTable(
      context,
      { name: `${name}${part}`, title: `${title}: area under ${metric} over noise` },
      metric,
      models,
    );
  return [table("", main), ...(task.kind === "regression" && main !== "MAE" ? [table("-mae", "MAE")] : [])];
}

/**
 * Plans the correlation of uncertainty with the true severity. No table if the data do not state the
 * corruption.
 */
function severityTable(context: ExperimentContext, name: string): TablePlan[] {
  if (!context.undamaged) return [];
  const models: RowModel[] = [
    { ...awareRow, role: "euar" },
    ...(name === "robustness" ? [{ ...euarRow, role: "variant" as const }] : []),
    { ...withBoth.concat, label: "Largest robust z-score of the statistics, untrained" },
  ];
  const clean = cleanCondition(context);
  return [
    {
      kind: "table",
      name: `${name}-severity`,
      title: "Does uncertainty follow the corruption?",
      caption:
        "Spearman correlation of a modality's uncertainty with the true severity of its corruption, " +
        "mean over the modalities. Columns of one kind compare its samples with the clean ones. The " +
        "untrained row has no weights; its statistics are fitted to the training split.",
      columns: [undefined, ...syntheticKinds].map((kind) => ({
        label: kind ?? "all",
        metric: spearmanOf(kind),
      })),
      rows: models.map((model) => {
        const jobs = jobsFor(context, model);
        const choice = { note: "", jobs, conditions: [{ label: clean, weight: 1 }] };
        return {
          label: model.label,
          role: model.role,
          cells: [undefined, ...syntheticKinds].map(() => ({ choices: [choice] })),
        };
      }),
    },
  ];
}

function areaTable(
  context: ExperimentContext,
  { name, title }: { readonly name: string; readonly title: string },
  metric: string,
  models: readonly RowModel[],
): TablePlan {
  const { series, undamaged } = context;
  const columns: { readonly label: string; readonly conditions: readonly WeightedCondition[] }[] = [
    ...(undamaged ? [{ label: "undamaged", conditions: [{ label: undamaged.label, weight: 1 }] }] : []),
    { label: "without noise", conditions: [{ label: cleanCondition(context), weight: 1 }] },
    { label: "mean of the areas", conditions: meanOverSeries(series) },
    ...series.map((one) => ({ label: one.label, conditions: areaWeights(one) })),
  ];
  return {
    kind: "table",
    name,
    title,
    caption:
      "Mean height of the metric's curve over rising noise levels at test time, by kind of " +
      `noise.${
        undamaged
          ? ' "Undamaged" uses the same samples without the corruption in the data; all other columns ' +
            "include it."
          : ""
      } ` +
      "Every row is compared with the preset aware.",
    columns: columns.map(({ label }) => ({ label, metric })),
    rows: models.map((model) => {
      const jobs = jobsFor(context, model);
      return {
        label: model.label,
        role: model.role,
        cells: columns.map(({ conditions }) => ({ choices: [{ note: "", jobs, conditions }] })),
      };
    }),
  };
}
