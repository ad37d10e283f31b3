import type { Dataset, Task } from "../data/dataset.js";
import type { Job } from "./job.js";
import type { JobResult, Measured } from "./job-result.js";
import type { FigureRow } from "./plan.js";

/** How a job's result is found; undefined for one that failed. */
export type FindResult = (job: Job) => JobResult | undefined;

export interface FigureContext {
  readonly task: Task;
  readonly dataset: Dataset;
  readonly find: FindResult;
  /** Show texts of test samples. */
  readonly texts: boolean;
}

/** The results of a row's runs, without those that failed. */
export function resultsOf({ jobs }: FigureRow, find: FindResult): JobResult[] {
  return jobs.flatMap((job) => find(job) ?? []);
}

/** Of each run. */
export function measuredUnder(results: readonly JobResult[], condition: string): Measured[] {
  return results.flatMap(({ conditions }) => conditions.find(({ label }) => label === condition) ?? []);
}
