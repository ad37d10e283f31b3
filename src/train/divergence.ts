import { TrainError } from "../core/errors.js";

/** Times that training may go back to the last good state and try again more slowly. */
export const RECOVERY_ATTEMPTS = 3;
/** What each attempt multiplies the learning rate by, for the rest of the run. */
export const RECOVERY_FACTOR = 0.3;
/** An epoch has diverged when its validation loss exceeds that of the initial weights this many times. */
const LOSS_EXPLOSION = 100;

/** Where and why training left the road. */
export interface Divergence {
  /** From 1. */
  readonly epoch: number;
  /** Global step, from 0. */
  readonly step: number;
  readonly reason: string;
}

/**
 * Why this validation loss means divergence, or undefined. @param initialLoss validation loss of the initial
 * weights
 */
export function validationDivergence(loss: number, initialLoss: number): string | undefined {
  if (!Number.isFinite(loss)) return `the validation loss became ${loss}`;
  if (loss > LOSS_EXPLOSION * initialLoss && loss > 1e-6) {
    return `the validation loss rose to ${loss.toPrecision(4)}, over ${LOSS_EXPLOSION} times that of the initial weights (${initialLoss.toPrecision(4)})`;
  }
  return undefined;
}

/** The error for a run that no lower learning rate saved. */
export function divergenceError(at: Divergence, learningRate: number): TrainError {
  return new TrainError(
    "train.diverged",
    `training diverged at step ${at.step} (epoch ${at.epoch}): ${at.reason}. ` +
      `${RECOVERY_ATTEMPTS} returns to the last good state, each with ${RECOVERY_FACTOR} of the learning rate (now ${learningRate.toPrecision(3)}), did not help`,
    {
      hint: "Look for extreme features or labels with `euar inspect`, do not use --normalise none, lower --learning-rate, or set --clip-norm 1.",
    },
  );
}
