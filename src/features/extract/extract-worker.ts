import { parentPort, workerData } from "node:worker_threads";
import { nodeEnvironment } from "../node-environment.js";
import type { ExtractPlan } from "./plan.js";
import { SampleExtractor } from "./sample-extractor.js";
import { plainError, type WorkerReply, type WorkerRequest } from "./worker-messages.js";

/** A worker thread: loads the plan's adapters once, then answers one sample after the other. `worker-executor.ts` is its only caller. */
async function serve(plan: ExtractPlan): Promise<void> {
  const reply = (message: WorkerReply): void => {
    parentPort?.postMessage(message);
  };
  try {
    const extractor = await SampleExtractor.open(plan, nodeEnvironment);
    parentPort?.on("message", ({ sample }: WorkerRequest) => {
      extractor.extract(sample).then(
        (results) => {
          reply({ kind: "results", results });
        },
        (error: unknown) => {
          reply({ kind: "error", error: plainError(error) });
        },
      );
    });
    reply({ kind: "ready", identities: extractor.identities });
  } catch (error) {
    reply({ kind: "error", error: plainError(error) });
  }
}

await serve(workerData as ExtractPlan);
