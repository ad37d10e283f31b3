import { WorkerThread } from "../../features/worker-thread.js";
import type { Comparison, ComparisonRequest } from "./compare-runs.js";

let last: Promise<unknown> = Promise.resolve();

/**
 * Compares runs in a separate thread, one comparison after another. Resampling a large split takes seconds,
 * and the event loop must respond meanwhile.
 * @throws DataError as `compareRuns`
 */
export function compareInThread(request: ComparisonRequest): Promise<Comparison> {
  const next = last.then(() => compare(request));
  last = next.catch(() => undefined);
  return next;
}

async function compare(request: ComparisonRequest): Promise<Comparison> {
  const thread = await WorkerThread.start<Comparison, never, never>(
    new URL("./compare-thread.js", import.meta.url),
    request,
  );
  await thread.stop();
  return thread.ready;
}
