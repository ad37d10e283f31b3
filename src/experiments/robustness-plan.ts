import { trainPresets } from "../train/resolve-train-config.js";
import { headlineMetrics } from "./headline-metrics.js";
import { areaWeights, meanOverSeries } from "./noise-series.js";
import type { TablePlan, WeightedCondition } from "./plan.js";
import {
  awareRow,
  cleanCondition,
  euarRow,
  type ExperimentContext,
  jobsFor,
  mlpRow,
  type RowModel,
  tableOneModels,
} from "./rows.js";

/** What the preset aware sees in training beside the samples, for models that have nothing else of it. */
const { copies: regimes, copiesKeep } = trainPresets.aware;
const copies = { copies: regimes, copiesKeep };

/**
 * Simple models with what the preset aware is trained on: what of its robustness comes from seeing damage.
 */
const withCopies: readonly RowModel[] = [
  { label: "Linear, with corrupted copies", role: "baseline", model: "linear", train: copies },
  { label: "Concat, with corrupted copies", role: "baseline", model: "concat", train: copies },
];

/**
 * The area under a metric over rising noise, for every kind of noise: the preset aware, which is made for it,
 * against all others.
 */
export function robustness(context: ExperimentContext): TablePlan[] {
  const { task } = context.data;
  const { main } = headlineMetrics(task);
  return [
    areaTable(context, "robustness", main),
    ...(task.kind === "regression" && main !== "MAE" ? [areaTable(context, "robustness-mae", "MAE")] : []),
  ];
}

function areaTable(context: ExperimentContext, name: string, metric: string): TablePlan {
  const { series, undamaged } = context;
  const columns: { readonly label: string; readonly conditions: readonly WeightedCondition[] }[] = [
    ...(undamaged ? [{ label: "undamaged", conditions: [{ label: undamaged.label, weight: 1 }] }] : []),
    { label: "without noise", conditions: [{ label: cleanCondition(context), weight: 1 }] },
    { label: "mean of the areas", conditions: meanOverSeries(series) },
    ...series.map((one) => ({ label: one.label, conditions: areaWeights(one) })),
  ];
  const models: RowModel[] = [
    { ...awareRow, role: "euar" },
    { ...euarRow, role: "variant" },
    mlpRow,
    ...withCopies,
    ...tableOneModels(context).filter(({ model }) => model !== "euar"),
  ];
  return {
    kind: "table",
    name,
    title: `Robustness: area under ${metric} over noise`,
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
