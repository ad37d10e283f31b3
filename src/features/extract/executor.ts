import { nodeMedia } from "../node-media.js";
import type { ExtractPlan, Identities, ModalityResult } from "./plan.js";
import type { Sample } from "./sample.js";
import { SampleExtractor } from "./sample-extractor.js";

/** Extracts the features of one sample at a time. The result does not depend on earlier samples. */
export interface Executor {
  readonly identities: Identities;
  /**
   * @throws EuarError for a failure that would repeat for every sample
   * @throws the signal's reason when aborted
   */
  extract(sample: Sample, signal: AbortSignal): Promise<readonly ModalityResult[]>;
  close(): Promise<void>;
}

export type OpenExecutor = (plan: ExtractPlan) => Promise<Executor>;

/** Extracts in this thread. */
export const openLocalExecutor: OpenExecutor = async (plan) => {
  const extractor = await SampleExtractor.open(plan, nodeMedia);
  return {
    identities: extractor.identities,
    extract: (sample, signal) => extractor.extract(sample, signal),
    close: () => {
      extractor.close();
      return Promise.resolve();
    },
  };
};

/**
 * Distributes samples over executors. A free executor takes the next sample. Results have the order of the
 * samples.
 * @throws the first error that does not belong to one sample alone
 * @throws the signal's reason when aborted
 */
export async function extractAll(
  executors: readonly Executor[],
  samples: readonly Sample[],
  signal: AbortSignal,
  onDone: (done: number) => void,
): Promise<(readonly ModalityResult[])[]> {
  const results: (readonly ModalityResult[])[] = [];
  let next = 0;
  let done = 0;
  let failed = false;
  const lane = async (executor: Executor): Promise<void> => {
    while (next < samples.length && !failed) {
      const index = next++;
      const sample = samples[index];
      if (!sample) return;
      try {
        signal.throwIfAborted();
        results[index] = await executor.extract(sample, signal);
      } catch (error) {
        failed = true;
        throw error;
      }
      onDone(++done);
    }
  };
  const ends = await Promise.allSettled(executors.map(lane));
  const bad = ends.find((end) => end.status === "rejected");
  if (bad) throw bad.reason;
  return results;
}
