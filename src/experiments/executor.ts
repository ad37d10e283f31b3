import type { DataSets } from "./data-sets.js";
import type { Job } from "./job.js";
import type { JobResult } from "./job-result.js";
import { runJob } from "./run-job.js";

/**
 * Where jobs run: one at a time. What it gives depends on the job and the data alone. A queue on many
 * machines would be another implementation.
 */
export interface JobExecutor {
  /** @throws EuarError for what is wrong with the job; the signal's reason when aborted */
  run(job: Job, hash: string, signal: AbortSignal): Promise<JobResult>;
  close(): Promise<void>;
}

/** In this thread. */
export function localExecutor(data: DataSets): JobExecutor {
  return { run: (job, hash, signal) => runJob(job, hash, data, signal), close: () => Promise.resolve() };
}
