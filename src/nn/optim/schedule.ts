import { cos } from "../../core/math.js";

export interface ScheduleOptions {
  readonly schedule: "plateau" | "cosine" | "constant";
  readonly learningRate: number;
  /** Number of steps in which the learning rate rises linearly from 0. */
  readonly warmupSteps: number;
  /** Number of steps of the whole training, for the cosine schedule. */
  readonly totalSteps: number;
  readonly plateauPatience: number;
  readonly plateauFactor: number;
}

/** State of the plateau schedule. Immutable. */
export interface PlateauState {
  /** Current factor on the initial learning rate. */
  readonly factor: number;
  readonly best: number;
  readonly badEpochs: number;
}

/**
 * Initial state. `best` is the largest number instead of infinity, so that the state can be stored as JSON.
 */
export const initialPlateau: PlateauState = { factor: 1, best: Number.MAX_VALUE, badEpochs: 0 };

/**
 * Least relative improvement: an epoch is better if its loss is below best * (1 - 1e-4), as in
 * torch.optim.lr_scheduler.ReduceLROnPlateau.
 */
const PLATEAU_THRESHOLD = 1e-4;

/**
 * Updates the plateau state after an epoch. After more than `patience` epochs without improvement, the
 * learning rate is multiplied by `factor`.
 */
export function plateauAfter(state: PlateauState, loss: number, options: ScheduleOptions): PlateauState {
  if (loss < state.best * (1 - PLATEAU_THRESHOLD)) return { ...state, best: loss, badEpochs: 0 };
  const badEpochs = state.badEpochs + 1;
  if (badEpochs <= options.plateauPatience) return { ...state, badEpochs };
  return { ...state, factor: state.factor * options.plateauFactor, badEpochs: 0 };
}

/**
 * Computes the learning rate of one step.
 *
 * The cosine schedule is rate/2 (1 + cos(pi t)). t rises from 0 after the warm-up to 1 at the end of
 * training.
 * @param step from 0
 */
export function learningRateAt(options: ScheduleOptions, plateau: PlateauState, step: number): number {
  const { learningRate, warmupSteps, totalSteps } = options;
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
  if (options.schedule === "plateau") return learningRate * plateau.factor;
  if (options.schedule === "constant") return learningRate;
  const t = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
  return 0.5 * learningRate * (1 + cos(Math.PI * t));
}
