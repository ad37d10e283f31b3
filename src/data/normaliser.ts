import { defined } from "../core/defined.js";
import { DataError } from "../core/errors.js";
import { sqrt } from "../core/math.js";
import type { Dataset, ModalityTable, Split } from "./dataset.js";

/** Mean and standard deviation of each feature of one modality. */
export interface FeatureStatistics {
  /** [D] */
  readonly mean: readonly number[];
  /** [D]; 1 where the feature is constant. */
  readonly std: readonly number[];
}

/** Ways to scale features, see {@link NormaliserKind}. */
export const normaliserKinds = ["auto", "zscore", "unit", "centre", "none"] as const;

/**
 * Way to scale features.
 *
 * - `zscore`: (x - mean) / std.
 * - `unit`: as zscore, then scaled to one length for any width ({@link FeatureScaling.length}).
 * - `centre`: (x - mean) / s, then scaled to that length. All features share s, the root mean square of their
 *   deviations (constant features count as 1). This keeps the geometry of an encoder; zscore and unit enlarge
 *   its weakest directions.
 * - `auto`: unchanged if all training vectors have length 1, as those of sentence encoders; else as unit.
 * - `none`: unchanged. The statistics are still fitted, because they are the unit of corruptions.
 */
export type NormaliserKind = (typeof normaliserKinds)[number];

/** Scaling of features, given their statistics. */
export interface FeatureScaling {
  readonly kind: NormaliserKind;
  /** Largest absolute standardised value, before the scaling to one length; 0 for no limit. */
  readonly clip: number;
  /** Modalities whose features stay unchanged. */
  readonly kept: readonly string[];
  /**
   * Root mean square length of a step's vector, for "unit", "auto" and "centre". Each value is multiplied by
   * length / sqrt(D).
   */
  readonly length: number;
}

/** Fitted scaling of features. It has plain arrays, so that it can be stored with the weights. */
export interface Normaliser extends FeatureScaling {
  /** By modality. */
  readonly modalities: Readonly<Record<string, FeatureStatistics>>;
}

/**
 * Returns the name under which a normaliser has the statistics of a frozen encoder's vectors. The encoder
 * reads the modality inside the model, so the modality itself has token ids, which stay unchanged.
 */
export function vectorsOf(modality: string): string {
  return `${modality}/vectors`;
}

/** Options of {@link fitNormaliser}. */
export interface NormaliserOptions {
  /** Way to scale. Default "zscore". */
  readonly kind?: NormaliserKind;
  /** Largest absolute standardised value; 0 for no limit. Default 10. */
  readonly clip?: number;
  /** Length of a step's vector, see {@link FeatureScaling.length}. Default 1. */
  readonly length?: number;
  /** Modalities whose features must stay unchanged, such as token ids. */
  readonly keep?: readonly string[];
}

/** Smallest spread of a feature, as a fraction of its largest value. A smaller spread is a rounding error. */
const CONSTANT = 1e-6;

/**
 * Fits a normaliser: population mean and deviation of each feature over the real steps of present samples, in
 * float64, two passes.
 * @param split the training split
 */
export function fitNormaliser(split: Split, options: NormaliserOptions = {}): Normaliser {
  const kind = options.kind ?? "zscore";
  const clip = kind === "none" ? 0 : (options.clip ?? 10);
  const fitted = Object.entries(split.modalities).map(([name, table]) => [name, fitTable(table)] as const);
  const { keep = [] } = options;
  const kept = fitted.flatMap(([name, { unit }]) =>
    keep.includes(name) || (kind === "auto" && unit) ? [name] : [],
  );
  const modalities = Object.fromEntries(fitted.map(([name, { statistics }]) => [name, statistics]));
  return { kind, clip, length: options.length ?? 1, kept, modalities };
}

/**
 * Largest distance from 1 of the squared length of an encoder's unit vector. Float16 files round that much.
 */
const UNIT_TOLERANCE = 0.01;

/** Statistics of a table. `unit` is true if there are real steps and the vector of each has length 1. */
interface Fitted {
  readonly statistics: FeatureStatistics;
  readonly unit: boolean;
}

function fitTable(table: ModalityTable): Fitted {
  const { width, values } = table;
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  const largest = new Float64Array(width);
  let [count, unit] = [0, 0];
  forEachRealStep(table, (at) => {
    count += 1;
    if (Math.abs(addStep(values, at, mean, largest) - 1) < UNIT_TOLERANCE) unit += 1;
  });
  for (let d = 0; d < width; d++) mean[d] = defined(mean[d]) / Math.max(count, 1);
  forEachRealStep(table, (at) => {
    addSquares(values, at, mean, square);
  });
  const std = Array.from(square, (sum, d) => {
    const spread = sqrt(sum / Math.max(count, 1));
    return spread > CONSTANT * defined(largest[d]) ? spread : 1;
  });
  const statistics = { mean: Array.from(mean), std };
  return { statistics, unit: count > 0 && unit === count && width > 1 };
}

// Loops over every feature of a split are separate functions, because they run faster without the variables
// of a closure.

/** Adds a step to the sums and the largest absolute values. Returns the sum of its squares. */
function addStep(values: Float32Array, at: number, sums: Float64Array, largest: Float64Array): number {
  let squares = 0;
  for (let d = 0; d < sums.length; d++) {
    const value = defined(values[at + d]);
    sums[d] = defined(sums[d]) + value;
    const size = Math.abs(value);
    if (size > defined(largest[d])) largest[d] = size;
    squares += value * value;
  }
  return squares;
}

/** Adds the squared deviations of a step. */
function addSquares(values: Float32Array, at: number, mean: Float64Array, squares: Float64Array): void {
  for (let d = 0; d < mean.length; d++) {
    const off = defined(values[at + d]) - defined(mean[d]);
    squares[d] = defined(squares[d]) + off * off;
  }
}

/** Calls `visit` with the offset of each real step's first feature. */
function forEachRealStep(table: ModalityTable, visit: (at: number) => void): void {
  const { present, mask, steps, width } = table;
  for (let n = 0; n < present.length; n++) {
    if (present[n] === 0) continue;
    for (let t = n * steps; t < (n + 1) * steps; t++) if (mask[t] === 1) visit(t * width);
  }
}

/**
 * Returns a split with standardised, clipped features. Padding and missing modalities become 0. Does not
 * change the original.
 * @throws DataError "data.unknown-modality" or "data.width-mismatch" if the split does not fit the normaliser
 */
export function normaliseSplit(split: Split, normaliser: Normaliser): Split {
  return normaliseTables(split, normaliser);
}

/** Standardises all tables of a split, or of corrupted copies, as in {@link normaliseSplit}. */
function normaliseTables<Part extends { readonly modalities: Readonly<Record<string, ModalityTable>> }>(
  split: Part,
  normaliser: Normaliser,
): Part {
  if (normaliser.kind === "none") return split;
  const tables = Object.entries(split.modalities).map(([name, table]) => {
    const statistics = normaliser.modalities[name];
    if (statistics === undefined) {
      throw new DataError("data.unknown-modality", `The modality "${name}" was not in the training data.`, {
        hint: `Known: ${Object.keys(normaliser.modalities).join(", ")}.`,
      });
    }
    return [name, normaliseTable(name, table, statistics, normaliser)] as const;
  });
  return { ...split, modalities: Object.fromEntries(tables) };
}

/**
 * Normalises one modality as {@link normaliseSplit} does.
 * @param values receives the result: an array of zeros, or the table's own values
 */
export function normaliseTable(
  name: string,
  table: ModalityTable,
  statistics: FeatureStatistics,
  scaling: FeatureScaling,
  values: Float32Array = new Float32Array(table.values.length),
): ModalityTable {
  const steps = stepScaling(name, table.width, statistics, scaling);
  if (!steps) return table;
  const { mean, scale, limit, shrink } = steps;
  forEachRealStep(table, (at) => {
    normaliseStep(table.values, at, mean, scale, limit, shrink, values);
  });
  return { ...table, values };
}

/**
 * Scaling of feature d of a real step, in float64: min(max((x - mean[d]) * scale[d], -limit), limit) *
 * shrink.
 */
export interface StepScaling {
  /** [D] */
  readonly mean: Float64Array;
  /** [D] */
  readonly scale: Float64Array;
  /** Largest absolute value; Infinity for no limit. */
  readonly limit: number;
  readonly shrink: number;
}

/**
 * Returns the arithmetic that normalises one modality; undefined if its features stay unchanged.
 * @param width D of the given features
 * @throws DataError "data.width-mismatch" if the statistics have another width
 */
export function stepScaling(
  name: string,
  width: number,
  statistics: FeatureStatistics,
  scaling: FeatureScaling,
): StepScaling | undefined {
  const { kind, clip, length } = scaling;
  if (kind === "none" || scaling.kept.includes(name)) return undefined;
  if (statistics.mean.length !== width) {
    throw new DataError(
      "data.width-mismatch",
      `The modality "${name}" has ${width} features, but ${statistics.mean.length} in training.`,
      {
        hint: "Use features from the same extraction as in training.",
      },
    );
  }
  const { mean, each, common } = packed(statistics);
  return {
    mean,
    scale: kind === "centre" ? common : each,
    limit: clip > 0 ? clip : Infinity,
    shrink: kind === "zscore" ? 1 : length / sqrt(width),
  };
}

/** Separate function, because the loop is twice as fast without the variables of a closure. */
function normaliseStep(
  from: Float32Array,
  at: number,
  mean: Float64Array,
  scale: Float64Array,
  limit: number,
  shrink: number,
  to: Float32Array,
): void {
  for (let d = 0; d < mean.length; d++) {
    let value = (defined(from[at + d]) - defined(mean[d])) * (scale[d] ?? 1);
    if (Math.abs(value) > limit) value = value > 0 ? limit : -limit; // one comparison for nearly all
    to[at + d] = value * shrink;
  }
}

interface PackedStatistics {
  readonly mean: Float64Array;
  /** 1 / std of each feature. */
  readonly each: Float64Array;
  /** 1 / root mean square of all std, the same for every feature. */
  readonly common: Float64Array;
}

const known = new WeakMap<FeatureStatistics, PackedStatistics>();

/** Packs statistics once per model, because this would take a fifth of the time of a prediction. */
function packed(statistics: FeatureStatistics): PackedStatistics {
  let found = known.get(statistics);
  if (found === undefined) {
    const { mean, std } = statistics;
    const typical = sqrt(std.reduce((sum, one) => sum + one * one, 0) / Math.max(std.length, 1));
    found = {
      mean: Float64Array.from(mean),
      each: Float64Array.from(std, (one) => 1 / one),
      common: new Float64Array(std.length).fill(1 / typical),
    };
    known.set(statistics, found);
  }
  return found;
}

/** Normalises all splits and copies of a data set as {@link normaliseSplit} does. */
export function normaliseDataset(dataset: Dataset, normaliser: Normaliser): Dataset {
  const { train, valid, test } = dataset.splits;
  return {
    ...dataset,
    splits: {
      train: normaliseSplit(train, normaliser),
      valid: normaliseSplit(valid, normaliser),
      test: normaliseSplit(test, normaliser),
    },
    ...(dataset.copies && { copies: normaliseTables(dataset.copies, normaliser) }),
  };
}
