import type { DataSets } from "./data-sets.js";
import { type JobExecutor, localExecutor } from "./executor.js";
import { openWorkerExecutor } from "./worker-executor.js";

/** Opens one executor in this thread, or several in their own threads. The results are the same. */
export async function openExecutors(data: DataSets, workers: number): Promise<readonly JobExecutor[]> {
  return workers === 1
    ? [localExecutor(data)]
    : Promise.all(Array.from({ length: workers }, openWorkerExecutor));
}
