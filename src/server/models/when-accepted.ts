import { setTimeout as sleep } from "node:timers/promises";
import { ServerError } from "../../core/errors.js";

/** Milliseconds between two attempts. */
const PAUSE = 20;

/**
 * Repeats a call that a full queue refuses, until it is accepted.
 * @param signal ends the waiting
 * @throws errors of the call, except "server.overloaded"; an AbortError if the signal is aborted
 */
export async function whenAccepted<Result>(
  work: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ServerError) || error.code !== "server.overloaded") throw error;
      await sleep(PAUSE, undefined, { signal });
    }
  }
}
