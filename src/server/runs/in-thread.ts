import { WorkerThread } from "../../features/worker-thread.js";

/**
 * Returns a function that computes in a thread of its own, one request after another, so that the event loop
 * answers meanwhile.
 * @param script worker thread that gets the request as its `workerData`, and sends the result as "ready"
 */
export function inThread<Request, Result>(script: URL): (request: Request) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  const compute = async (request: Request): Promise<Result> => {
    const thread = await WorkerThread.start<Result, never, never>(script, request);
    await thread.stop();
    return thread.ready;
  };
  return (request) => {
    const next = last.then(() => compute(request));
    last = next.catch(() => undefined);
    return next;
  };
}
