import { TrainError } from "../core/errors.js";

/** Number of times that a run may return to its last good state with a lower learning rate. */
export const RECOVERY_ATTEMPTS = 3;
/** Factor on the learning rate after each recovery. It stays for the rest of the run. */
export const RECOVERY_FACTOR = 0.3;
/** An epoch has diverged if its validation loss exceeds this multiple of the initial weights' loss. */
const LOSS_EXPLOSION = 100;

/** Place of a divergence and its reason. */
export interface Divergence {
  /** From 1. */
  readonly epoch: number;
  /** Global step, from 0. */
  readonly step: number;
  readonly reason: string;
}

/**
 * Returns the reason why a validation loss means divergence, or undefined if it does not.
 *
 * @param initialLoss validation loss of the initial weights
 */
export function validationDivergence(loss: number, initialLoss: number): string | undefined {
  if (!Number.isFinite(loss)) return `the validation loss became ${loss}`;
  if (loss > LOSS_EXPLOSION * initialLoss && loss > 1e-6) {
    const initial = `that of the initial weights (${initialLoss.toPrecision(4)})`;
    return `the validation loss rose to ${loss.toPrecision(4)}, over ${LOSS_EXPLOSION} times ${initial}`;
  }
  return undefined;
}

/** Makes the error of a run that diverged after every recovery attempt. */
export function divergenceError(at: Divergence, learningRate: number): TrainError {
  return new TrainError(
    "train.diverged",
    `training diverged at step ${at.step} (epoch ${at.epoch}): ${at.reason}. ` +
      `${RECOVERY_ATTEMPTS} restarts from the last good state did not help, ` +
      `each with ${RECOVERY_FACTOR} times the learning rate (now ${learningRate.toPrecision(3)})`,
    {
      hint:
        "Look for extreme features or labels with `euar inspect`. Do not use --normalise none. " +
        "Lower --learning-rate, or set --clip-norm 1.",
    },
  );
}
