import type { Divergence } from "./divergence.js";
import type { TrainEvent } from "./events.js";
import type { EpochRecord } from "../runs/results.js";
import type { TrainConfig } from "../models/train-config.js";
import type { Trainer } from "./trainer.js";

/** Least number of milliseconds between two step events. */
const STEP_EVENT_EVERY = 100;

/** Measures the time of a run and sends its progress events. */
export class ProgressClock {
  private readonly began = performance.now();
  private readonly secondsBefore: number;
  private readonly stepsBefore: number;
  private lastStepEvent = -Infinity;

  constructor(
    private readonly trainer: Trainer,
    private readonly config: TrainConfig,
    private readonly send: ((event: TrainEvent) => void) | undefined,
  ) {
    this.secondsBefore = trainer.progress.seconds;
    this.stepsBefore = trainer.progress.step;
  }

  /** Returns the seconds spent on the run, including those before an interruption. */
  seconds(): number {
    return this.secondsBefore + (performance.now() - this.began) / 1000;
  }

  start(model: string, parameters: number): void {
    this.send?.({
      kind: "start",
      model,
      parameters,
      epochs: this.config.epochs,
      stepsPerEpoch: this.trainer.stepsPerEpoch,
      epochsDone: this.trainer.progress.epoch,
    });
  }

  readonly onStep = (done: number, loss: number): void => {
    const now = performance.now();
    if (!this.send || now - this.lastStepEvent < STEP_EVENT_EVERY) return;
    this.lastStepEvent = now;
    const { stepsPerEpoch, progress } = this.trainer;
    const total = stepsPerEpoch * this.config.epochs;
    const steps = progress.step + done;
    this.send({
      kind: "step",
      epoch: progress.epoch + 1,
      step: done,
      stepsPerEpoch,
      loss,
      progress: steps / total,
      secondsLeft: this.secondsLeft(steps),
    });
  };

  onEpoch(record: EpochRecord): void {
    this.send?.({ kind: "epoch", record, secondsLeft: this.secondsLeft(record.step) });
  }

  onRecovery(
    { epoch, step, reason }: Divergence,
    attempt: number,
    attemptsLeft: number,
    learningRateFactor: number,
  ): void {
    this.send?.({ kind: "recovery", epoch, step, reason, attempt, attemptsLeft, learningRateFactor });
  }

  onDone(stoppedEarly: boolean): void {
    const { bestEpoch, epoch } = this.trainer.progress;
    this.send?.({ kind: "done", bestEpoch, epochs: epoch, seconds: this.seconds(), stoppedEarly });
  }

  private secondsLeft(steps: number): number {
    const done = steps - this.stepsBefore;
    const total = this.trainer.stepsPerEpoch * this.config.epochs;
    return done === 0 ? 0 : ((performance.now() - this.began) / 1000 / done) * (total - steps);
  }
}
