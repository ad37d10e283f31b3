import { availableParallelism } from "node:os";
import { MediaError } from "../core/errors.js";
import type { CommandContext } from "./context.js";
import type { Progress } from "./progress.js";

export interface WorkTexts {
  /** Message at the first Ctrl-C. */
  readonly stopping: string;
  /**
   * Returns the error to throw after an interruption.
   * @param cause error that the work threw
   */
  readonly interrupted: (cause: unknown) => Error;
}

/**
 * Runs long work that Ctrl-C can end.
 * @throws the error of the work, or `interrupted` after Ctrl-C
 */
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

/**
 * Runs long work that Ctrl-C can end, with a progress bar whose total is 1.
 * @param label label of the bar
 */
export async function interruptibleWork<Result>(
  context: CommandContext,
  { label, ...texts }: WorkTexts & { readonly label: string },
  work: (signal: AbortSignal, progress: Progress) => Promise<Result>,
): Promise<Result> {
  return interruptible(context, texts, (signal) =>
    withProgress(context, label, (progress) => work(signal, progress)),
  );
}

/**
 * Returns a function that makes the error "media.interrupted", for a command that continues when it is run
 * again.
 * @param work name of the work
 * @param kept sentence about the work that is not repeated
 */
export function continuable(work: string, kept?: string): WorkTexts["interrupted"] {
  const hint = ["Run the same command again to continue.", ...(kept === undefined ? [] : [kept])].join(" ");
  return (cause) => new MediaError("media.interrupted", `${work} was interrupted`, { hint, cause });
}

/** Returns a function that shows in a bar how many of a number of things are done. */
export function counting(progress: Progress, things: string): (done: number, total: number) => void {
  return (done, total) => {
    progress.update(done / total, `${done} of ${total} ${things}`);
  };
}

/** Runs work with its own progress bar, whose total is 1. */
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

/** Default number of threads: one per core, at most 4. */
export function defaultWorkers(): number {
  return Math.min(4, availableParallelism());
}
