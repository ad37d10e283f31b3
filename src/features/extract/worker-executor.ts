import { Worker } from "node:worker_threads";
import { EuarError } from "../../core/errors.js";
import type { Executor, OpenExecutor } from "./executor.js";
import type { ExtractPlan, Identities, ModalityResult } from "./plan.js";
import type { Sample } from "./sample.js";
import { errorOf, type WorkerReply, type WorkerRequest } from "./worker-messages.js";

/**
 * In a thread of its own. A thread that breaks down (a medium that exhausts its memory) costs the sample that it was at, and is replaced.
 * @throws EuarError when its adapters cannot be loaded
 */
export const openWorkerExecutor: OpenExecutor = async (plan) => {
  let thread = await Thread.start(plan);
  const { identities } = thread;
  return {
    identities,
    extract: async (sample, signal) => {
      try {
        return await thread.extract(sample, signal);
      } catch (error) {
        if (signal.aborted || !(error instanceof Breakdown)) throw error;
        await thread.stop();
        thread = await Thread.start(plan);
        const { message } = error;
        return plan.modalities.map(({ modality }): ModalityResult => ({ kind: "failed", modality, code: "media.damaged", message: `extraction broke down: ${message}` }));
      }
    },
    close: () => thread.stop(),
  } satisfies Executor;
};

/** The thread itself ended, and not with an answer. */
class Breakdown extends Error {}

class Thread {
  private constructor(
    private readonly worker: Worker,
    readonly identities: Identities,
  ) {}

  static async start(plan: ExtractPlan): Promise<Thread> {
    const worker = new Worker(new URL("./extract-worker.js", import.meta.url), { workerData: plan });
    worker.on("error", () => undefined); // listened to while it is asked something; afterwards nobody waits for it
    const first = await nextReply(worker);
    if (first.kind === "ready") return new Thread(worker, first.identities);
    await worker.terminate();
    throw first.kind === "error" ? errorOf(first.error) : new EuarError("internal", "a worker thread answered before it was asked");
  }

  async extract(sample: Sample, signal: AbortSignal): Promise<readonly ModalityResult[]> {
    const request: WorkerRequest = { sample };
    const answer = nextReply(this.worker, signal);
    this.worker.postMessage(request);
    const reply = await answer;
    if (reply.kind === "results") return reply.results;
    throw reply.kind === "error" ? errorOf(reply.error) : new EuarError("internal", "a worker thread started twice");
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }
}

/** The worker's next message. Rejects with a {@link Breakdown} when it ends instead, and with the signal's reason when aborted. */
function nextReply(worker: Worker, signal?: AbortSignal): Promise<WorkerReply> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      signal?.removeEventListener("abort", onAbort);
      act();
    };
    const onMessage = (reply: WorkerReply): void => {
      settle(() => {
        resolve(reply);
      });
    };
    const onError = (error: unknown): void => {
      settle(() => {
        reject(new Breakdown(error instanceof Error ? error.message : String(error)));
      });
    };
    const onExit = (code: number): void => {
      settle(() => {
        reject(new Breakdown(`its thread ended with code ${code}`));
      });
    };
    const onAbort = (): void => {
      settle(() => {
        reject(signal?.reason instanceof Error ? signal.reason : new Error("aborted"));
      });
    };
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
