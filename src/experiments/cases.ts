import { defined } from "../core/defined.js";
import { type Dataset, outputsOf, type Task } from "../data/dataset.js";
import type { CasesFigure } from "./figure-result.js";
import type { JobResult, Measured } from "./job-result.js";
import { type FigureContext, measuredUnder, resultsOf } from "./figure-context.js";
import type { FigurePlan } from "./plan.js";
import { meanOfLists } from "./statistics.js";

/** Number of cases on each side, with all modalities and without one. */
const [WITH_ALL, WITHOUT_ONE] = [3, 1];

/** Predictions of one model under one condition, averaged over the seeds. */
interface ModelPredictions {
  readonly model: string;
  /** [N] */
  readonly errors: Float64Array;
  readonly prediction: (row: number) => string;
  /** Per-sample details of the first seed that has them. */
  readonly samples: Measured["samples"];
}

/** Selects the test samples on which the models of the first two rows differ most. */
export function casesFigure(
  { rows, conditions }: FigurePlan,
  { task, dataset, find, texts }: FigureContext,
): Pick<CasesFigure, "against" | "texts" | "cases"> {
  const { texts: known } = dataset.splits.test;
  const shown = known ? (texts ? "shown" : "left out") : "none";
  const cases = conditions.flatMap(({ label, condition }, c) => {
    const predicted = rows.flatMap(
      (row) => predictionsOf(row.label, resultsOf(row, find), condition, task) ?? [],
    );
    const [own, other] = predicted;
    if (!own || !other || own.model !== rows[0]?.label || other.model !== rows[1]?.label) return [];
    return extremes(own.errors, other.errors, c === 0 ? WITH_ALL : WITHOUT_ONE).map(({ row, better }) => ({
      condition: label,
      id: dataset.splits.test.ids[row] ?? String(row),
      better: better ? own.model : other.model,
      text: shown === "shown" ? (known?.[row] ?? null) : null,
      truth: showLabel(task, Array.from(dataset.splits.test.labels), row),
      predictions: predicted.map(({ model, errors, prediction }) => ({
        model,
        prediction: prediction(row),
        error: round(defined(errors[row])),
      })),
      inputs: inputsOf(dataset, own.samples, row),
    }));
  });
  return { against: rows[1]?.label ?? "", texts: shown, cases };
}

/**
 * Returns the rows with the largest differences of error: `count` where `own` is smaller, then as many where
 * it is larger. Skips rows with equal errors.
 */
export function extremes(
  own: ArrayLike<number>,
  other: ArrayLike<number>,
  count: number,
): { readonly row: number; readonly better: boolean }[] {
  const gaps = Array.from({ length: own.length }, (_, row) => ({
    row,
    gap: defined(other[row]) - defined(own[row]),
  }));
  const side = (sign: number): { row: number; better: boolean }[] =>
    gaps
      .filter(({ gap }) => sign * gap > 0)
      .sort((a, b) => sign * (b.gap - a.gap) || a.row - b.row)
      .map(({ row }) => ({ row, better: sign > 0 }));
  const [better, worse] = [side(1), side(-1)];
  const each = Math.min(count, better.length, worse.length); // the same number on both sides
  return [...better.slice(0, each), ...worse.slice(0, each)];
}

function predictionsOf(
  model: string,
  results: readonly JobResult[],
  condition: string,
  task: Task,
): ModelPredictions | undefined {
  const [first] = results;
  const measured = measuredUnder(results, condition);
  if (!first || measured.length === 0) return undefined;
  const lists = measured.map(({ predictions }) => predictions);
  const size = lists[0]?.length ?? 0;
  const samples = measured.find((one) => one.samples !== null)?.samples ?? null;
  if (task.kind === "classification") {
    const errors = Float64Array.from(
      { length: size },
      (_, n) => lists.filter((list) => list[n] !== first.labels[n]).length / lists.length,
    );
    return {
      model,
      errors,
      prediction: (row) => task.classes[mostFrequent(lists.map((list) => defined(list[row])))] ?? "",
      samples,
    };
  }
  const width = outputsOf(task);
  const mean = meanOfLists(lists);
  const errors = Float64Array.from({ length: size / width }, (_, n) => {
    let sum = 0;
    for (const list of lists)
      for (let at = n * width; at < (n + 1) * width; at++)
        sum += Math.abs(defined(list[at]) - defined(first.labels[at]));
    return sum / (lists.length * width);
  });
  return { model, errors, prediction: (row) => showLabel(task, mean, row), samples };
}

function mostFrequent(classes: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const one of classes) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].sort(([a, first], [b, second]) => second - first || a - b)[0]?.[0] ?? 0;
}

function showLabel(task: Task, values: ArrayLike<number>, row: number): string {
  if (task.kind === "classification") return task.classes[defined(values[row])] ?? "";
  if (task.kind === "multi-label") {
    const { labels } = task;
    return labels.filter((_, l) => defined(values[row * labels.length + l]) >= 0.5).join(", ") || "none";
  }
  const width = task.targets.length;
  return task.targets
    .map((target, t) => `${width > 1 ? `${target} ` : ""}${defined(values[row * width + t]).toFixed(2)}`)
    .join(", ");
}

function inputsOf(
  dataset: Dataset,
  samples: Measured["samples"],
  row: number,
): CasesFigure["cases"][number]["inputs"] {
  const { test } = dataset.splits;
  return Object.entries(samples ?? {}).map(
    ([modality, { uncertainty, contribution, experts, gates, sigma2 }]) => {
      const truth = test.corruption?.[modality];
      const chosen = (experts?.[row] ?? []).flatMap((expert, slot) =>
        expert < 0
          ? []
          : [{ expert, gate: gates?.[row]?.[slot] ?? null, sigma2: sigma2?.[row]?.[slot] ?? null }],
      );
      return {
        modality,
        present: (uncertainty[row] ?? null) !== null,
        kind: truth?.kind[row] ?? null,
        severity: truth ? round(defined(truth.severity[row])) : null,
        uncertainty: uncertainty[row] ?? null,
        contribution: contribution[row] ?? null,
        experts: chosen,
      };
    },
  );
}

function round(value: number): number {
  return Number(value.toPrecision(5));
}
