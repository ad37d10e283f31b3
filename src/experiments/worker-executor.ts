import { EuarError } from "../core/errors.js";
import { Breakdown, WorkerThread } from "../features/worker-thread.js";
import type { JobExecutor } from "./executor.js";
import type { Job } from "./job.js";
import type { JobResult } from "./job-result.js";

/** Message to a worker thread. */
export interface JobRequest {
  readonly job: Job;
  readonly hash: string;
}

/**
 * Opens an executor in its own thread, with its own copy of the data. If the thread crashes, its current job
 * fails and the thread is replaced.
 * @param threads threads of the kernels of each job
 */
export async function openWorkerExecutor(threads: number): Promise<JobExecutor> {
  const start = (): Promise<WorkerThread<null, JobRequest, JobResult>> =>
    WorkerThread.start(new URL("./job-worker.js", import.meta.url), threads);
  let thread = await start();
  return {
    run: async (job, hash, signal) => {
      try {
        return await thread.ask({ job, hash }, { signal });
      } catch (error) {
        if (signal.aborted || !(error instanceof Breakdown)) throw error;
        await thread.stop();
        thread = await start();
        throw new EuarError("backend.out-of-memory", `the worker thread of a job crashed: ${error.message}`, {
          hint: "Run with fewer workers, or a smaller model.",
        });
      }
    },
    close: () => thread.stop(),
  };
}
