import { Worker } from "node:worker_threads";
import { causeText } from "../core/cause-text.js";
import { type ErrorCode, EuarError } from "../core/errors.js";

/** Error in a form that can be sent between threads. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Message of a thread: ready (with data about itself), a result, or an error. */
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

/** The thread ended without an answer, e.g. because it ran out of memory. */
export class Breakdown extends Error {}

/** Thread that processes one request at a time. */
export class WorkerThread<Ready, Request, Result> {
  private constructor(
    private readonly worker: Worker,
    readonly ready: Ready,
  ) {}

  /**
   * Starts the script and waits until it is ready.
   * @param workerData plain data for the script
   * @throws EuarError sent by the thread
   * @throws Breakdown if the thread ends
   */
  static async start<Ready, Request, Result>(
    script: URL,
    workerData: unknown,
  ): Promise<WorkerThread<Ready, Request, Result>> {
    const worker = new Worker(script, { workerData });
    // `nextReply` listens during a request; outside of one, errors are ignored
    worker.on("error", () => undefined);
    const first = await nextReply<Ready, Result>(worker);
    if (first.kind === "ready") return new WorkerThread(worker, first.ready);
    await worker.terminate();
    throw first.kind === "error"
      ? errorOf(first.error)
      : new EuarError("internal", "a worker thread answered before it was asked");
  }

  /**
   * Sends a request and waits for its result.
   * @throws EuarError sent by the thread
   * @throws Breakdown if the thread ends
   * @throws the signal's reason when aborted; then the thread can only be stopped
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
 * Waits for the worker's next message. Rejects with a {@link Breakdown} if the worker ends, and with the
 * signal's reason when aborted.
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
