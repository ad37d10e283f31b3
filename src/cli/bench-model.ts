import { defined } from "../core/defined.js";
import { normalAt, randomKey } from "../core/random.js";
import type { Batch } from "../data/batch.js";
import type { Task } from "../data/dataset.js";
import { createModel } from "../models/registry.js";
import type { Model } from "../models/model.js";
import { Adam } from "../nn/optim/adam.js";
import { Tape } from "../tensor/tape.js";
import { type BackendName, type BackendOptions, createBackend } from "../predict/create-backend.js";

/** Case to time: an EUAR model of a given size, on random features of given widths. */
export interface BenchCase {
  readonly widths: readonly number[];
  readonly batchSize: number;
  readonly config: Readonly<Record<string, unknown>>;
  readonly seed: number;
}

const task: Task = { kind: "regression", targets: ["sentiment"] };

/** Draws random features and labels. The time of a step does not depend on their values. */
export function randomBatch({ widths, batchSize, seed }: BenchCase): Batch {
  const modalities = widths.map((width, m) => {
    const key = randomKey(seed, `bench/features/${m}`);
    const values = Float32Array.from({ length: batchSize * width }, (_, i) => normalAt(key, i)); // [B, 1, D]
    const ones = new Uint8Array(batchSize).fill(1);
    return [`modality-${m + 1}`, { width, steps: 1, values, mask: ones, present: ones }] as const;
  });
  const labelKey = randomKey(seed, "bench/labels");
  return {
    size: batchSize,
    sampleIndex: Int32Array.from({ length: batchSize }, (_, i) => i),
    modalities: Object.fromEntries(modalities),
    labels: Float32Array.from({ length: batchSize }, (_, i) => normalAt(labelKey, i)),
  };
}

/** Model with its optimiser, for timing training steps and predictions. */
export class BenchModel {
  private readonly adam: Adam;
  private steps = 0;

  private constructor(
    readonly model: Model,
    private readonly batch: Batch,
    private readonly seed: number,
  ) {
    this.adam = new Adam(model.parameters, { kind: "adam", weightDecay: 0 });
  }

  static async create(
    bench: BenchCase,
    backendName: BackendName,
    options: BackendOptions = {},
  ): Promise<BenchModel> {
    const backend = await createBackend(backendName, options);
    const modalities = bench.widths.map((width, m) => ({ name: `modality-${m + 1}`, width, steps: 1 }));
    return new BenchModel(
      createModel("euar", { task, modalities }, bench.config, backend, bench.seed),
      randomBatch(bench),
      bench.seed,
    );
  }

  /**
   * Runs one optimiser step: forward, backward, Adam.
   * @returns the loss before the step
   */
  trainStep(): number {
    const { backend } = this.model.parameters;
    const tape = new Tape(backend);
    const { losses } = this.model.forward(tape, this.batch, {
      training: true,
      seed: this.seed,
      step: this.steps,
    });
    const loss = losses?.total.item() ?? NaN;
    if (losses) tape.backward(losses.total);
    this.adam.step(1e-3);
    this.adam.clearGradients();
    backend.endStep();
    this.steps += 1;
    return loss;
  }

  /** Predicts the batch, with diagnostics. */
  predict(): number[] {
    const { backend } = this.model.parameters;
    const { size, sampleIndex, modalities } = this.batch;
    const result = this.model.forward(
      new Tape(backend, false),
      { size, sampleIndex, modalities },
      { training: false, seed: this.seed, step: 0 },
    );
    const values = result.prediction.toArray();
    backend.endStep();
    return values;
  }
}

/** Returns the largest relative difference of two series. Each difference is divided by max(1, |b|). */
export function largestDifference(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Infinity;
  return a.reduce((largest, value, i) => {
    const other = defined(b[i]);
    const difference = Math.abs(value - other) / Math.max(1, Math.abs(other));
    return difference <= largest ? largest : Number.isNaN(difference) ? Infinity : difference;
  }, 0);
}
