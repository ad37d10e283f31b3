import { mean } from "../../core/averages.js";
import { defined } from "../../core/defined.js";
import type { Task } from "../../data/dataset.js";
import { auilc } from "../../metrics/auilc.js";
import type { FindResult } from "../figure-context.js";
import type { Job } from "../job.js";
import type { Measured } from "../job-result.js";
import { sampleScores } from "../sample-scores.js";
import { meanOfLists } from "../statistics.js";
import type { Fold } from "./damage-data.js";
import { CLEAN_TEST, DAMAGED_TEST } from "./damage-jobs.js";

/** Scores of one run. Larger is better: 1 for a right class, or minus the absolute error. */
export interface RunScores {
  /** Scores of the clean test samples, [N]. */
  readonly clean: Float64Array;
  /** Scores of the damaged copies, [C]. */
  readonly damaged: Float64Array;
}

/** Returns the metric that the tables show. It is a mean over samples. */
export function damageMetric(task: Task): "Accuracy" | "MAE" {
  return task.kind === "regression" ? "MAE" : "Accuracy";
}

/** Returns the measurement of a job under a condition; undefined for a failed job. */
export function measuredIn(find: FindResult, job: Job, condition: string): Measured | undefined {
  return find(job)?.conditions.find(({ label }) => label === condition);
}

/**
 * Returns the scores of one run; undefined for a failed run.
 * @param conditions labels of the clean and the damaged test
 */
export function scoresOf(
  find: FindResult,
  { dataset, labels }: Fold,
  job: Job,
  conditions: readonly [clean: string, damaged: string] = [CLEAN_TEST, DAMAGED_TEST],
): RunScores | undefined {
  const [clean, damaged] = [measuredIn(find, job, conditions[0]), measuredIn(find, job, conditions[1])];
  if (!clean || !damaged) return undefined;
  const { task, splits } = dataset;
  const metric = damageMetric(task);
  return {
    clean: defined(sampleScores(metric, task, clean.predictions, splits.test.labels)),
    damaged: defined(sampleScores(metric, task, damaged.predictions, labels)),
  };
}

/** Quantity of a column: a score of each test sample. */
export interface ScoreColumn {
  readonly label: string;
  /** Returns the scores of the test samples, [N]. */
  readonly of: (fold: Fold, scores: RunScores) => Float64Array;
}

/**
 * Returns the columns of the main table. The first is for clean samples. Each series has the area under the
 * score over severity (by trapezoids from severity 0, divided by the span), and the mean over its copies.
 * @param names names of the series
 */
export function scoreColumns(names: readonly string[]): ScoreColumn[] {
  return [
    { label: "clean", of: (_, { clean }) => clean },
    ...names.flatMap((name): ScoreColumn[] => [
      { label: `area, ${seriesLabel(name)}`, of: (fold, scores) => areaOf(fold, scores, name) },
      {
        label: `damaged, ${seriesLabel(name)}`,
        of: (fold, { damaged }) => meanOfLists(levelsOf(fold, damaged, name)),
      },
    ]),
  ];
}

/** Returns the name of a series in tables. */
export function seriesLabel(name: string): string {
  return name === "met" ? "kinds met in training" : "new kinds";
}

/** Returns the scores of the copies at each severity of a series, in ascending order: lists of [N]. */
export function levelsOf({ series }: Fold, damaged: Float64Array, name: string): Float64Array[] {
  const levels = series.find((one) => one.name === name)?.levels ?? [];
  return levels.map(({ rows }) => Float64Array.from(rows, (row) => defined(damaged[row])));
}

function areaOf(fold: Fold, { clean, damaged }: RunScores, name: string): Float64Array {
  const levels = fold.series.find((one) => one.name === name)?.levels ?? [];
  const severities = [0, ...levels.map(({ severity }) => severity)];
  const lists = [clean, ...levelsOf(fold, damaged, name)];
  return clean.map((_, n) => {
    const heights = lists.map((list) => defined(list[n]));
    return auilc(severities, heights).mean;
  });
}

/** Scores of a row in one column. */
export interface ColumnScores {
  /** Mean over the samples of all folds, one per seed; null if a run failed. */
  readonly values: readonly (number | null)[];
  /** Scores of the samples of all folds, averaged over the seeds; undefined if a run failed. */
  readonly samples: Float64Array | undefined;
}

/**
 * Pools a column over folds. Every test sample counts once.
 * @param runs scores by fold and seed
 */
export function poolColumn(
  folds: readonly Fold[],
  runs: readonly (readonly (RunScores | undefined)[])[],
  { of }: ScoreColumn,
): ColumnScores {
  const lists = folds.map((fold, f) =>
    defined(runs[f]).map((scores) => (scores ? of(fold, scores) : undefined)),
  ); // by fold and seed: [N]
  const values = Array.from({ length: lists[0]?.length ?? 0 }, (_, s) => {
    const own = lists.flatMap((list) => list[s] ?? []);
    return own.length === folds.length ? mean(own.flatMap((list) => Array.from(list))) : null;
  });
  if (values.includes(null)) return { values, samples: undefined };
  const samples = lists.flatMap((list) => Array.from(meanOfLists(list.flatMap((one) => one ?? []))));
  return { values, samples: Float64Array.from(samples) };
}
