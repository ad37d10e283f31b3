import { defined } from "../core/defined.js";
import { meanAndDeviation } from "../metrics/summary-statistics.js";
import { casesFigure } from "./cases.js";
import { type FigureContext, measuredUnder, resultsOf } from "./figure-context.js";
import type { CurvesFigure, EmbeddingFigure, FigureResult } from "./figure-result.js";
import { headlineMetrics } from "./headline-metrics.js";
import type { JobResult } from "./job-result.js";
import { labelGroups } from "./label-groups.js";
import type { FigurePlan } from "./plan.js";
import { uncertaintyFigure } from "./uncertainty-figure.js";

/**
 * Makes a figure from the results of its runs. Leaves out failed runs, and models without the needed outputs.
 */
export function makeFigure(plan: FigurePlan, context: FigureContext): FigureResult {
  const { kind, name, title, caption } = plan;
  const head = { name, title, caption };
  if (kind === "curves") return { kind, ...head, ...curves(plan, context) };
  if (kind === "embedding") return { kind, ...head, ...embedding(plan, context) };
  if (kind === "cases") return { kind, ...head, ...casesFigure(plan, context) };
  return { kind, ...head, ...uncertaintyFigure(plan, context) };
}

function curves({ rows }: FigurePlan, { task, find }: FigureContext): Pick<CurvesFigure, "metric" | "rows"> {
  const { main } = headlineMetrics(task);
  return {
    metric: main,
    rows: rows.map((row) => {
      const results = resultsOf(row, find);
      const epochs = Math.max(0, ...results.map(({ curves: { train } }) => train.length));
      const at = (
        epoch: number,
        pick: (result: JobResult) => readonly (number | null)[] | undefined,
      ): ReturnType<typeof meanAndDeviation> | null => {
        const values = results.flatMap((result) => pick(result)?.[epoch] ?? []);
        return values.length === 0 ? null : meanAndDeviation(values);
      };
      return {
        label: row.label,
        role: row.role,
        bestEpochs: results.map(({ bestEpoch }) => bestEpoch),
        points: Array.from({ length: epochs }, (_, epoch) => ({
          epoch: epoch + 1,
          runs: results.filter(({ curves: { train } }) => train.length > epoch).length,
          train: at(epoch, (result) => result.curves.train),
          valid: at(epoch, (result) => result.curves.valid),
          metric: at(epoch, (result) => result.curves.metrics[main]),
        })),
      };
    }),
  };
}

function embedding(
  { rows, conditions }: FigurePlan,
  { task, dataset, find }: FigureContext,
): Pick<EmbeddingFigure, "groups" | "chance" | "panels"> {
  const { names, groups } = labelGroups(task, dataset.splits.test.labels);
  const panels = rows.flatMap((row) =>
    conditions.flatMap(({ label, condition }) => {
      const [shown] = measuredUnder(resultsOf(row, find), condition).flatMap(
        (measured) => measured.embedding ?? [],
      );
      if (!shown) return [];
      return [
        {
          model: row.label,
          condition: label,
          agreement: shown.agreement,
          points: shown.points.map(([x, y], i): [number, number, number] => [
            x,
            y,
            defined(groups[defined(shown.rows[i])]),
          ]),
          rows: shown.rows,
        },
      ];
    }),
  );
  const counts = names.map(
    (_, group) => (panels[0]?.points ?? []).filter(([, , own]) => own === group).length,
  );
  const total = counts.reduce((sum, count) => sum + count, 0);
  return {
    groups: [...names],
    chance: counts.reduce((sum, count) => sum + (count / (total || 1)) ** 2, 0),
    panels: panels.map(({ model, condition, agreement, points }) => ({
      model,
      condition,
      agreement,
      points,
    })),
  };
}
