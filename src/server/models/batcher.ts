import { ServerError } from "../../core/errors.js";
import { defined } from "../../core/defined.js";

/** Options of the batches. */
export interface BatchOptions {
  /**
   * Milliseconds to wait for more requests after the first one. 0: only requests of the same turn of the
   * event loop.
   */
  readonly batchWindow: number;
  /** Largest number of requests in a batch. */
  readonly batchSize: number;
  /** Largest number of waiting and running requests. Further ones are refused. */
  readonly queueSize: number;
}

interface Waiting<Request, Answer> {
  readonly request: Request;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Collects requests into batches. While a batch runs, the next one fills, so that under load batches become
 * larger.
 */
export class Batcher<Request, Answer> {
  private readonly queue: Waiting<Request, Answer>[] = [];
  /** Number of requests in running batches. */
  private running = 0;
  private batches = 0;
  private timer: NodeJS.Timeout | undefined;
  private idle: (() => void)[] = [];

  /**
   * @param run returns one result per request, in order
   * @param ahead largest number of complete batches that are given to `run` before an earlier one is
   * finished. So the next batch is already there when a thread has finished one.
   */
  constructor(
    private readonly run: (batch: readonly Request[]) => Promise<readonly Answer[]>,
    private readonly options: BatchOptions,
    private readonly ahead = 0,
  ) {}

  /** Number of waiting and running requests. */
  get load(): number {
    return this.queue.length + this.running;
  }

  /**
   * Puts a request into the next batch.
   * @throws ServerError "server.overloaded" if the queue is full
   */
  async ask(request: Request): Promise<Answer> {
    if (this.load >= this.options.queueSize)
      throw new ServerError(
        "server.overloaded",
        `${this.load} requests are waiting, the limit is ${this.options.queueSize}`,
        { hint: "Repeat the request after the seconds in Retry-After." },
      );
    return new Promise((resolve, reject) => {
      this.queue.push({ request, resolve, reject });
      this.schedule();
    });
  }

  /** Waits until all requests are finished. */
  async drained(): Promise<void> {
    if (this.load === 0) return;
    await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private schedule(): void {
    const isComplete = this.queue.length >= this.options.batchSize;
    if (this.queue.length === 0 || this.batches > (isComplete ? this.ahead : 0)) return;
    if (isComplete) {
      void this.start();
      return;
    }
    this.timer ??= setTimeout(() => {
      void this.start();
    }, this.options.batchWindow);
  }

  private async start(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batch = this.queue.splice(0, this.options.batchSize);
    this.running += batch.length;
    this.batches += 1;
    try {
      const answers = await this.run(batch.map(({ request }) => request));
      for (const [i, { resolve }] of batch.entries()) resolve(defined(answers[i]));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    this.running -= batch.length;
    this.batches -= 1;
    if (this.batches === 0 && this.queue.length > 0) void this.start();
    else this.schedule();
    if (this.load === 0) for (const resolve of this.idle.splice(0)) resolve();
  }
}
