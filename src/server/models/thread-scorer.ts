import { EuarError } from "../../core/errors.js";
import { Breakdown, WorkerThread } from "../../features/worker-thread.js";
import type { ScorerOptions } from "./local-scorer.js";
import type { JsonAnswer, JsonRequest, ModelDescription, Scorer } from "./scorer.js";

/** Data that a scorer's thread starts with. */
export interface ThreadStart {
  readonly place: string;
  readonly options: ScorerOptions;
}

type Thread = WorkerThread<ModelDescription, readonly JsonRequest[], readonly JsonAnswer[]>;

/**
 * Loads a run in its own thread. If the thread crashes, its requests fail and it is replaced.
 * @throws CheckpointError as `Predictor.load`
 */
export async function openThreadScorer(place: string, options: ScorerOptions): Promise<Scorer> {
  const start = (): Promise<Thread> =>
    WorkerThread.start(new URL("./scorer-thread.js", import.meta.url), {
      place,
      options,
    } satisfies ThreadStart);
  let thread = await start();
  return {
    description: thread.ready,
    score: async (requests) => {
      try {
        return await thread.ask(requests, new AbortController().signal);
      } catch (error) {
        if (!(error instanceof Breakdown)) throw error;
        thread = await start();
        throw new EuarError("backend.out-of-memory", `the thread of the model crashed: ${error.message}`, {
          hint: "Send fewer or shorter samples at once.",
        });
      }
    },
    close: () => thread.stop(),
  };
}
