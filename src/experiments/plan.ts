import type { Job, JobCondition } from "./job.js";

/** Condition of a job before its defaults are filled in. It has at least a label. */
export type NamedCondition = Partial<JobCondition> & { readonly label: string };

/** Noise that the test split can get. */
export interface NoiseColumn {
  readonly label: string;
  readonly condition: NamedCondition;
  /** Series of rising noise levels to which the column belongs, if any. */
  readonly series?: { readonly label: string; readonly amount: number };
}

/** Series of rising noise levels, starting without noise. */
export interface NoiseSeries {
  readonly label: string;
  readonly points: readonly { readonly amount: number; readonly condition: NamedCondition }[];
}

/** Label of a condition, and its weight. */
export interface WeightedCondition {
  readonly label: string;
  readonly weight: number;
}

/** Metric and condition that a column shows. */
export interface PlannedColumn {
  readonly label: string;
  /** Name of a metric. */
  readonly metric: string;
}

/** Runs for one cell, one per seed. */
export interface CellChoice {
  /** Note shown next to the value if there are several choices. */
  readonly note: string;
  readonly jobs: readonly Job[];
  /** Conditions to average over. Their weights sum to 1. */
  readonly conditions: readonly WeightedCondition[];
}

/**
 * Cell of a table. If there are several choices, the best mean validation metric selects one. The test split
 * never does. Without a choice there is no value.
 */
export interface PlannedCell {
  readonly choices: readonly CellChoice[];
}

/** Role of a row: the method, one of its variants, or a baseline. */
export type RowRole = "euar" | "variant" | "baseline";

export interface PlannedRow {
  readonly label: string;
  readonly role: RowRole;
  /** Cells by column. */
  readonly cells: readonly PlannedCell[];
}

/**
 * Plan of one table, or of a chart of a table's numbers: the runs and measurements it needs, and the cell of
 * each result. Plain data, made without running anything.
 */
export interface TablePlan {
  readonly kind: "table";
  readonly name: string;
  readonly title: string;
  /** Description of the experiment, for the caption. */
  readonly caption: string;
  readonly columns: readonly PlannedColumn[];
  readonly rows: readonly PlannedRow[];
  /** Draws columns or rows as points of a line chart. Absent for a plain table. */
  readonly line?: { readonly along: "columns" | "rows"; readonly label: string };
}

/** Model of a figure, with its runs, one per seed. */
export interface FigureRow {
  readonly label: string;
  readonly role: RowRole;
  readonly jobs: readonly Job[];
}

/** Condition of a figure, and its displayed name. */
export interface ShownCondition {
  readonly label: string;
  readonly condition: string;
}

/**
 * Plan of a figure that is not a table: training curves, joint features, single cases, or the quality of
 * uncertainties.
 */
export interface FigurePlan {
  readonly kind: "curves" | "embedding" | "cases" | "uncertainty";
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly rows: readonly FigureRow[];
  readonly conditions: readonly ShownCondition[];
}

export type ExperimentPlan = TablePlan | FigurePlan;

/** Returns every job of some plans, with its label. */
export function jobsOf(plans: readonly ExperimentPlan[]): { readonly job: Job; readonly label: string }[] {
  return plans.flatMap((plan) => {
    const runs =
      plan.kind === "table"
        ? plan.rows.flatMap(({ label, cells }) =>
            cells.flatMap(({ choices }) =>
              choices.flatMap(({ note, jobs }) => jobs.map((job) => ({ job, label, note }))),
            ),
          )
        : plan.rows.flatMap(({ label, jobs }) => jobs.map((job) => ({ job, label, note: "" })));
    return runs.map(({ job, label, note }) => ({
      job,
      label: [plan.name, label, note, `seed ${job.seed}`].filter((part) => part !== "").join(", "),
    }));
  });
}
