import { parentPort, workerData } from "node:worker_threads";
import type { StressResult } from "../../experiments/stress-run.js";
import { plainError, type ThreadReply } from "../../features/worker-thread.js";
import { type StressRequest, stressTest } from "./stress-test.js";

/** Worker thread of one stress test. See `stress-tests.ts`. */
const reply = (message: ThreadReply<StressResult, never>): void => {
  parentPort?.postMessage(message);
};
try {
  reply({ kind: "ready", ready: await stressTest(workerData as StressRequest) });
} catch (error) {
  reply({ kind: "error", error: plainError(error) });
}
