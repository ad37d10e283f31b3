import { regimeNames as damageKinds } from "../data/corrupt/regimes.js";
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

/** What the preset aware sees in training beside the samples, for models that have nothing else of it. */
const { copies: regimes, copiesKeep } = euarPresets.aware.train;
const copies = { copies: regimes, copiesKeep };

const statistics = { inputStatistics: true };

/** Simple models that see in training what the preset aware sees: the corrupted copies. */
const withCopies = {
  linear: { label: "Linear, with corrupted copies", role: "baseline", model: "linear", train: copies },
  concat: { label: "Concat, with corrupted copies", role: "baseline", model: "concat", train: copies },
} as const satisfies Readonly<Record<string, RowModel>>;

/** And that also read what it reads: the copies and the statistics of each input. */
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
 * The area under a metric over rising noise, for every kind of noise: the preset aware, which is made for it,
 * against all others; and how its uncertainty follows the damage.
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
 * What of the preset aware's lead is due to its inputs: simple models without and with the copies and the
 * statistics that it has. The rows are among those of {@link robustness}, and share their runs.
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

/** Where the data say how they were damaged: does the uncertainty of a modality follow it? */
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
      title: "Does uncertainty follow the damage?",
      caption:
        "Spearman's correlation of a modality's uncertainty with the true severity of its damage, mean over the modalities; of one kind: over its samples and the clean ones. The untrained row is fitted to the training split and has no weights.",
      columns: [undefined, ...damageKinds].map((kind) => ({
        label: kind ?? "all",
        metric: spearmanOf(kind),
      })),
      rows: models.map((model) => {
        const jobs = jobsFor(context, model);
        const choice = { note: "", jobs, conditions: [{ label: clean, weight: 1 }] };
        return {
          label: model.label,
          role: model.role,
          cells: [undefined, ...damageKinds].map(() => ({ choices: [choice] })),
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
    caption: `The mean height of the line over rising noise at test time, by kind of noise.${undamaged ? " Undamaged are the same samples without the damage that the data have; without noise, and under it, they have it." : ""} Every row is compared with the preset aware.`,
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
