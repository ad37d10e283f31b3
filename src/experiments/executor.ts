import type { DataSets } from "./data-sets.js";
import type { Job } from "./job.js";
import type { JobResult } from "./job-result.js";
import { runJob } from "./run-job.js";

/**
 * Runs jobs one at a time. The result depends only on the job and the data. A queue over many machines could
 * be another implementation.
 */
export interface JobExecutor {
  /**
   * Runs one job.
   * @throws EuarError for a problem with the job
   * @throws the signal's reason when aborted
   */
  run(job: Job, hash: string, signal: AbortSignal): Promise<JobResult>;
  /** Frees its threads. No job may run on it afterwards. */
  close(): Promise<void>;
}

/** Runs jobs in this thread. */
export function localExecutor(data: DataSets): JobExecutor {
  return { run: (job, hash, signal) => runJob(job, hash, data, { signal }), close: () => Promise.resolve() };
}
