import { defined } from "../../core/defined.js";
import type { TaskKind } from "../dataset.js";

/** Maximum number of class indices. Labels with more distinct whole numbers are a scale. */
const MOST_INDICES = 20;

export interface Assumption {
  readonly kind: TaskKind;
  /** Description of the training labels, to complete "because the training labels are ...". */
  readonly because: string;
  /** True if labels of this form may have another meaning, so that the user should check the assumption. */
  readonly isDoubtful: boolean;
}

/**
 * Assumes a task from the training labels, if neither the user nor the source states one.
 *
 * One column: whole numbers 0 to C - 1 are class indices if all of them occur, and twice or more on average.
 * Any other numbers are a scale. Several columns of 0 and 1: one-hot rows are classes, other rows are several
 * labels. Any other numbers are several scales.
 *
 * @param values [N, width]
 */
export function assumeTask(values: Float64Array, width: number): Assumption {
  if (width > 1) return assumeColumns(values, width);
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  const last = distinct.length - 1;
  const few = distinct.every(Number.isInteger) && distinct.length <= MOST_INDICES;
  if (few && last >= 1 && values.length >= 2 * distinct.length) {
    const range = `${defined(distinct[0])} to ${defined(distinct[last])}`;
    const because = `the ${distinct.length} whole numbers ${range}`;
    const isIndex = distinct[0] === 0 && distinct[last] === last;
    return { kind: isIndex ? "classification" : "regression", because, isDoubtful: true };
  }
  return { kind: "regression", because: "numbers", isDoubtful: false };
}

function assumeColumns(values: Float64Array, width: number): Assumption {
  if (!values.every((value) => value === 0 || value === 1))
    return { kind: "regression", because: `${width} columns of numbers`, isDoubtful: false };
  return oneHotError(values, width) < 0
    ? { kind: "classification", because: `one-hot rows of ${width}`, isDoubtful: true }
    : { kind: "multi-label", because: `${width} columns of 0 and 1`, isDoubtful: true };
}

/** Returns the index of the first row that is not one-hot; -1 if all are. */
export function oneHotError(values: ArrayLike<number>, width: number): number {
  for (let row = 0; row < values.length / width; row++) {
    let ones = 0;
    for (let c = 0; c < width; c++) {
      const value = values[row * width + c];
      if (value === 1) ones += 1;
      else if (value !== 0) return row;
    }
    if (ones !== 1) return row;
  }
  return -1;
}
