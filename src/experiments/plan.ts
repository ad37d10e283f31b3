import type { Job } from "./job.js";

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
  /** Label of the condition that counts. */
  readonly condition: string;
}

/** Of several choices the one with the best mean validation metric counts: never the test split. Without a choice there is no value. */
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
  /** What the paper reports, by column; null where its text has no number. Absent: the paper has no such row. */
  readonly paper?: readonly (number | null)[];
}

/** One table or figure: what is trained and measured for it, and where each result goes. Plain data, made without running anything. */
export interface ExperimentPlan {
  readonly name: string;
  readonly title: string;
  /** What was done, for the caption. */
  readonly caption: string;
  readonly columns: readonly PlannedColumn[];
  readonly rows: readonly PlannedRow[];
  /** Columns or rows as points of a line, for a chart; absent for a plain table. */
  readonly line?: { readonly along: "columns" | "rows"; readonly label: string };
}

/** Every job of some plans, with what to call it. */
export function jobsOf(plans: readonly ExperimentPlan[]): { readonly job: Job; readonly label: string }[] {
  return plans.flatMap(({ name, rows }) =>
    rows.flatMap(({ label, cells }) => cells.flatMap(({ choices }) => choices.flatMap(({ note, jobs }) => jobs.map((job) => ({ job, label: [name, label, note, `seed ${job.seed}`].filter((part) => part !== "").join(", ") }))))),
  );
}
