import { Worker } from "node:worker_threads";
import { causeText } from "../core/cause-text.js";
import { type ErrorCode, EuarError } from "../core/errors.js";

/** An error as it travels between threads. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** What a thread answers: that it is ready, with what it wants to say of itself; a result; or an error. */
export type ThreadReply<Ready, Result> =
  | { readonly kind: "ready"; readonly ready: Ready }
  | { readonly kind: "result"; readonly result: Result }
  | { readonly kind: "error"; readonly error: PlainError };

export function plainError(error: unknown): PlainError {
  if (error instanceof EuarError) return { code: error.code, message: error.message, hint: error.hint };
  return {
    code: "internal",
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}

/** The thread itself ended, and not with an answer: it ran out of memory, say. */
export class Breakdown extends Error {}

/** A thread that is asked one thing at a time. */
export class WorkerThread<Ready, Request, Result> {
  private constructor(
    private readonly worker: Worker,
    readonly ready: Ready,
  ) {}

  /**
   * Starts the script and waits until it is ready.
   * @param workerData for the script; plain data
   * @throws EuarError as the thread says; {@link Breakdown}
   */
  static async start<Ready, Request, Result>(
    script: URL,
    workerData: unknown,
  ): Promise<WorkerThread<Ready, Request, Result>> {
    const worker = new Worker(script, { workerData });
    // listened to while it is asked something; afterwards nobody waits for it
    worker.on("error", () => undefined);
    const first = await nextReply<Ready, Result>(worker);
    if (first.kind === "ready") return new WorkerThread(worker, first.ready);
    await worker.terminate();
    throw first.kind === "error"
      ? errorOf(first.error)
      : new EuarError("internal", "a worker thread answered before it was asked");
  }

  /**
   * @throws EuarError as the thread says; {@link Breakdown}; the signal's reason when aborted, after which
   * the thread can only be stopped
   */
  async ask(request: Request, signal: AbortSignal): Promise<Result> {
    const answer = nextReply<Ready, Result>(this.worker, signal);
    this.worker.postMessage(request);
    const reply = await answer;
    if (reply.kind === "result") return reply.result;
    throw reply.kind === "error"
      ? errorOf(reply.error)
      : new EuarError("internal", "a worker thread started twice");
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }
}

function errorOf({ code, message, hint }: PlainError): EuarError {
  return new EuarError(code, message, hint === undefined ? {} : { hint });
}

/**
 * The worker's next message. Rejects with a {@link Breakdown} when it ends instead, and with the signal's
 * reason when aborted.
 */
function nextReply<Ready, Result>(worker: Worker, signal?: AbortSignal): Promise<ThreadReply<Ready, Result>> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      signal?.removeEventListener("abort", onAbort);
      act();
    };
    const onMessage = (reply: ThreadReply<Ready, Result>): void => {
      settle(() => {
        resolve(reply);
      });
    };
    const onError = (error: unknown): void => {
      settle(() => {
        reject(new Breakdown(causeText(error)));
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
