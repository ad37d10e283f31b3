import { defined } from "../core/defined.js";
import { foldIn, randomKey, type RandomKey } from "../core/random.js";
import type { Batch, BatchModality } from "./batch.js";
import { copyDistances } from "./copy-distances.js";

/** Options of copies of a batch's samples. */
export interface AddCopiesOptions {
  /** Probability that a modality of a copy stays clean. */
  readonly keep: number;
  /** True if the prediction learns from copies. False if only the other parts of the model do. */
  readonly teach: boolean;
  readonly seed: number;
  /** Optimiser step, from 0. */
  readonly step: number;
  /** By modality, root mean square of the training features. */
  readonly units: Readonly<Record<string, number>>;
}

/** Corruption of the samples of one modality, [2B] each; 0 for the originals and for clean copies. */
export interface CopyChanges {
  readonly severity: Float32Array;
  /** Number of the kind, from 1. */
  readonly damage: Int32Array;
}

/** Changes the copies of one modality, the second half of `doubled`, in place. */
export type ChangeCopies = (name: string, doubled: BatchModality, key: RandomKey) => CopyChanges;

/** Offset in `sampleIndex` between a copy and its original, so that their noise and dropout differ. */
const COPY = 2 ** 30;

/**
 * Adds a copy of each sample to a batch. Labels are repeated.
 *
 * @param change called for each modality, with a key of (seed, modality, step)
 * @returns batch of twice the size with `severity`, `damage` and `distance`
 */
export function addCopies(
  batch: Batch,
  { teach, seed, step, units }: AddCopiesOptions,
  change: ChangeCopies,
): Batch {
  const severity: Record<string, Float32Array> = {};
  const damage: Record<string, Int32Array> = {};
  const distance: Record<string, Float32Array> = {};
  const modalities: Record<string, BatchModality> = {};
  for (const [name, modality] of Object.entries(batch.modalities)) {
    const doubled = repeated(modality);
    const changes = change(name, doubled, foldIn(randomKey(seed, `copies/${name}`), step));
    severity[name] = changes.severity;
    damage[name] = changes.damage;
    distance[name] = copyDistances(doubled, units[name] ?? 1);
    modalities[name] = doubled;
  }
  const sampleIndex = twice(batch.sampleIndex);
  for (let b = batch.size; b < 2 * batch.size; b++) sampleIndex[b] = defined(sampleIndex[b]) + COPY;
  return {
    size: 2 * batch.size,
    sampleIndex,
    modalities,
    severity,
    damage,
    distance,
    originals: batch.size,
    ...(!teach && { taught: batch.size }),
    ...(batch.labels && { labels: twice(batch.labels) }),
  };
}

function repeated({ width, steps, values, mask, present, quality }: BatchModality): BatchModality {
  return {
    width,
    steps,
    values: twice(values),
    mask: twice(mask),
    present: twice(present),
    ...(quality && { quality: twice(quality) }),
  };
}

function twice<Values extends Float32Array | Int32Array | Uint8Array>(values: Values): Values {
  const out = new (values.constructor as new (length: number) => Values)(2 * values.length);
  out.set(values);
  out.set(values, values.length);
  return out;
}
