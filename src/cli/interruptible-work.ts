import { availableParallelism } from "node:os";
import type { CommandContext } from "./context.js";
import type { Progress } from "./progress.js";

export interface WorkTexts {
  /** Said at the first Ctrl-C. */
  readonly stopping: string;
  /** What the work ends in when it was interrupted. @param cause what it threw */
  readonly interrupted: (cause: unknown) => Error;
}

/** Long work that Ctrl-C ends. @throws what the work throws, or `interrupted` once Ctrl-C was pressed */
export async function interruptible<Result>(
  context: CommandContext,
  { stopping, interrupted }: WorkTexts,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { signal, release } = context.interruptible(stopping);
  try {
    return await work(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw interrupted(error);
  } finally {
    release();
  }
}

/** The same with a progress bar, whose total is 1. @param label of the bar */
export async function interruptibleWork<Result>(
  context: CommandContext,
  { label, ...texts }: WorkTexts & { readonly label: string },
  work: (signal: AbortSignal, progress: Progress) => Promise<Result>,
): Promise<Result> {
  return interruptible(context, texts, (signal) =>
    withProgress(context, label, (progress) => work(signal, progress)),
  );
}

/** Work under a bar of its own, whose total is 1. */
export async function withProgress<Result>(
  context: CommandContext,
  label: string,
  work: (progress: Progress) => Promise<Result>,
): Promise<Result> {
  const progress = await context.progress(label, 1);
  try {
    return await work(progress);
  } finally {
    progress.stop();
  }
}

/** Threads where the user names no number: one per core, but at most 4. */
export function defaultWorkers(): number {
  return Math.min(4, availableParallelism());
}
