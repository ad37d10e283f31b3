import { DataError } from "../../core/errors.js";
import { suggestion } from "../../core/nearest.js";

/** Label values of one split, in named columns. */
export interface NamedLabels {
  /** One name per column. */
  readonly names: readonly string[];
  /** True if the source names the columns. */
  readonly named: boolean;
  /** [N, columns]. */
  readonly values: Float64Array;
  /** True for labels that were stored as pairs (absent, present). */
  readonly pairs: boolean;
}

/** Returns names for columns that the source does not name: "label", or "target_0", "target_1", ... */
export function usualNames(width: number): readonly string[] {
  return width === 1 ? ["label"] : Array.from({ length: width }, (_, i) => `target_${i}`);
}

/**
 * Returns the labels of one target, or all labels if no target is given.
 *
 * @throws DataError "data.format" for a target that is not a column
 */
export function pickTarget(labels: NamedLabels, target: string | undefined, place: string): NamedLabels {
  if (target === undefined) return labels;
  const at = labels.names.indexOf(target);
  if (at < 0) throw noTarget(target, labels.names, place);
  const width = labels.names.length;
  return { ...labels, names: [target], values: labels.values.filter((_, i) => i % width === at) };
}

/** Makes the error for a target that does not exist. */
export function noTarget(target: string, known: readonly string[], place: string): DataError {
  return new DataError("data.format", `${place}: there is no target "${target}".`, {
    hint: suggestion(target, known),
  });
}
