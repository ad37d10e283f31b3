import { WorkerThread } from "../../features/worker-thread.js";

/**
 * Computes in threads of their own, one request after another, so that the event loop answers meanwhile.
 * A script gets the request as its `workerData`, and sends the result as "ready".
 */
export class InThread<Request, Result> {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly script: URL) {}

  /** @throws EuarError sent by the thread */
  readonly compute = (request: Request): Promise<Result> => {
    const next = this.last.then(() => this.computeNow(request));
    this.last = next.catch(() => undefined);
    return next;
  };

  private async computeNow(request: Request): Promise<Result> {
    const thread = await WorkerThread.start<Result, never, never>(this.script, request);
    await thread.stop();
    return thread.ready;
  }
}
