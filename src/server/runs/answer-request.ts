import { parentPort, workerData } from "node:worker_threads";
import { plainError, type ThreadReply } from "../../features/worker-thread.js";

/** Program of a thread of {@link InThread}: computes the result of its request, and sends it as "ready". */
export async function answerRequest<Result>(
  compute: (request: never) => Result | Promise<Result>,
): Promise<void> {
  const reply = (message: ThreadReply<Result, never>): void => {
    parentPort?.postMessage(message);
  };
  try {
    reply({ kind: "ready", ready: await compute(workerData as never) });
  } catch (error) {
    reply({ kind: "error", error: plainError(error) });
  }
}
