import { Breakdown, WorkerThread } from "../worker-thread.js";
import { type Executor, openLocalExecutor, type OpenExecutor } from "./executor.js";
import type { ExtractPlan, Identities, ModalityResult } from "./plan.js";
import type { Sample } from "./sample.js";

/**
 * Extracts in a separate thread. If the thread crashes (a medium that exhausts its memory), the current
 * sample fails and a new thread starts.
 * @throws EuarError if the adapters cannot be loaded
 */
export const openWorkerExecutor: OpenExecutor = async (plan) => {
  const start = (): Promise<WorkerThread<Identities, Sample, readonly ModalityResult[]>> => startThread(plan);
  let thread = await start();
  const identities = thread.ready;
  return {
    identities,
    extract: async (sample, signal) => {
      try {
        return await thread.ask(sample, { signal });
      } catch (error) {
        if (signal.aborted || !(error instanceof Breakdown)) throw error;
        await thread.stop();
        thread = await start();
        const { message } = error;
        return plan.modalities.map(({ modality }): ModalityResult => ({
          kind: "failed",
          modality,
          code: "media.damaged",
          message: `the extraction crashed: ${message}`,
        }));
      }
    },
    close: () => thread.stop(),
  } satisfies Executor;
};

/** Selects this thread for one worker, otherwise one thread per worker. */
export function executorFor(workers: number): OpenExecutor {
  return workers === 1 ? openLocalExecutor : openWorkerExecutor;
}

function startThread(
  plan: ExtractPlan,
): Promise<WorkerThread<Identities, Sample, readonly ModalityResult[]>> {
  return WorkerThread.start(new URL("./extract-worker.js", import.meta.url), plan);
}
