import { shown } from "../../core/check-options.js";
import { DataError } from "../../core/errors.js";
import { isRecord } from "../../core/is-record.js";
import type { FeatureColumn } from "./feature-column.js";

/** Features of one modality of one sample: a vector [D], a sequence [T][D], or nothing if it is missing. */
export type SampleFeatures = ArrayLike<number> | readonly ArrayLike<number>[] | null | undefined;

/** One sample of a data set, as {@link datasetFromSamples} takes it. */
export interface SampleRecord {
  /** Unique in the data set. Default: the split and the sample's number, e.g. "train/0". */
  readonly id?: string;
  /** By modality. A modality that is absent or null is missing. */
  readonly features: Readonly<Record<string, SampleFeatures>>;
  /** Name of a class, a number, or one number per target or label. */
  readonly label: string | number | readonly number[];
  /** Words of the sample. */
  readonly text?: string;
}

/** @throws DataError "data.format" for a sample that is not an object with features */
export function checkRecord(sample: unknown, place: string): asserts sample is SampleRecord {
  if (!isRecord(sample) || !isRecord(sample["features"]))
    throw new DataError("data.format", `${place} is not an object with features and a label.`, {
      hint: 'For example { features: { text: [0.1, -0.2] }, label: "positive" }.',
    });
  for (const key of ["id", "text"]) {
    const value = sample[key];
    if (value === undefined || typeof value === "string") continue;
    throw new DataError("data.format", `${place}: ${key} is ${shown(value)}, where text was expected.`, {
      hint: `Omit ${key}, or give text.`,
    });
  }
}

/** Returns the names of all modalities of the samples, in order of first occurrence. */
export function modalitiesOfSamples(samples: readonly SampleRecord[]): string[] {
  const names = new Set<string>();
  for (const { features } of samples)
    for (const [name, value] of Object.entries(features))
      if (value !== null && value !== undefined) names.add(name);
  return [...names];
}

/**
 * Returns the number of features of a modality in the first sample that has a step of it; 0 if no sample has
 * one.
 */
export function widthOfSamples(samples: readonly SampleRecord[], modality: string): number {
  for (const { features } of samples) {
    const [first] = stepsOf(features[modality]);
    if (isArrayLike(first)) return first.length;
  }
  return 0;
}

/**
 * Returns one modality of a split as a column, and which samples have it. Features are checked when they are
 * read.
 * @throws DataError "data.format", "data.width-mismatch" or "data.invalid-value", naming sample and step
 */
export function sampleColumn(
  samples: readonly SampleRecord[],
  modality: string,
  width: number,
  place: string,
): { readonly column: FeatureColumn; readonly present: Uint8Array } {
  const lengths = samples.map(({ features }) => stepsOf(features[modality]).length);
  const steps = lengths.reduce((most, length) => Math.max(most, length), 1);
  let at = 0;
  const column: FeatureColumn = {
    count: samples.length,
    width,
    steps,
    lengths,
    place: `${place}/${modality}`,
    next(out) {
      const sample = at++;
      out.fill(0);
      stepsOf(samples[sample]?.features[modality]).forEach((step, t) => {
        copyStep(step, out.subarray(t * width, (t + 1) * width), `${place}, sample ${sample}, ${modality}`);
      });
    },
  };
  return { column, present: Uint8Array.from(lengths, (length) => (length > 0 ? 1 : 0)) };
}

/** Returns the steps of a sequence. A single vector is a sequence of one step. */
function stepsOf(features: unknown): readonly unknown[] {
  if (features === null || features === undefined) return [];
  const isSequence = Array.isArray(features) && (features.length === 0 || typeof features[0] === "object");
  return isSequence ? (features as readonly unknown[]) : [features];
}

function copyStep(step: unknown, out: Float32Array, place: string): void {
  if (!isArrayLike(step))
    throw new DataError("data.format", `${place}: features were expected, got ${shown(step)}.`, {
      hint: "Give a list of numbers, or a list of such lists for a sequence.",
    });
  if (step.length !== out.length)
    throw new DataError(
      "data.width-mismatch",
      `${place}: ${step.length} features, where others have ${out.length}.`,
      {
        hint: "Every step of a modality must have the same number of features.",
      },
    );
  for (let d = 0; d < out.length; d++) {
    const value = step[d];
    if (typeof value !== "number")
      throw new DataError("data.invalid-value", `${place}: feature ${d} is ${shown(value)}, not a number.`, {
        hint: "Give NaN for an unknown value: it is read as 0 and counted.",
      });
    out[d] = value;
  }
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}
