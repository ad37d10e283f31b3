import { defined } from "../core/defined.js";
import { DataError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import type { Batch, BatchModality } from "../data/batch.js";
import type { ModalityInfo } from "../data/dataset.js";

/** Features of one modality: one vector, a sequence of vectors, or nothing. */
export type ModalityFeatures = ArrayLike<number> | readonly ArrayLike<number>[] | null | undefined;

/** Features of one sample by modality. A modality that is absent, null or undefined is missing. */
export type Features = Readonly<Record<string, ModalityFeatures>>;

/**
 * Arrays that are reused for the features of successive batches, because allocating one takes longer than
 * filling it. The next batch overwrites the last one.
 */
export class ValueStage {
  private readonly kept = new Map<string, Float32Array>();

  /** Returns an array of zeros. */
  take(name: string, length: number): Float32Array {
    const known = this.kept.get(name);
    if (known?.length === length) return known.fill(0);
    const values = new Float32Array(length);
    if (length <= STAGED) this.kept.set(name, values);
    return values;
  }
}

/**
 * Maximum number of features that a stage keeps per modality: enough for one sample, not for a large batch.
 */
const STAGED = 1 << 16;

/**
 * Makes a batch of samples, right-padded to the longest sequence of each modality.
 * @param stage provides the arrays of the batch
 * @throws DataError "data.unknown-modality", "data.width-mismatch", "data.invalid-value" or "data.empty",
 * naming sample and modality
 */
export function batchOfFeatures(
  samples: readonly Features[],
  modalities: readonly ModalityInfo[],
  stage = new ValueStage(),
): Batch {
  if (samples.length === 0) throw new DataError("data.empty", "prediction: the list of samples is empty");
  samples.forEach((sample, i) => {
    checkSample(sample, i, modalities);
  });
  const columns = modalities.map((info) => [info.name, batchModality(samples, info, stage)] as const);
  const batch: Batch = {
    size: samples.length,
    sampleIndex: countUp(samples.length),
    modalities: Object.fromEntries(columns),
  };
  samples.forEach((_, i) => {
    if (columns.every(([, column]) => column.present[i] === 0)) {
      throw new DataError(
        "data.empty",
        `prediction: sample ${i} has none of the modalities ${names(modalities).join(", ")}`,
        { hint: "Give the features of at least one modality." },
      );
    }
  });
  return batch;
}

function checkSample(sample: unknown, index: number, modalities: readonly ModalityInfo[]): void {
  if (typeof sample !== "object" || sample === null || Array.isArray(sample)) {
    throw new DataError(
      "data.format",
      `prediction: sample ${index} is not an object of features by modality`,
      { hint: `For example { "${modalities[0]?.name ?? "text"}": [0.1, -0.2, ...] }.` },
    );
  }
  for (const name of Object.keys(sample)) findInfo(name, index, modalities);
}

/**
 * Checks the number of features per step, before the features are read.
 * @param index number of the sample in the batch
 * @throws DataError "data.unknown-modality" or "data.width-mismatch"
 */
export function checkWidth(
  name: string,
  length: number,
  { index, modalities }: { readonly index: number; readonly modalities: readonly ModalityInfo[] },
): void {
  const { width } = findInfo(name, index, modalities);
  if (length !== width) throw wrongWidth(placeOf(index, name), width, length);
}

/** @throws DataError "data.unknown-modality" */
function findInfo(name: string, index: number, modalities: readonly ModalityInfo[]): ModalityInfo {
  const info = modalities.find((each) => each.name === name);
  if (info) return info;
  throw new DataError(
    "data.unknown-modality",
    `prediction: sample ${index} has a modality "${name}", the model does not`,
    { hint: suggestion(name, names(modalities)) },
  );
}

/** Returns the place of a modality's features for messages; of step t if there are several. */
function placeOf(index: number, name: string, sequence: readonly unknown[] = [], t = 0): string {
  const place = `prediction: sample ${index}, modality "${name}"`;
  return sequence.length > 1 ? `${place}, step ${t}` : place;
}

function wrongWidth(where: string, width: number, length: number): DataError {
  return new DataError("data.width-mismatch", `${where}: expected ${width} features, got ${length}`, {
    hint: "Use features of the same adapter as the training data.",
  });
}

function countUp(length: number): Int32Array {
  const numbers = new Int32Array(length);
  for (let i = 0; i < length; i++) numbers[i] = i;
  return numbers;
}

function names(modalities: readonly ModalityInfo[]): string[] {
  return modalities.map(({ name }) => name);
}

function batchModality(
  samples: readonly Features[],
  { name, width }: ModalityInfo,
  stage: ValueStage,
): BatchModality {
  const sequences = samples.map((sample, i) => {
    const sequence = toSteps(Object.hasOwn(sample, name) ? sample[name] : undefined);
    return sequence && checkSteps(sequence, width, (t) => placeOf(i, name, sequence, t));
  });
  const steps = sequences.reduce((longest, sequence) => Math.max(longest, sequence?.length ?? 0), 1);
  const values = stage.take(name, samples.length * steps * width); // [B, T, D]
  const mask = new Uint8Array(samples.length * steps);
  const present = new Uint8Array(samples.length);
  sequences.forEach((sequence, i) => {
    if (!sequence) return;
    present[i] = 1;
    sequence.forEach((step, t) => {
      mask[i * steps + t] = 1;
      copyStep(step, values, (i * steps + t) * width, () => placeOf(i, name, sequence, t));
    });
  });
  return { width, steps, values, mask, present };
}

/** Returns the steps of a sequence. A single vector is a sequence of one step. */
function toSteps(features: ModalityFeatures): readonly unknown[] | undefined {
  if (features === null || features === undefined) return undefined;
  if (Array.isArray(features) && features.length > 0 && typeof features[0] === "object")
    return features as readonly unknown[];
  return [features];
}

/**
 * Returns the steps of a sequence as lists of `width` values. Nothing is allocated for the batch before.
 * @param place returns the place of step t for messages
 * @throws DataError "data.format", "data.width-mismatch" or "data.empty"
 */
function checkSteps(
  sequence: readonly unknown[],
  width: number,
  place: (t: number) => string,
): readonly ArrayLike<unknown>[] {
  if (sequence.length === 0)
    throw new DataError("data.empty", `${place(0)} has no steps`, {
      hint: "Omit the modality, or give null, if the sample does not have it.",
    });
  sequence.forEach((step, t) => {
    if (!isArrayLike(step))
      throw new DataError(
        "data.format",
        `${place(t)}: expected a list of ${width} numbers, got ${describe(step)}`,
        { hint: "predict takes features, predictMedia takes texts, files and decoded media." },
      );
    if (step.length !== width) throw wrongWidth(place(t), width, step.length);
  });
  return sequence as readonly ArrayLike<unknown>[];
}

function copyStep(step: ArrayLike<unknown>, out: Float32Array, at: number, where: () => string): void {
  if (step instanceof Float32Array && copyFloats(step, out, at)) return;
  for (let d = 0; d < step.length; d++) {
    const value = step[d];
    if (typeof value !== "number" || !Number.isFinite(Math.fround(value))) {
      throw new DataError(
        "data.invalid-value",
        `${where()}: feature ${d} is ${describe(value)}, expected a finite number`,
        { hint: "Omit the modality if its features are unknown." },
      );
    }
    out[at + d] = value;
  }
}

/**
 * Copies values and returns true if all are finite. The loop needs no branch, because v - v is 0 for a finite
 * v and NaN otherwise.
 */
function copyFloats(from: Float32Array, to: Float32Array, at: number): boolean {
  let sum = 0;
  for (let d = 0; d < from.length; d++) {
    const value = defined(from[d]);
    to[at + d] = value;
    sum += value - value;
  }
  return sum === 0;
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}

function describe(value: unknown): string {
  return typeof value === "number" || value === null || value === undefined
    ? String(value)
    : `a value of type ${typeof value}`;
}
