import { availableParallelism } from "node:os";
import type { DataSets } from "./data-sets.js";
import { type JobExecutor, localExecutor } from "./executor.js";
import { openWorkerExecutor } from "./worker-executor.js";

/**
 * Opens one executor in this thread, or several in their own threads, which share the cores. The results are
 * the same.
 */
export async function openExecutors(data: DataSets, workers: number): Promise<readonly JobExecutor[]> {
  const threads = Math.max(1, Math.floor(availableParallelism() / workers));
  return workers === 1
    ? [localExecutor(data)]
    : Promise.all(Array.from({ length: workers }, () => openWorkerExecutor(threads)));
}
