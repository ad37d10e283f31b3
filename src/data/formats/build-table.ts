import { defined } from "../../core/defined.js";
import { DataError } from "../../core/errors.js";
import type { ModalityTable } from "../dataset.js";
import type { FeatureColumn } from "./feature-column.js";
import { allocateFloats } from "./nd-array.js";

/** Remarks made while a modality was read. */
export interface TableCounts {
  /** Number of NaN and infinite values, which were read as 0. */
  readonly replaced: number;
  /** Number of values in the source, including padding. */
  readonly values: number;
  /** Number of sequences without a real step. */
  readonly empty: number;
  /**
   * Number of samples with a stated length above T or that is not whole. Their padding was found by its
   * zeros.
   */
  readonly lengthMismatches: number;
  /** Number of samples with nonzero rows beyond the stated length. These rows were read as padding. */
  readonly filledPadding: number;
}

export interface TableOptions {
  /** T of the table; at least that of the column. */
  readonly steps: number;
  /** "mean": one step per sample, the mean of its real steps. */
  readonly pool: "none" | "mean";
  /** [N], 0 where the sample lacks the modality. */
  readonly present?: ArrayLike<number>;
  /**
   * [N, T of the column], 1 = a real step; one step of width T per sample. Overrides zeros and stated
   * lengths.
   */
  readonly mask?: FeatureColumn;
}

/**
 * Reads a column into a table. Steps of zeros at the start and the end of a sequence are padding. A stated
 * length of at most T overrides this rule, and a mask overrides both. A sample lacks the modality if its
 * sequence has no real step. A single vector (T = 1) of zeros is an ordinary value. With pool "mean", memory
 * holds only [N, D] numbers.
 */
export function buildTable(
  column: FeatureColumn,
  options: TableOptions,
): { table: ModalityTable; counts: TableCounts } {
  const { count, width, place } = column;
  const pooled = options.pool === "mean";
  const steps = pooled ? 1 : options.steps;
  const values = allocateFloats(count * steps * width, place);
  const mask = new Uint8Array(count * steps);
  const present = new Uint8Array(count);
  const size = column.steps * width;
  // without pooling, samples are read directly into the table
  const own = pooled || steps !== column.steps ? allocateFloats(size, place) : undefined;
  const real = new Uint8Array(column.steps);
  const totals = {
    replaced: 0,
    values: count * size,
    empty: 0,
    lengthMismatches: 0,
    filledPadding: 0,
  };
  for (let n = 0; n < count; n++) {
    const row = values.subarray(n * steps * width, (n + 1) * steps * width);
    const sample = own ?? row;
    column.next(sample);
    totals.replaced += zeroNonFinite(sample);
    if (options.mask === undefined) {
      const [first, end, fit] = realSteps(sample, column.steps, width, column.lengths?.[n]);
      if (fit === "impossible") totals.lengthMismatches += 1;
      if (fit === "filled") totals.filledPadding += 1;
      real.fill(0).fill(1, first, end);
      sample.fill(0, 0, first * width).fill(0, end * width);
    } else readMask(options.mask, sample, real);
    const isEmpty = !real.includes(1);
    if (isEmpty) totals.empty += 1;
    if (isEmpty || options.present?.[n] === 0) {
      row.fill(0);
      continue;
    }
    present[n] = 1;
    if (pooled) {
      meanOfSteps(sample, real, width, row);
      mask[n] = 1;
    } else {
      if (sample !== row) row.set(sample);
      mask.set(real, n * steps);
    }
  }
  return { table: { width, steps, values, mask, present }, counts: totals };
}

/** Returns the number of NaN and infinite values, which become 0. */
function zeroNonFinite(values: Float32Array): number {
  if (areFinite(values)) return 0;
  let replaced = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    values[i] = 0;
    replaced += 1;
  }
  return replaced;
}

/** x * 0 is NaN for NaN and infinite x only. Four sums, because each addition waits for the previous one. */
function areFinite(values: Float32Array): boolean {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = values.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    a += defined(values[i]) * 0;
    b += defined(values[i + 1]) * 0;
    c += defined(values[i + 2]) * 0;
    d += defined(values[i + 3]) * 0;
  }
  for (let i = whole; i < values.length; i++) a += defined(values[i]) * 0;
  return a + b + c + d === 0;
}

/** Agreement of a stated length with the zero rows. */
type LengthFit = "fits" | "filled" | "impossible";

/**
 * Returns the first real step, the step after the last one, and the agreement of a stated length with the
 * zero rows. With a stated length, the real steps are the last ones if all rows before them are zero.
 * Otherwise they are the first ones, and nonzero rows after them are padding (noise, or the last row
 * repeated).
 */
function realSteps(
  sample: Float32Array,
  steps: number,
  width: number,
  length: number | undefined,
): [number, number, LengthFit] {
  if (steps === 1) return [0, length === 0 ? 0 : 1, "fits"];
  let first = 0;
  while (first < steps && isZeroStep(sample, first, width)) first += 1;
  let end = steps;
  while (end > first && isZeroStep(sample, end - 1, width)) end -= 1;
  const isStated = length !== undefined;
  if (!isStated || !Number.isInteger(length) || length < 0 || length > steps)
    return [first < end ? first : 0, first < end ? end : 0, isStated ? "impossible" : "fits"];
  if (end <= length || first === end) return [0, length, "fits"];
  if (steps - first <= length) return [steps - length, steps, "fits"];
  return [0, length, "filled"];
}

function isZeroStep(sample: Float32Array, step: number, width: number): boolean {
  for (let d = step * width; d < (step + 1) * width; d++) if (sample[d] !== 0) return false;
  return true;
}

/**
 * Reads the next sample's mask into `real`. Masked steps become zeros, like padding. The mask has the steps
 * of its split. Later steps, up to those of the longest split, are padding.
 */
function readMask(column: FeatureColumn, sample: Float32Array, real: Uint8Array): void {
  const given = new Float32Array(column.width);
  column.next(given);
  const width = sample.length / real.length;
  for (let t = 0; t < real.length; t++) {
    real[t] = t < given.length && defined(given[t]) > 0 ? 1 : 0;
    if (real[t] === 0) sample.fill(0, t * width, (t + 1) * width);
  }
}

function meanOfSteps(sample: Float32Array, real: Uint8Array, width: number, out: Float32Array): void {
  const count = real.reduce((sum, here) => sum + here, 0);
  for (let d = 0; d < width; d++) {
    let sum = 0;
    for (let t = 0; t < real.length; t++) if (real[t] === 1) sum += defined(sample[t * width + d]);
    out[d] = sum / count;
  }
}

/** @throws DataError if a column has no features or no samples */
export function checkColumn(column: FeatureColumn): void {
  if (column.count === 0) throw new DataError("data.empty", `${column.place}: there are no samples.`);
  if (column.width === 0 || column.steps === 0)
    throw new DataError("data.empty", `${column.place}: the samples have no features.`);
}
