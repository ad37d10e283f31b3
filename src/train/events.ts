import type { EpochRecord } from "../runs/results.js";

/** Sent once, before the first step. */
export interface StartEvent {
  readonly kind: "start";
  readonly model: string;
  /** Number of trainable values. */
  readonly parameters: number;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** Number of epochs already done. Above 0 only in a resumed run. */
  readonly epochsDone: number;
}

/** Sent after an optimiser step, at most about ten times a second. */
export interface StepEvent {
  readonly kind: "step";
  /** From 1. */
  readonly epoch: number;
  /** Number of steps done in this epoch, from 1. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  /** Training loss of this step. */
  readonly loss: number;
  /** Fraction of all epochs done, in [0, 1]. */
  readonly progress: number;
  /** Estimated seconds for all remaining epochs. Early stopping may need fewer. */
  readonly secondsLeft: number;
}

/** Sent after each epoch's validation. */
export interface EpochEvent {
  readonly kind: "epoch";
  readonly record: EpochRecord;
  readonly secondsLeft: number;
}

/** Training diverged and returned to the last good state with a lower learning rate. */
export interface RecoveryEvent {
  readonly kind: "recovery";
  readonly epoch: number;
  /** Global step, from 0. */
  readonly step: number;
  readonly reason: string;
  readonly attempt: number;
  readonly attemptsLeft: number;
  /** Factor on the schedule's learning rate from now on. */
  readonly learningRateFactor: number;
}

/** Sent once, after the final evaluation. */
export interface DoneEvent {
  readonly kind: "done";
  readonly bestEpoch: number;
  readonly epochs: number;
  readonly seconds: number;
  readonly stoppedEarly: boolean;
}

/** Event of a training run. `kind` distinguishes the cases. */
export type TrainEvent = StartEvent | StepEvent | EpochEvent | RecoveryEvent | DoneEvent;
