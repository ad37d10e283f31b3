import { BroadcastChannel, parentPort, workerData } from "node:worker_threads";
import { plainError, type ThreadReply } from "../../features/worker-thread.js";
import { openLocalScorer } from "./local-scorer.js";
import type { ModelDescription } from "./scorer.js";
import { packAnswer, type ThreadRequest, type ThreadResult, unpackBodies } from "./thread-messages.js";
import type { ThreadStart } from "./thread-scorer.js";

/** Worker thread that holds one model and processes one request after another. See `thread-scorer.ts`. */
const reply = (message: ThreadReply<ModelDescription, ThreadResult>): void => {
  parentPort?.postMessage(message);
};
const fail = (error: unknown): void => {
  reply({ kind: "error", error: plainError(error) });
};

const { place, options, cancelName } = workerData as ThreadStart;
let cancel = new AbortController();
const channel = new BroadcastChannel(cancelName);
channel.onmessage = () => {
  cancel.abort();
};

try {
  const scorer = await openLocalScorer(place, options);
  parentPort?.on("message", (request: ThreadRequest) => {
    cancel = new AbortController();
    const work: Promise<ThreadResult> =
      request.kind === "features"
        ? scorer
            .score(unpackBodies(request.bodies))
            .then((answers) => ({ kind: "features", answers: answers.map(packAnswer) }))
        : scorer.scoreMedia(request.request, cancel.signal).then((json) => ({ kind: "media", json }));
    work.then((result) => {
      reply({ kind: "result", result });
    }, fail);
  });
  reply({ kind: "ready", ready: scorer.description });
} catch (error) {
  fail(error);
}
