import { Breakdown, WorkerThread } from "../worker-thread.js";
import { type Executor, openLocalExecutor, type OpenExecutor } from "./executor.js";
import type { ExtractPlan, Identities, ModalityResult } from "./plan.js";
import type { Sample } from "./sample.js";

/**
 * In a thread of its own. A thread that breaks down (a medium that exhausts its memory) costs the sample that
 * it was at, and is replaced.
 * @throws EuarError when its adapters cannot be loaded
 */
export const openWorkerExecutor: OpenExecutor = async (plan) => {
  const start = (): Promise<WorkerThread<Identities, Sample, readonly ModalityResult[]>> => startThread(plan);
  let thread = await start();
  const identities = thread.ready;
  return {
    identities,
    extract: async (sample, signal) => {
      try {
        return await thread.ask(sample, signal);
      } catch (error) {
        if (signal.aborted || !(error instanceof Breakdown)) throw error;
        await thread.stop();
        thread = await start();
        const { message } = error;
        return plan.modalities.map(({ modality }): ModalityResult => ({
          kind: "failed",
          modality,
          code: "media.damaged",
          message: `extraction broke down: ${message}`,
        }));
      }
    },
    close: () => thread.stop(),
  } satisfies Executor;
};

/** In this thread for one worker, else each in a thread of its own. */
export function executorFor(workers: number): OpenExecutor {
  return workers === 1 ? openLocalExecutor : openWorkerExecutor;
}

function startThread(
  plan: ExtractPlan,
): Promise<WorkerThread<Identities, Sample, readonly ModalityResult[]>> {
  return WorkerThread.start(new URL("./extract-worker.js", import.meta.url), plan);
}
