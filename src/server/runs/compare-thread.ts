import { parentPort, workerData } from "node:worker_threads";
import { plainError, type ThreadReply } from "../../features/worker-thread.js";
import { type Comparison, compareRuns, type ComparisonRequest } from "./compare-runs.js";

/** Worker thread of one comparison. See `compare-in-thread.ts`. */
const reply = (message: ThreadReply<Comparison, never>): void => {
  parentPort?.postMessage(message);
};
try {
  reply({ kind: "ready", ready: compareRuns(workerData as ComparisonRequest) });
} catch (error) {
  reply({ kind: "error", error: plainError(error) });
}
