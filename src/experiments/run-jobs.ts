import { EuarError } from "../core/errors.js";
import type { JobExecutor } from "./executor.js";
import type { Job } from "./job.js";
import type { JobResult } from "./job-result.js";
import type { ResultStore } from "./result-store.js";

export interface PlannedJob {
  readonly job: Job;
  readonly hash: string;
  /** Label for display. */
  readonly label: string;
}

/** Failed job with its error. */
export interface JobFailure {
  readonly label: string;
  /** Code of the error, see docs/errors.md. */
  readonly code: string;
  readonly message: string;
}

/** Progress of the jobs. */
export interface JobsProgress {
  /** Number of jobs, each counted once. */
  readonly total: number;
  /** Number of jobs with a result. */
  readonly done: number;
  /** Number of finished jobs whose result was already stored. */
  readonly stored: number;
  readonly failures: readonly JobFailure[];
  /** Labels of the running jobs. */
  readonly running: readonly string[];
}

export interface JobsOutcome {
  /** Results by hash. */
  readonly results: ReadonlyMap<string, JobResult>;
  readonly failures: readonly JobFailure[];
  readonly stored: number;
}

/**
 * Runs all jobs on some executors. Stored results are reused, and each new result is stored at once, so an
 * interrupted call resumes. A failed job is reported and the others continue. Equal jobs run once. The
 * outcome does not depend on the number of executors.
 * @throws the signal's reason when aborted
 * @throws EuarError "io.write"
 */
export async function runJobs(
  jobs: readonly PlannedJob[],
  {
    store,
    executors,
    signal,
    onProgress,
  }: {
    readonly store: ResultStore;
    readonly executors: readonly JobExecutor[];
    readonly signal: AbortSignal;
    readonly onProgress: (progress: JobsProgress) => void;
  },
): Promise<JobsOutcome> {
  const unique = [...new Map(jobs.map((planned) => [planned.hash, planned])).values()];
  const results = new Map<string, JobResult>();
  const failed = new Map<string, JobFailure>();
  for (const { hash } of unique) {
    const known = store.get(hash);
    if (known) results.set(hash, known);
  }
  const stored = results.size;
  const open = unique.filter(({ hash }) => !results.has(hash));
  const running = new Set<string>();
  const report = (): void => {
    onProgress({
      total: unique.length,
      done: results.size,
      stored,
      failures: [...failed.values()],
      running: [...running],
    });
  };
  report();
  let next = 0;
  const lane = async (executor: JobExecutor): Promise<void> => {
    for (let planned = open[next++]; planned; planned = open[next++]) {
      signal.throwIfAborted();
      const { job, hash, label } = planned;
      running.add(label);
      report();
      try {
        const result = await executor.run(job, hash, signal);
        await store.put(result);
        results.set(hash, result);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof EuarError) || error.code === "io.write" || error.code === "internal")
          throw error;
        failed.set(hash, { label, code: error.code, message: error.message });
      } finally {
        running.delete(label);
        report();
      }
    }
  };
  const ends = await Promise.allSettled(executors.map(lane));
  const bad = ends.find((end) => end.status === "rejected");
  if (bad) throw bad.reason;
  const failures = unique.flatMap(({ hash }) => failed.get(hash) ?? []);
  return { results, failures, stored };
}
