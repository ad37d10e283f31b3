import { CheckpointError } from "../core/errors.js";
import type { MomentSnapshot } from "../nn/optim/adam.js";
import type { PlateauState } from "../nn/optim/schedule.js";
import type { FloatArray } from "../tensor/backend.js";
import type { EpochRecord } from "./results.js";
import { readSafetensors, safetensorsPieces, type StoredTensor } from "./safetensors.js";

/** Named weights, as plain values. */
export type Weights = ReadonlyMap<string, FloatArray>;

/** Progress of a run, without its arrays. Immutable: it is replaced, never changed. */
export interface Progress {
  /** Number of epochs done. */
  readonly epoch: number;
  /** Number of optimiser steps done. */
  readonly step: number;
  readonly plateau: PlateauState;
  /** Product of the learning-rate factors of all recoveries. */
  readonly learningRateFactor: number;
  readonly recoveries: number;
  /** Validation loss of the initial weights. */
  readonly initialLoss: number;
  /** Best epoch, from 1; 0 before the first epoch. */
  readonly bestEpoch: number;
  readonly bestScore: number | null;
  readonly history: readonly EpochRecord[];
  /** Wall time so far, in seconds. */
  readonly seconds: number;
}

/** Complete state of training. A run resumed from it gives the same bits as an uninterrupted run. */
export interface TrainingState {
  readonly progress: Progress;
  readonly weights: Weights;
  readonly moments: ReadonlyMap<string, MomentSnapshot>;
  readonly average: Weights | undefined;
  readonly best: Weights;
}

const FORMAT = "euar-checkpoint/1";

/** Encodes a checkpoint as pieces of its file, which share the memory of the state. */
export function encodeCheckpoint(state: TrainingState, hash: string): Uint8Array[] {
  const tensors = new Map<string, StoredTensor>();
  const put = (prefix: string, weights: Weights | undefined): void => {
    for (const [name, values] of weights ?? [])
      tensors.set(`${prefix}:${name}`, { shape: [values.length], values });
  };
  put("weight", state.weights);
  put("average", state.average);
  put("best", state.best);
  for (const [name, moment] of state.moments) {
    tensors.set(`first:${name}`, { shape: [moment.firstMoment.length], values: moment.firstMoment });
    tensors.set(`second:${name}`, { shape: [moment.secondMoment.length], values: moment.secondMoment });
    tensors.set(`steps:${name}`, { shape: [moment.steps.length], values: moment.steps });
  }
  return safetensorsPieces({
    tensors,
    metadata: { format: FORMAT, hash, progress: JSON.stringify(state.progress) },
  });
}

/**
 * Reads a checkpoint.
 *
 * @param hash hash of the configuration that is resumed
 * @throws CheckpointError if the file is damaged, or belongs to another configuration or other data
 */
export function decodeCheckpoint(bytes: Uint8Array, hash: string, what: string): TrainingState {
  const { tensors, metadata } = readSafetensors(bytes, what);
  if (metadata["format"] !== FORMAT)
    throw new CheckpointError(
      "checkpoint.format",
      `${what} is not a training checkpoint: ` +
        `its format is ${JSON.stringify(metadata["format"])}, expected "${FORMAT}"`,
    );
  if (metadata["hash"] !== hash) {
    throw new CheckpointError(
      "checkpoint.mismatch",
      `${what} belongs to another configuration or other data: ` +
        `its hash is ${metadata["hash"] ?? "missing"}, this run's is ${hash}`,
      {
        hint:
          "Resume with exactly the options and data that the run was started with, " +
          "or start again with --overwrite.",
      },
    );
  }
  const weights = new Map<string, FloatArray>();
  const average = new Map<string, FloatArray>();
  const best = new Map<string, FloatArray>();
  const parts: Record<string, Map<string, FloatArray>> = {
    weight: weights,
    average,
    best,
    first: new Map(),
    second: new Map(),
  };
  const steps = new Map<string, Int32Array>();
  for (const [key, { values }] of tensors) {
    const colon = key.indexOf(":");
    const name = key.slice(colon + 1);
    if (values instanceof Int32Array) steps.set(name, values);
    else if (values instanceof Float32Array || values instanceof Float64Array)
      parts[key.slice(0, colon)]?.set(name, values);
  }
  const moments = new Map<string, MomentSnapshot>();
  for (const [name, firstMoment] of parts["first"] ?? []) {
    const secondMoment = parts["second"]?.get(name);
    const count = steps.get(name);
    if (secondMoment && count) moments.set(name, { firstMoment, secondMoment, steps: count });
  }
  return {
    progress: parseProgress(metadata["progress"], what),
    weights,
    moments,
    average: average.size > 0 ? average : undefined,
    best,
  };
}

function parseProgress(text: string | undefined, what: string): Progress {
  try {
    const value: unknown = JSON.parse(text ?? "");
    if (isProgress(value)) return value;
  } catch {
    // reported below
  }
  throw new CheckpointError("checkpoint.format", `${what} has no valid progress of a run`, {
    hint: "Start the run again with --overwrite.",
  });
}

function isProgress(value: unknown): value is Progress {
  if (typeof value !== "object" || value === null) return false;
  const fields = value as Partial<Record<keyof Progress, unknown>>;
  const numbers = [
    fields.epoch,
    fields.step,
    fields.learningRateFactor,
    fields.recoveries,
    fields.initialLoss,
    fields.bestEpoch,
    fields.seconds,
  ];
  return (
    numbers.every((field) => typeof field === "number") &&
    Array.isArray(fields.history) &&
    typeof fields.plateau === "object" &&
    fields.plateau !== null
  );
}
