import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { BroadcastChannel } from "node:worker_threads";
import { EuarError } from "../../core/errors.js";
import { type AskOptions, Breakdown, WorkerThread } from "../../features/worker-thread.js";
import type { ScorerOptions } from "./local-scorer.js";
import type { ModelDescription, Scorer } from "./scorer.js";
import { packBodies, type ThreadRequest, type ThreadResult, unpackAnswer } from "./thread-messages.js";

/** Start data of a scorer's thread. */
export interface ThreadStart {
  readonly place: string;
  readonly options: ScorerOptions;
  /** Name of the channel that ends the current request. */
  readonly cancelName: string;
}

/** Milliseconds that a thread has to end a cancelled request. After that it is replaced. */
const GRACE = 5000;

/**
 * Loads a run in a thread for features. The first raw medium loads the run in a second thread, so that
 * features never wait for a decoder. If a thread crashes, its request fails and the thread is replaced.
 * @throws CheckpointError as `Predictor.load`
 */
export async function openThreadScorer(place: string, options: ScorerOptions): Promise<Scorer> {
  const features = await ModelThread.open(place, options);
  let media: Promise<ModelThread> | undefined;
  return {
    place,
    description: features.description,
    score: async (requests) => {
      const bodies = packBodies(requests);
      const result = await features.ask({ kind: "features", bodies }, { transfer: bodies.buffers });
      if (result.kind === "features") return result.answers.map(unpackAnswer);
      throw new EuarError("internal", "a thread answered features with media");
    },
    scoreMedia: async (request, signal) => {
      media ??= ModelThread.open(place, options).catch((error: unknown) => {
        media = undefined; // the next medium loads it again
        throw error;
      });
      const result = await (await media).ask({ kind: "media", request }, { signal });
      if (result.kind === "media") return result.json;
      throw new EuarError("internal", "a thread answered media with features");
    },
    close: async () => {
      await features.stop();
      await (await media)?.stop();
    },
  };
}

type Thread = WorkerThread<ModelDescription, ThreadRequest, ThreadResult>;

/** Thread with one model. */
class ModelThread {
  private constructor(
    readonly description: ModelDescription,
    private thread: Promise<Thread>,
    private readonly start: () => Promise<Thread>,
    private readonly channel: BroadcastChannel,
  ) {}

  static async open(place: string, options: ScorerOptions): Promise<ModelThread> {
    const cancelName = `euar-cancel-${randomUUID()}`;
    const start = (): Promise<Thread> =>
      WorkerThread.start(new URL("./scorer-thread.js", import.meta.url), {
        place,
        options,
        cancelName,
      } satisfies ThreadStart);
    const channel = new BroadcastChannel(cancelName);
    channel.unref();
    const thread = start();
    return new ModelThread((await thread).ready, thread, start, channel);
  }

  /** @throws EuarError of the thread; the signal's reason if it is aborted */
  async ask(request: ThreadRequest, { signal, transfer = [] }: AskOptions): Promise<ThreadResult> {
    let current = this.thread;
    let thread = await current.catch(() => undefined);
    if (!thread) {
      current = this.replacementOf(current);
      thread = await current;
    }
    signal?.throwIfAborted();
    const settled = signal && this.cancelWith(signal, thread);
    try {
      return await thread.ask(request, { transfer });
    } catch (error) {
      if (error instanceof Breakdown) {
        await this.replacementOf(current);
        signal?.throwIfAborted();
        throw new EuarError("backend.out-of-memory", `the thread of the model crashed: ${error.message}`, {
          hint: "Send fewer or shorter samples at once.",
        });
      }
      signal?.throwIfAborted();
      throw error;
    } finally {
      settled?.();
    }
  }

  /**
   * Ends the current request when the signal is aborted. Stops a thread that takes too long to end it.
   * @returns a function to call when the request is settled
   */
  private cancelWith(signal: AbortSignal, thread: Thread): () => void {
    const settled = new AbortController();
    const cancel = (): void => {
      this.channel.postMessage("cancel");
      void sleep(GRACE, undefined, { signal: settled.signal, ref: false }).then(
        () => thread.stop(),
        () => undefined,
      );
    };
    signal.addEventListener("abort", cancel, { once: true });
    return () => {
      signal.removeEventListener("abort", cancel);
      settled.abort();
    };
  }

  async stop(): Promise<void> {
    this.channel.close();
    await (await this.thread.catch(() => undefined))?.stop();
  }

  /** Starts a thread instead of one that ended, once for all requests that it had. */
  private replacementOf(ended: Promise<Thread>): Promise<Thread> {
    if (this.thread === ended) this.thread = this.start();
    return this.thread;
  }
}
