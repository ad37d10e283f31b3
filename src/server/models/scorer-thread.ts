import { parentPort, workerData } from "node:worker_threads";
import { plainError, type ThreadReply } from "../../features/worker-thread.js";
import { openLocalScorer } from "./local-scorer.js";
import type { JsonAnswer, JsonRequest, ModelDescription } from "./scorer.js";
import type { ThreadStart } from "./thread-scorer.js";

/** Worker thread that holds one model and scores one batch after another. Started by `thread-scorer.ts`. */
const reply = (message: ThreadReply<ModelDescription, readonly JsonAnswer[]>): void => {
  parentPort?.postMessage(message);
};
const fail = (error: unknown): void => {
  reply({ kind: "error", error: plainError(error) });
};

const { place, options } = workerData as ThreadStart;
try {
  const scorer = await openLocalScorer(place, options);
  parentPort?.on("message", (requests: readonly JsonRequest[]) => {
    scorer.score(requests).then((result) => {
      reply({ kind: "result", result });
    }, fail);
  });
  reply({ kind: "ready", ready: scorer.description });
} catch (error) {
  fail(error);
}
