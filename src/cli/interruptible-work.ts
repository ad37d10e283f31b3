import { availableParallelism } from "node:os";
import type { CommandContext } from "./context.js";
import type { Progress } from "./progress.js";

export interface WorkTexts {
  /** Of the progress bar, whose total is 1. */
  readonly label: string;
  /** Said at the first Ctrl-C. */
  readonly stopping: string;
  /** What the work ends in when it was interrupted. @param cause what it threw */
  readonly interrupted: (cause: unknown) => Error;
}

/** Long work with a progress bar that Ctrl-C ends. @throws what the work throws, or `interrupted` once Ctrl-C was pressed */
export async function interruptibleWork<Result>(context: CommandContext, { label, stopping, interrupted }: WorkTexts, work: (signal: AbortSignal, progress: Progress) => Promise<Result>): Promise<Result> {
  const { signal, release } = context.interruptible(stopping);
  const progress = await context.progress(label, 1);
  try {
    return await work(signal, progress);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw interrupted(error);
  } finally {
    progress.stop();
    release();
  }
}

/** Threads where the user names no number: one per core, but at most 4. */
export function defaultWorkers(): number {
  return Math.min(4, availableParallelism());
}
