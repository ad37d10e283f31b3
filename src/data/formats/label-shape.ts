import { DataError } from "../../core/errors.js";
import { SPLIT_NAMES, type SplitName } from "../dataset.js";
import { readNumbers, showShape, type NdArray } from "./nd-array.js";

/** Stored label values of one split. */
export interface LabelMatrix {
  /** Number of values per sample. */
  readonly width: number;
  /** [N, width]. */
  readonly values: Float64Array;
  /** True for pairs (absent, present) per label, [N, L, 2], already read as 0 or 1. */
  readonly pairs: boolean;
}

/**
 * Reads an array of labels of shape (N,) or (N, K), with any further axes of size 1. Also reads (N, L, 2)
 * with one-hot pairs (absent, present), as loaders of IEMOCAP store emotions.
 *
 * @throws DataError "data.format" for another shape or a pair that is not one-hot
 */
export function labelMatrix(array: NdArray): LabelMatrix {
  const { shape, place } = array;
  const rows = shape.at(0) ?? 0;
  const inner = shape.slice(1).filter((size) => size !== 1);
  if (shape.length === 0)
    throw new DataError(
      "data.format",
      `${place}: one number per sample was expected, but there is a single number.`,
      { hint: "Store one label per sample." },
    );
  if (inner.length <= 1) return { width: inner[0] ?? 1, values: readNumbers(array), pairs: false };
  const [labels = 0, size = 0] = inner;
  if (inner.length === 2 && size === 2) {
    return { width: labels, values: presentOf(readNumbers(array), rows, labels, place), pairs: true };
  }
  throw new DataError(
    "data.format",
    `${place}: labels must have the shape (N,), (N, K), or (N, L, 2) for labels that are absent or ` +
      "present, " +
      `but have ${showShape(shape)}.`,
    { hint: "Store one number per sample, one column per target, or one column of 0 and 1 per label." },
  );
}

/**
 * Checks that the splits have labels of one shape.
 *
 * @throws DataError "data.format" naming the first split with labels of another shape
 */
export function requireOneShape(
  splits: Readonly<Record<SplitName, Pick<LabelMatrix, "width" | "pairs">>>,
  placeOf: (name: SplitName) => string,
): void {
  const { width, pairs } = splits.train;
  const odd = SPLIT_NAMES.find((name) => splits[name].width !== width || splits[name].pairs !== pairs);
  if (odd === undefined) return;
  throw new DataError(
    "data.format",
    `${placeOf(odd)}: there are ${splits[odd].width} labels per sample, but ${width} in the training split.`,
    { hint: "The splits must have labels of one shape." },
  );
}

/** Converts one-hot pairs (absent, present) to 0 and 1. [N, L, 2] -> [N, L] */
function presentOf(pairs: Float64Array, rows: number, labels: number, place: string): Float64Array {
  return Float64Array.from({ length: rows * labels }, (_, i) => {
    const [absent, present] = [pairs[2 * i], pairs[2 * i + 1]];
    if ((absent === 0 && present === 1) || (absent === 1 && present === 0)) return present;
    const sample = Math.floor(i / labels);
    throw new DataError(
      "data.format",
      `${place}: label ${i % labels} of sample ${sample} is the pair (${absent}, ${present}), but ` +
        "pairs must " +
        "be (1, 0) for absent or (0, 1) for present.",
      { hint: "Store one column of 0 and 1 per label, shape (N, L)." },
    );
  });
}
