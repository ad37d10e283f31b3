import { meanOfKnown } from "../../core/averages.js";
import { defined } from "../../core/defined.js";
import { meanAndDeviation } from "../../metrics/summary-statistics.js";
import type { ExperimentResult, ResultCell } from "../experiment-result.js";
import type { FindResult } from "../figure-context.js";
import type { Job } from "../job.js";
import type { RowRole } from "../plan.js";
import { comparePaired, holm } from "../statistics.js";
import type { Fold } from "./damage-data.js";
import {
  type ColumnScores,
  damageMetric,
  levelsOf,
  poolColumn,
  type RunScores,
  type ScoreColumn,
  scoreColumns,
  scoresOf,
  seriesLabel,
} from "./damage-scores.js";
import { headroomRows, subsetScores } from "./headroom.js";
import {
  correlation,
  type InputUncertainty,
  measuredUncertainty,
  severityColumns,
  statedUncertainty,
} from "./severity-correlation.js";

/** Row of the tables with its jobs, by fold and seed. */
export interface DamageRow {
  readonly label: string;
  readonly role: RowRole;
  readonly jobs: readonly (readonly Job[])[];
}

/** Folds, rows and results that the tables show. */
export interface DamageContext {
  readonly folds: readonly Fold[];
  /** The first row is the reference. */
  readonly rows: readonly DamageRow[];
  readonly find: FindResult;
}

const SIGNIFICANCE = 0.05;

/** Makes all tables of the experiment. */
export function damageTables(context: DamageContext): ExperimentResult[] {
  return [
    mainTable(context),
    ...severityTables(context),
    ...(context.folds.length > 1 ? [foldTable(context)] : []),
    headroomTable(context),
    correlationTable(context),
  ];
}

function metricOf({ folds }: DamageContext): "Accuracy" | "MAE" {
  return damageMetric(defined(folds[0]).dataset.task);
}

function seriesNames({ folds }: DamageContext): string[] {
  return defined(folds[0]).series.map(({ name }) => name);
}

function runsOf({ folds, find }: DamageContext, { jobs }: DamageRow): (RunScores | undefined)[][] {
  return folds.map((fold, f) => defined(jobs[f]).map((job) => scoresOf(find, fold, job)));
}

function mainTable(context: DamageContext): ExperimentResult {
  const others = context.rows.length - 1;
  return {
    name: "damage",
    title: "Damaged media",
    caption:
      `Every row trains on the same corrupted copies of media. ${metricOf(context)} on clean test ` +
      "samples, area under it over the severity of the damage, and its mean over the damaged copies. " +
      `Intervals of differences are simultaneous for the ${others} rows of a column (Bonferroni).`,
    level: 1 - SIGNIFICANCE / Math.max(1, others),
    ...scoreTable(context, scoreColumns(seriesNames(context))),
    line: null,
  };
}

/** One table per series: the score at each severity. */
function severityTables(context: DamageContext): ExperimentResult[] {
  return seriesNames(context).map((name): ExperimentResult => {
    const levels = defined(context.folds[0]).series.find((one) => one.name === name)?.levels ?? [];
    const columns = [
      { label: "0", of: (_: Fold, { clean }: RunScores) => clean },
      ...levels.map(({ severity }, at) => ({
        label: String(severity),
        of: (fold: Fold, { damaged }: RunScores) => defined(levelsOf(fold, damaged, name)[at]),
      })),
    ];
    return {
      name: `damage-severity-${name}`,
      title: `${metricOf(context)} over severity, ${seriesLabel(name)}`,
      caption:
        "Each modality of a copy is damaged with probability 0.5, and at least one of them is damaged.",
      ...scoreTable(context, columns),
      line: { along: "columns", label: "severity" },
    };
  });
}

/** The area of the kinds met in training (or of the only series), on each fold alone. */
function foldTable(context: DamageContext): ExperimentResult {
  const names = seriesNames(context);
  const name = names.includes("met") ? "met" : defined(names[0]);
  const area = defined(scoreColumns([name])[1]);
  const parts = context.folds.map((fold, f) => {
    const rows = context.rows.map((row) => ({ ...row, jobs: [defined(row.jobs[f])] }));
    return scoreTable({ ...context, folds: [fold], rows }, [{ ...area, label: fold.name }]);
  });
  return {
    name: "damage-folds",
    title: `Area over severity by fold, ${seriesLabel(name)}`,
    caption: "Each column is tested on the group that it names.",
    columns: parts.flatMap(({ columns }) => columns),
    rows: context.rows.map(({ label, role }, r) => ({
      label,
      role,
      cells: parts.flatMap(({ rows }) => defined(rows[r]).cells),
    })),
    line: null,
  };
}

function scoreTable(
  context: DamageContext,
  columns: readonly ScoreColumn[],
): Pick<ExperimentResult, "columns" | "rows"> {
  const metric = metricOf(context);
  const pooled = context.rows.map((row) => {
    const runs = runsOf(context, row);
    return columns.map((column) => poolColumn(context.folds, runs, column));
  });
  const level = 1 - SIGNIFICANCE / Math.max(1, context.rows.length - 1);
  const tests = columns.map((_, c) =>
    columnTests(
      pooled.map((row) => row[c]),
      level,
    ),
  );
  return {
    columns: columns.map(({ label }) => ({ label, metric })),
    rows: context.rows.map(({ label, role }, r) => ({
      label,
      role,
      cells: columns.map((_, c) => cellOf(defined(pooled[r]?.[c]).values, metric, tests[c]?.[r] ?? null)),
    })),
  };
}

/** Compares every row of a column with the first one. */
function columnTests(
  column: readonly (ColumnScores | undefined)[],
  level: number,
): ResultCell["comparison"][] {
  const reference = column[0]?.samples;
  const tests = column.map((one, r) =>
    reference && one?.samples && r > 0 ? comparePaired(one.samples, reference, { level }) : undefined,
  );
  const adjusted = holm(tests.flatMap((test) => (test ? [test.p] : [])));
  let next = 0;
  return tests.map((test) => (test ? { ...test, adjusted: defined(adjusted[next++]) } : null));
}

/** Makes a cell of values over seeds. Scores of errors are negative and shown as errors. */
function cellOf(
  values: readonly (number | null)[],
  metric: string,
  comparison: ResultCell["comparison"] = null,
): ResultCell {
  const shown = values.map((value) => (value !== null && metric === "MAE" ? -value : value));
  const known = shown.filter((value) => value !== null);
  const spread =
    known.length === 0 || known.length < shown.length
      ? { mean: null, deviation: null }
      : meanAndDeviation(known);
  return { ...spread, values: shown, note: "", uncertainty: null, comparison, wins: false };
}

/** Shows what better choices among the reference's own modalities would gain. */
function headroomTable(context: DamageContext): ExperimentResult {
  const { folds, find } = context;
  const reference = defined(context.rows[0]);
  const metric = metricOf(context);
  const columns = scoreColumns(seriesNames(context));
  const subsets = folds.map((fold, f) =>
    defined(reference.jobs[f]).map((job) => subsetScores(find, fold, job)),
  );
  const names = defined(folds[0]).dataset.modalities.map(({ name }) => name);
  const cells = (runs: (RunScores | undefined)[][]): ResultCell[] =>
    columns.map((column) => cellOf(poolColumn(folds, runs, column).values, metric));
  return {
    name: "damage-headroom",
    title: "Headroom",
    caption:
      `${reference.label} with parts of its modalities. An oracle chooses among all subsets with the named ` +
      "knowledge; those of labels are bounds that no model reaches.",
    columns: columns.map(({ label }) => ({ label, metric })),
    rows: [
      { label: reference.label, role: reference.role, cells: cells(runsOf(context, reference)) },
      ...headroomRows(names).map(({ label, of }) => ({
        label,
        role: "variant" as const,
        cells: cells(
          folds.map((fold, f) => defined(subsets[f]).map((all) => (all ? of(fold, all) : undefined))),
        ),
      })),
    ],
    line: null,
  };
}

/** Shows how the uncertainty of an input follows the severity of its damage. */
function correlationTable({ folds, rows, find }: DamageContext): ExperimentResult {
  const columns = severityColumns(folds);
  const seeds = defined(rows[0]?.jobs[0]).length;
  const perSeed = (of: (fold: Fold, f: number, seed: number) => number | null): (number | null)[] =>
    Array.from({ length: seeds }, (_, seed) => meanOfKnown(folds.map((fold, f) => of(fold, f, seed))));
  const stated = rows.map((row) => ({
    label: row.label,
    role: row.role,
    of: (_: Fold, f: number, seed: number, modality: string): InputUncertainty | undefined =>
      statedUncertainty(find, defined(row.jobs[f]?.[seed]), modality),
  }));
  const quality = {
    label: "measured quality (1 - score), untrained",
    role: "baseline" as const,
    of: (fold: Fold, _: number, __: number, modality: string) => measuredUncertainty(fold, modality),
  };
  const made = [...stated, quality].map(({ label, role, of }) => ({
    label,
    role,
    cells: columns.map((column) =>
      cellOf(
        perSeed((fold, f, seed) => correlation(fold, column, of(fold, f, seed, column.modality)).rho),
        "Spearman",
      ),
    ),
  }));
  const ceiling = columns.map((column) =>
    cellOf(
      perSeed((fold) => {
        const none = {
          clean: fold.dataset.splits.test.ids.map(() => 0),
          damaged: [...fold.labels].map(() => 0),
        };
        return correlation(fold, column, none).ceiling;
      }),
      "Spearman",
    ),
  );
  return {
    name: "damage-uncertainty",
    title: "Does uncertainty follow the severity?",
    caption:
      "Spearman correlation of a modality's uncertainty with the severity of its damage, over clean " +
      "test samples and damaged ones, mean over folds. Rows without an uncertainty are left out. The " +
      "last row is the largest possible correlation of an uncertainty without ties. Equal severities " +
      "limit it.",
    columns: columns.map(({ modality, series, kind }) => ({
      label: `${modality}, ${kind ?? "all"} (${series})`,
      metric: "Spearman",
    })),
    rows: [
      ...made.filter(({ cells }) => cells.some((cell) => cell.mean !== null)),
      { label: "largest possible without ties", role: "baseline", cells: ceiling },
    ],
    line: null,
  };
}
