import { parentPort, workerData } from "node:worker_threads";
import { nodeMedia } from "../node-media.js";
import { plainError, type ThreadReply } from "../worker-thread.js";
import type { ExtractPlan, Identities, ModalityResult } from "./plan.js";
import type { Sample } from "./sample.js";
import { SampleExtractor } from "./sample-extractor.js";

/**
 * Worker thread: loads the plan's adapters once, then extracts one sample after the other. Only
 * `worker-executor.ts` starts it.
 */
async function serve(plan: ExtractPlan): Promise<void> {
  const reply = (message: ThreadReply<Identities, readonly ModalityResult[]>): void => {
    parentPort?.postMessage(message);
  };
  try {
    const extractor = await SampleExtractor.open(plan, nodeMedia);
    parentPort?.on("message", (sample: Sample) => {
      extractor.extract(sample).then(
        (result) => {
          reply({ kind: "result", result });
        },
        (error: unknown) => {
          reply({ kind: "error", error: plainError(error) });
        },
      );
    });
    reply({ kind: "ready", ready: extractor.identities });
  } catch (error) {
    reply({ kind: "error", error: plainError(error) });
  }
}

await serve(workerData as ExtractPlan);
