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

/** Options of one request to a thread. */
export interface AskOptions {
  /** Stops the waiting for the answer. Afterwards the thread can only be stopped. */
  readonly signal?: AbortSignal;
  /** Buffers that move to the thread instead of being copied. */
  readonly transfer?: readonly ArrayBuffer[];
}

/** Thread that answers requests in their order. */
export class WorkerThread<Ready, Request, Result> {
  private constructor(
    private readonly worker: Worker,
    private readonly replies: Replies<ThreadReply<Ready, Result>>,
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
    const replies = new Replies<ThreadReply<Ready, Result>>(worker);
    const first = await replies.next();
    if (first.kind === "ready") return new WorkerThread(worker, replies, first.ready);
    await worker.terminate();
    throw first.kind === "error"
      ? errorOf(first.error)
      : new EuarError("internal", "a worker thread answered before it was asked");
  }

  /**
   * Sends a request and waits for its result.
   * @throws EuarError sent by the thread
   * @throws Breakdown if the thread ends, or has ended
   * @throws the signal's reason when aborted
   */
  async ask(request: Request, { signal, transfer = [] }: AskOptions = {}): Promise<Result> {
    const answer = this.replies.next(signal);
    this.worker.postMessage(request, transfer);
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

interface Waiting<Reply> {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (reason: Error) => void;
}

/** Messages of a worker, each for the request that has waited longest. */
class Replies<Reply> {
  private readonly waiting: Waiting<Reply>[] = [];
  private end: Breakdown | undefined;

  constructor(worker: Worker) {
    worker
      .on("message", (reply: Reply) => {
        this.waiting.shift()?.resolve(reply);
      })
      .on("error", (error) => {
        this.fail(causeText(error));
      })
      .on("exit", (code) => {
        this.fail(`its thread ended with code ${code}`);
      });
  }

  /**
   * Waits for the next message that no other request waits for.
   * @throws Breakdown if the worker ends, or has ended
   * @throws the signal's reason when aborted
   */
  next(signal?: AbortSignal): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        reject(signal?.reason instanceof Error ? signal.reason : new Error("aborted"));
      };
      const settled = (): void => {
        signal?.removeEventListener("abort", onAbort);
      };
      if (this.end) {
        reject(this.end);
        return;
      }
      if (signal?.aborted === true) onAbort();
      else signal?.addEventListener("abort", onAbort, { once: true });
      this.waiting.push({
        resolve: (reply) => {
          settled();
          resolve(reply);
        },
        reject: (reason) => {
          settled();
          reject(reason);
        },
      });
    });
  }

  private fail(why: string): void {
    this.end ??= new Breakdown(why);
    for (const { reject } of this.waiting.splice(0)) reject(this.end);
  }
}
