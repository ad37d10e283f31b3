import { defined } from "../../core/defined.js";
import { DataError } from "../../core/errors.js";
import { requireInProportion } from "./expansion-limit.js";
import { NumberReader, readFloats, showShape, type NdArray } from "./nd-array.js";

/** Features of one modality of one split, read sample by sample. */
export interface FeatureColumn {
  /** N. */
  readonly count: number;
  /** D. */
  readonly width: number;
  /** T, the longest sequence. */
  readonly steps: number;
  /** [N] sequence lengths that the source states; undefined if padding must be found. */
  readonly lengths: readonly number[] | undefined;
  /** For messages. */
  readonly place: string;
  /** Fills `out` [steps, width] with the next sample; steps beyond its length become 0. */
  next(out: Float32Array): void;
}

/**
 * Returns an (N, D) or (N, T, D) array as a column.
 * @throws DataError "data.format" for another number of dimensions
 */
export function arrayColumn(array: NdArray, place: string, lengths?: readonly number[]): FeatureColumn {
  const [count = 0, middle = 0, last] = array.shape;
  if (array.shape.length !== 2 && array.shape.length !== 3) {
    throw new DataError(
      "data.format",
      `${place}: features must have the shape (N, D) or (N, T, D), but have ${showShape(array.shape)}.`,
    );
  }
  const steps = last === undefined ? 1 : middle;
  const width = last ?? middle;
  const common = { count, steps, width, place, lengths };
  if (array.fortran && array.shape.length > 1) {
    const all = readFloats(array);
    let at = 0;
    return {
      ...common,
      next(out) {
        out.set(all.subarray(at, at + steps * width));
        at += steps * width;
      },
    };
  }
  const reader = new NumberReader(array);
  return {
    ...common,
    next(out) {
      reader.next(steps * width, out);
    },
  };
}

/**
 * Returns arrays (T, D) or (D,), one per sample and with any T, as a column.
 * @throws DataError "data.format" for ragged widths
 */
export function listColumn(arrays: readonly NdArray[], place: string): FeatureColumn {
  const shapes = arrays.map((array, i) => stepShape(array, `${place}[${i}]`));
  const width = shapes.find(([length]) => length > 0)?.[1] ?? shapes[0]?.[1] ?? 0;
  shapes.forEach(([length, own], i) => {
    if (own === width || length === 0) return;
    throw new DataError(
      "data.format",
      `${place}: sample ${i} has ${own} features per step, but the samples before it have ${width}.`,
      {
        hint: "Every sample of a modality must have the same number of features.",
      },
    );
  });
  const lengths = shapes.map(([length]) => length);
  const steps = lengths.reduce((most, length) => Math.max(most, length), 1);
  const [first] = arrays;
  if (first !== undefined) requireInProportion(4 * arrays.length * steps * width, first.source, place);
  let index = 0;
  return {
    count: arrays.length,
    width,
    steps,
    lengths,
    place,
    next(out) {
      const array = arrays[index];
      const length = defined(lengths[index]);
      index += 1;
      out.fill(0);
      if (array !== undefined && length > 0) out.set(readFloats(array).subarray(0, length * width));
    },
  };
}

function stepShape(array: NdArray, place: string): [number, number] {
  const [first = 0, second] = array.shape;
  if (array.shape.length === 1) return [1, first];
  if (array.shape.length === 2 && second !== undefined) return [first, second];
  throw new DataError(
    "data.format",
    `${place}: the features of one sample must have the shape (T, D) or (D,), but have ` +
      `${showShape(array.shape)}.`,
  );
}

/** Rows of a table that belong to one split. */
export interface RowSelection {
  /** Ascending. */
  readonly rows: readonly number[];
  /** Number of rows of the complete table and of the array. */
  readonly of: number;
}

/**
 * Returns the selected rows of a column; all if `selection` is undefined.
 * @throws DataError if column and table differ in length
 */
export function selectRows(column: FeatureColumn, selection: RowSelection | undefined): FeatureColumn {
  if (selection === undefined) return column;
  checkRowCount(column.count, selection, column.place);
  const { rows } = selection;
  let at = 0;
  let index = 0;
  return {
    ...column,
    count: rows.length,
    lengths: column.lengths === undefined ? undefined : rows.map((row) => column.lengths?.[row] ?? 0),
    next(out) {
      const wanted = defined(rows[index]);
      index += 1;
      for (; at <= wanted; at++) column.next(out);
    },
  };
}

/** @throws DataError "data.format" if an array does not have one row per row of the table */
export function checkRowCount(count: number, selection: RowSelection, place: string): void {
  if (count === selection.of) return;
  throw new DataError(
    "data.format",
    `${place}: the array has ${count} rows, but the table has ${selection.of}.`,
    {
      hint: "Row i of every array must belong to row i of the table.",
    },
  );
}
