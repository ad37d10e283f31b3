import { type ResolvedCondition, resolveConditions } from "../protocols/conditions.js";
import { corruptsMedia } from "../protocols/media-conditions.js";
import type { Protocol } from "../protocols/protocol-schema.js";
import { showCorruption } from "../corruption/corruption.js";
import { ConfigError } from "../core/errors.js";
import type { Task } from "../data/dataset.js";
import { headlineMetrics } from "./headline-metrics.js";
import { areaWeights } from "./noise-series.js";
import type { NamedCondition, NoiseSeries, TablePlan, WeightedCondition } from "./plan.js";
import { type ExperimentContext, jobsWith, type RowModel } from "./rows.js";

/** Column of a summary: conditions to average over. */
interface ProtocolColumn {
  readonly label: string;
  readonly conditions: readonly WeightedCondition[];
}

/**
 * Plans two tables of a protocol: its summary (with the mean of each group), and every condition. All models
 * are trained once on all modalities.
 *
 * @throws ConfigError "config.conflict" for a protocol that retrains models or corrupts raw media
 * @throws ConfigError, DataError as `resolveConditions`
 */
export function protocolPlans(
  protocol: Protocol,
  rows: readonly RowModel[],
  context: Pick<ExperimentContext, "data" | "seeds" | "recipe" | "arithmetic">,
): TablePlan[] {
  requireOneModel(protocol);
  const conditions = resolveConditions(protocol, context.data.modalities);
  const named = conditions.map((one) => namedCondition(one, protocol, context.data.modalities));
  const planned = rows.map((row) => ({ ...row, jobs: jobsWith(context, row, {}, () => named) }));
  const table = (
    columns: readonly (ProtocolColumn & { readonly metric: string })[],
  ): Pick<TablePlan, "kind" | "columns" | "rows"> => ({
    kind: "table",
    columns: columns.map(({ label, metric }) => ({ label, metric })),
    rows: planned.map(({ label, role, jobs }) => ({
      label,
      role,
      cells: columns.map(({ conditions: weighted }) => ({
        choices: [{ note: "", jobs, conditions: weighted }],
      })),
    })),
  });
  const [main, ...others] = metricsOf(context.data.task);
  const caption = `Protocol ${protocol.name}, seed ${protocol.seed}. ${protocol.description ?? ""}`.trim();
  const summary = summaryColumns(protocol, conditions);
  return [
    {
      ...table([main, ...others].flatMap((metric) => summary.map((one) => ({ ...one, metric })))),
      name: "protocol",
      title: `Protocol ${protocol.name}: summary`,
      caption,
    },
    {
      ...table(
        conditions.map(({ name }) => ({
          label: name,
          conditions: [{ label: name, weight: 1 }],
          metric: main,
        })),
      ),
      name: "protocol-conditions",
      title: `Protocol ${protocol.name}: every condition`,
      caption,
      ...(protocol.summary === "auilc" && { line: { along: "columns" as const, label: "condition" } }),
    },
  ];
}

function requireOneModel(protocol: Protocol): void {
  const { name, models } = protocol;
  if (models === "retrain")
    throw new ConfigError("config.conflict", `the protocol ${name} trains a model for each condition`, {
      hint: "Use euar reproduce table2-retrain, which does this for every subset of the modalities.",
    });
  if (corruptsMedia(protocol))
    throw new ConfigError("config.conflict", `the protocol ${name} corrupts raw media`, {
      hint: "Use euar extract --copies --test-copies, and euar reproduce damage.",
    });
}

function metricsOf(task: Task): [string, ...string[]] {
  const { main } = headlineMetrics(task);
  return task.kind === "regression" && main !== "MAE" ? [main, "MAE"] : [main];
}

/** Returns the columns of the summary: the whole protocol, and each group. */
function summaryColumns(
  { summary }: Protocol,
  conditions: readonly ResolvedCondition[],
): readonly ProtocolColumn[] {
  if (summary === "auilc") {
    const line: NoiseSeries = {
      label: "rate",
      points: conditions.map(({ name, rate = 0 }) => ({ amount: rate, condition: { label: name } })),
    };
    return [{ label: "AUILC, per rate", conditions: areaWeights(line) }];
  }
  const groups = [...new Set(conditions.flatMap(({ group }) => group ?? []))];
  return [
    { label: "mean", conditions: equally(conditions) },
    ...groups.map((group) => ({
      label: group,
      conditions: equally(conditions.filter((one) => one.group === group)),
    })),
  ];
}

function equally(conditions: readonly ResolvedCondition[]): WeightedCondition[] {
  return conditions.map(({ name }) => ({ label: name, weight: 1 / conditions.length }));
}

function namedCondition(
  { name, corruption, available }: ResolvedCondition,
  { seed }: Protocol,
  modalities: readonly string[],
): NamedCondition {
  return {
    label: name,
    seed,
    ...(corruption.length > 0 && { noise: corruption.map(showCorruption).join(",") }),
    ...(available.length < modalities.length && { available: [...available] }),
  };
}
