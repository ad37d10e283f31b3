import type { Condition, Job } from "./job.js";

/** A condition of a job before its defaults, which has at least its name. */
export type NamedCondition = Partial<Condition> & { readonly label: string };

/** What noise the test split can get. */
export interface NoiseColumn {
  readonly label: string;
  readonly condition: NamedCondition;
  /** Of which series of rising noise it is a point, if of any. */
  readonly series?: { readonly label: string; readonly amount: number };
}

/** Noise in rising amounts, from none. */
export interface NoiseSeries {
  readonly label: string;
  readonly points: readonly { readonly amount: number; readonly condition: NamedCondition }[];
}

/** A condition by its label, and how much it counts. */
export interface WeightedCondition {
  readonly label: string;
  readonly weight: number;
}

/** What a column shows. */
export interface PlannedColumn {
  readonly label: string;
  /** Name of a metric. */
  readonly metric: string;
}

/** Runs, one per seed, that answer one cell. */
export interface CellChoice {
  /** Said beside the value where there are several choices. */
  readonly note: string;
  readonly jobs: readonly Job[];
  /** The conditions that count; their weights sum to 1. */
  readonly conditions: readonly WeightedCondition[];
}

/**
 * Of several choices the one with the best mean validation metric counts: never the test split. Without a
 * choice there is no value.
 */
export interface PlannedCell {
  readonly choices: readonly CellChoice[];
}

/** The method, its variants, and what they are compared with. */
export type RowRole = "euar" | "variant" | "baseline";

export interface PlannedRow {
  readonly label: string;
  readonly role: RowRole;
  /** By column. */
  readonly cells: readonly PlannedCell[];
}

/**
 * One table, or figure of a table's numbers: what is trained and measured for it, and where each result goes.
 * Plain data, made without running anything.
 */
export interface TablePlan {
  readonly kind: "table";
  readonly name: string;
  readonly title: string;
  /** What was done, for the caption. */
  readonly caption: string;
  readonly columns: readonly PlannedColumn[];
  readonly rows: readonly PlannedRow[];
  /** Columns or rows as points of a line, for a chart; absent for a plain table. */
  readonly line?: { readonly along: "columns" | "rows"; readonly label: string };
}

/** A model of a figure, with its runs, one per seed. */
export interface FigureRow {
  readonly label: string;
  readonly role: RowRole;
  readonly jobs: readonly Job[];
}

/** A condition of a figure, and what to call it. */
export interface ShownCondition {
  readonly label: string;
  readonly condition: string;
}

/** A figure of what is no table: training curves, joint features, single cases, or how uncertainties do. */
export interface FigurePlan {
  readonly kind: "curves" | "embedding" | "cases" | "uncertainty";
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly rows: readonly FigureRow[];
  readonly conditions: readonly ShownCondition[];
}

export type ExperimentPlan = TablePlan | FigurePlan;

/** Every job of some plans, with what to call it. */
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
