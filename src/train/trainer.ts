import { assembleBatch } from "../data/assemble-batch.js";
import type { Batch } from "../data/batch.js";
import { featureUnits, withCorruptedCopies } from "../corruption/corrupted-copies.js";
import type { DamagedCopies, Split } from "../data/dataset.js";
import type { Model } from "../models/model.js";
import { Adam } from "../nn/optim/adam.js";
import { clippingFactor, firstBrokenGradient, globalGradientNorm } from "../nn/optim/gradient-norm.js";
import { initialPlateau, learningRateAt, type ScheduleOptions } from "../nn/optim/schedule.js";
import { WeightAverage } from "../nn/optim/weight-average.js";
import { Tape } from "../tensor/tape.js";
import type { Progress, TrainingState } from "../runs/checkpoint.js";
import { forwardSplit, type SplitOutputs } from "../predict/forward-split.js";
import { epochOrder, modalityDropout, withPresence } from "./order.js";
import { RAW_COPIES, type TrainConfig } from "../models/train-config.js";
import { copyWeights, setWeights } from "../runs/weights.js";
import { RawCopies, withCopiesAppended } from "./raw-copies.js";
import { yieldToEvents } from "./yield-to-events.js";

/** Result of an epoch. */
export type EpochOutcome =
  /** Means of the losses over samples, by name. */
  | { readonly kind: "done"; readonly losses: Readonly<Record<string, number>> }
  | { readonly kind: "diverged"; readonly step: number; readonly reason: string }
  | { readonly kind: "interrupted" };

export interface EpochHooks {
  /** Called after each step. `done` counts the steps of this epoch. */
  readonly onStep: (done: number, loss: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** Longest time that training blocks the event loop (Ctrl-C, progress bars), in milliseconds. */
const YIELD_EVERY = 50;

/** Training state of a model: optimiser, averaged weights, best weights and progress. */
export class Trainer {
  readonly stepsPerEpoch: number;
  progress: Progress;
  private readonly adam: Adam;
  private readonly average: WeightAverage | undefined;
  private readonly schedule: ScheduleOptions;
  /** Scale of the training features by modality. Empty without corrupted copies. */
  private readonly units: Readonly<Record<string, number>>;
  private readonly rawCopies: RawCopies | undefined;
  /** Samples of a closed-form solution. The same object in every epoch. */
  private solved: Split | undefined;
  private best: TrainingState["best"];
  /** Time of the last yield. Kept over epochs, so that a run with short epochs responds to Ctrl-C, too. */
  private lastYield = performance.now();

  /**
   * @param train the training split, normalised
   * @param copies corrupted copies of its samples, normalised
   */
  constructor(
    readonly model: Model,
    private readonly config: TrainConfig,
    private readonly train: Split,
    private readonly copies?: DamagedCopies,
  ) {
    this.stepsPerEpoch = model.solve ? 1 : Math.ceil(train.size / config.batchSize);
    this.adam = new Adam(model.parameters, { kind: config.optimiser, weightDecay: config.weightDecay });
    this.average =
      config.averageDecay > 0 ? new WeightAverage(model.parameters, config.averageDecay) : undefined;
    this.schedule = { ...config, totalSteps: this.stepsPerEpoch * config.epochs };
    this.units = config.copies.length > 0 ? featureUnits(train) : {};
    this.rawCopies =
      copies && config.copies.includes(RAW_COPIES) ? new RawCopies(copies, train.size) : undefined;
    this.best = new Map();
    this.progress = {
      epoch: 0,
      step: 0,
      plateau: initialPlateau,
      learningRateFactor: 1,
      recoveries: 0,
      initialLoss: 0,
      bestEpoch: 0,
      bestScore: null,
      history: [],
      seconds: 0,
    };
  }

  /** Returns the learning rate of a step, with the factor of recoveries. */
  learningRate(step: number): number {
    return learningRateAt(this.schedule, this.progress.plateau, step) * this.progress.learningRateFactor;
  }

  get scheduleOptions(): ScheduleOptions {
    return this.schedule;
  }

  /**
   * Runs one pass over the training split, or one closed-form solution.
   *
   * Does not change `progress`: the caller decides whether the epoch counts.
   */
  async runEpoch(hooks: EpochHooks): Promise<EpochOutcome> {
    const { seed, batchSize } = this.config;
    const { epoch } = this.progress;
    if (this.model.solve) return await this.solveEpoch(this.model.solve, hooks);
    const order = epochOrder(seed, epoch, this.train.size);
    const split = this.splitFor(epoch);
    const sums = new Map<string, number>();
    for (let i = 0; i < this.stepsPerEpoch; i++) {
      const rows = order.subarray(i * batchSize, Math.min((i + 1) * batchSize, order.length));
      const step = this.progress.step + i;
      const reason = this.step(split, rows, step, sums);
      if (reason !== undefined) return { kind: "diverged", step, reason };
      hooks.onStep(i + 1, sums.get("last") ?? NaN);
      if (performance.now() - this.lastYield > YIELD_EVERY) {
        await yieldToEvents();
        this.lastYield = performance.now();
      }
      if (hooks.signal?.aborted) return { kind: "interrupted" };
    }
    sums.delete("last");
    return {
      kind: "done",
      losses: Object.fromEntries([...sums].map(([name, sum]) => [name, sum / this.train.size])),
    };
  }

  private async solveEpoch(solve: NonNullable<Model["solve"]>, hooks: EpochHooks): Promise<EpochOutcome> {
    await yieldToEvents();
    if (hooks.signal?.aborted) return { kind: "interrupted" };
    const { epoch, history } = this.progress;
    this.solved ??= this.copies && this.rawCopies ? withCopiesAppended(this.train, this.copies) : this.train;
    const losses = solve(
      this.solved,
      epoch,
      history.map(({ best }) => best),
    );
    hooks.onStep(1, losses["total"] ?? NaN);
    return { kind: "done", losses };
  }

  /**
   * Takes one optimiser step and adds the losses, weighted by samples, to `sums`.
   *
   * @returns undefined, or the reason why the step was not taken
   */
  private step(split: Split, rows: Int32Array, step: number, sums: Map<string, number>): string | undefined {
    const { backend } = this.model.parameters;
    const tape = new Tape(backend);
    const { losses } = this.model.forward(tape, this.batch(split, rows, step), {
      training: true,
      seed: this.config.seed,
      step,
    });
    const loss = losses?.total.item() ?? NaN;
    let reason = Number.isFinite(loss) ? undefined : `the training loss became ${loss}`;
    if (losses && reason === undefined) {
      for (const [name, part] of [["total", losses.total] as const, ...Object.entries(losses.parts)]) {
        sums.set(name, (sums.get(name) ?? 0) + part.item() * rows.length);
      }
      sums.set("last", loss);
      tape.backward(losses.total);
      reason = this.update(step);
    }
    this.adam.clearGradients();
    backend.endStep();
    return reason;
  }

  private batch(split: Split, rows: Int32Array, step: number): Batch {
    const batch = assembleBatch(split, rows);
    const { copies, copiesKeep: keep, copiesTeach: teach, seed } = this.config;
    const shared = { keep, teach, seed, step, units: this.units };
    if (this.rawCopies) return this.rawCopies.addTo(batch, shared);
    const kinds = copies.filter((kind) => kind !== RAW_COPIES);
    return kinds.length > 0 ? withCorruptedCopies(batch, { ...shared, kinds }) : batch;
  }

  private update(step: number): string | undefined {
    const { backend } = this.model.parameters;
    const parameters = this.model.parameters.all();
    const broken = firstBrokenGradient(backend, parameters);
    if (broken) return `the gradient of "${broken.name}" is not finite`;
    const { clipNorm } = this.config;
    const scale = clipNorm > 0 ? clippingFactor(globalGradientNorm(backend, parameters), clipNorm) : 1;
    if (!Number.isFinite(scale)) return "the norm of the gradient is not finite";
    this.adam.step(this.learningRate(step), scale);
    this.average?.update(step);
    return undefined;
  }

  private splitFor(epoch: number): Split {
    const { modalityDropout: rate, seed } = this.config;
    return rate > 0 ? withPresence(this.train, modalityDropout(this.train, rate, seed, epoch)) : this.train;
  }

  /** Computes the model's outputs for a normalised split. Uses the averaged weights if there are any. */
  evaluate(split: Split): SplitOutputs {
    const run = (): SplitOutputs => forwardSplit(this.model, split, this.config.seed);
    return this.average ? this.average.during(run) : run();
  }

  /**
   * Stores a copy of the current (averaged) weights as the best so far. Overwrites the last ones, also in
   * earlier snapshots.
   */
  keepBest(): void {
    const copy = (): TrainingState["best"] => copyWeights(this.model.parameters, this.best);
    this.best = this.average ? this.average.during(copy) : copy();
  }

  /** Puts the best weights into the model, at the end of training. */
  restoreBest(): void {
    setWeights(this.model.parameters, this.best, "best weights");
  }

  /**
   * Copies the state. The best weights are shared with it, not copied.
   * @param into earlier snapshot that is not needed any more: its arrays are overwritten
   */
  snapshot(into?: TrainingState): TrainingState {
    return {
      progress: this.progress,
      weights: copyWeights(this.model.parameters, into?.weights),
      moments: this.adam.snapshot(into?.moments),
      average: this.average?.snapshot(into?.average),
      best: this.best,
    };
  }

  restore(state: TrainingState): void {
    setWeights(this.model.parameters, state.weights, "checkpoint");
    this.adam.restore(state.moments);
    if (this.average) this.average.restore(state.average ?? new Map());
    // a copy, because the arrays of a checkpoint share the memory of its whole file
    if (state.best !== this.best)
      this.best = new Map([...state.best].map(([name, values]) => [name, values.slice()]));
    this.progress = state.progress;
  }
}
