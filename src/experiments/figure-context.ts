import type { Dataset, Task } from "../data/dataset.js";
import type { Job } from "./job.js";
import type { JobResult, Measured } from "./job-result.js";
import type { FigureRow } from "./plan.js";

/** Returns a job's result; undefined for a failed job. */
export type FindResult = (job: Job) => JobResult | undefined;

export interface FigureContext {
  readonly task: Task;
  readonly dataset: Dataset;
  readonly find: FindResult;
  /** Show texts of test samples. */
  readonly texts: boolean;
}

/** Returns the results of a row's runs, without the failed ones. */
export function resultsOf({ jobs }: FigureRow, find: FindResult): JobResult[] {
  return jobs.flatMap((job) => find(job) ?? []);
}

/** Measurements of one run under its conditions. */
export type MeasuredRun = Pick<JobResult, "conditions">;

/** Returns the measurements of each run under a condition. */
export function measuredUnder(results: readonly MeasuredRun[], condition: string): Measured[] {
  return results.flatMap(({ conditions }) => conditions.find(({ label }) => label === condition) ?? []);
}
