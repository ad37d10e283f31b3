import { integerAt, normalAt, randomKey, uniformAt } from "../core/random.js";
import type { Batch, BatchModality } from "../data/batch.js";
import { normaliseTable } from "../data/normaliser.js";
import { parseEncoderConfig } from "../encoders/encoder-config.js";
import type { Predictor } from "../predict/predictor.js";

/** Position of padding among the steps. "scattered" also has samples without real steps. */
export type Padding = "none" | "left" | "right" | "scattered";

/** Returns true if sample b lacks modality m. */
export type Absent = (sample: number, modality: number) => boolean;

/** Cycles through every subset of the modalities, starting with the empty one. */
export const everySubset: Absent = (sample, modality) => ((sample >> modality) & 1) === 0;

/**
 * Draws features for testing a model: around the mean and standard deviation of the training data, some
 * beyond the clipping limit. Missing and padded values are 9e9, because they must not matter.
 * @param steps T of the sequence modalities; default: that of the training data, at most 32
 */
export function probeBatch(
  { modalities, normaliser, config: { encoder } }: Predictor,
  size: number,
  absent: Absent,
  padding: Padding = "right",
  steps?: number,
): Batch {
  const vocabulary = encoder
    ? parseEncoderConfig(encoder.architecture, "the run's text encoder").vocabulary
    : 0;
  const tables = modalities.map((info, m): readonly [string, BatchModality] => {
    const { name, width } = info;
    const key = randomKey(17, name);
    const length = info.steps === 1 ? 1 : (steps ?? Math.min(info.steps, 32));
    const mask = Uint8Array.from({ length: size * length }, (_, i) =>
      isReal(padding, Math.floor(i / length), i % length, length) ? 1 : 0,
    );
    const present = Uint8Array.from({ length: size }, (_, b) => (absent(b, m) ? 0 : 1));
    const { mean = [], std = [] } = normaliser.modalities[name] ?? {};
    const isTokens = name === encoder?.modality;
    const values = Float32Array.from({ length: size * length * width }, (_, i) => {
      const step = Math.floor(i / width);
      if (mask[step] === 0 || present[Math.floor(step / length)] === 0) return 9e9;
      if (isTokens) return integerAt(key, i, vocabulary);
      return (mean.at(i % width) ?? 0) + (std[i % width] ?? 1) * normalAt(key, i) * (i % 37 === 0 ? 20 : 1);
    });
    return [name, { width, steps: length, values, mask, present }];
  });
  return {
    size,
    sampleIndex: Int32Array.from({ length: size }, (_, b) => b),
    modalities: Object.fromEntries(tables),
  };
}

function isReal(padding: Padding, sample: number, t: number, steps: number): boolean {
  if (padding === "none" || steps === 1) return true;
  if (padding === "scattered")
    return (
      sample % 5 !== 3 && (t === sample % steps || uniformAt(randomKey(19, "mask"), sample * steps + t) < 0.5)
    );
  const real = 1 + ((3 * sample + 1) % steps);
  return padding === "right" ? t < real : t >= steps - real;
}

/** Returns the batch as the model reads it: normalised, with zeros for missing and padded values. */
export function normalisedBatch(batch: Batch, { normaliser }: Predictor): Batch {
  const tables = Object.entries(batch.modalities).map(([name, table]) => {
    const statistics = normaliser.modalities[name];
    return [name, statistics ? normaliseTable(name, cleared(table), statistics, normaliser) : table] as const;
  });
  return { ...batch, modalities: Object.fromEntries(tables) };
}

function cleared(table: BatchModality): BatchModality {
  const { steps, width, mask, present } = table;
  const counts = (i: number): boolean =>
    mask[Math.floor(i / width)] === 1 && present[Math.floor(i / width / steps)] === 1;
  return { ...table, values: table.values.map((value, i) => (counts(i) ? value : 0)) };
}
