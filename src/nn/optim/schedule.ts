import { cos } from "../../core/math.js";

export interface ScheduleOptions {
  readonly schedule: "plateau" | "cosine" | "constant";
  readonly learningRate: number;
  /** Steps over which the rate rises linearly from 0. */
  readonly warmupSteps: number;
  /** Steps of the whole training, for the cosine. */
  readonly totalSteps: number;
  readonly plateauPatience: number;
  readonly plateauFactor: number;
}

/** State of the plateau rule. A value: copy it to go back to it. */
export interface PlateauState {
  /** Factor on the initial rate so far. */
  readonly factor: number;
  readonly best: number;
  readonly badEpochs: number;
}

/** `best` starts at the largest number rather than infinity, so that the state survives JSON. */
export const initialPlateau: PlateauState = { factor: 1, best: Number.MAX_VALUE, badEpochs: 0 };

/**
 * An epoch counts as better when the loss falls below best * (1 - 1e-4), as in
 * torch.optim.lr_scheduler.ReduceLROnPlateau.
 */
const PLATEAU_THRESHOLD = 1e-4;

/**
 * The plateau rule after an epoch with this validation loss: more than `patience` epochs without a better one
 * multiply the rate by `factor`.
 */
export function plateauAfter(state: PlateauState, loss: number, options: ScheduleOptions): PlateauState {
  if (loss < state.best * (1 - PLATEAU_THRESHOLD)) return { ...state, best: loss, badEpochs: 0 };
  const badEpochs = state.badEpochs + 1;
  if (badEpochs <= options.plateauPatience) return { ...state, badEpochs };
  return { ...state, factor: state.factor * options.plateauFactor, badEpochs: 0 };
}

/**
 * The learning rate of one step.
 * @param step from 0
 * cosine: rate/2 (1 + cos(pi t)), t from 0 after the warm-up to 1 at the end of training.
 */
export function learningRateAt(options: ScheduleOptions, plateau: PlateauState, step: number): number {
  const { learningRate, warmupSteps, totalSteps } = options;
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
  if (options.schedule === "plateau") return learningRate * plateau.factor;
  if (options.schedule === "constant") return learningRate;
  const t = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
  return 0.5 * learningRate * (1 + cos(Math.PI * t));
}
