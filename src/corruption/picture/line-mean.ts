import { defined } from "../../core/defined.js";

/**
 * Running mean along a line, with weights 1 for the `reach` neighbours on each side and `edge` in [0, 1) for
 * the next one: a mean over 2 reach + 1 + 2 edge pixels ("extended box").
 */
export interface RunningMean {
  readonly reach: number;
  readonly edge: number;
}

/** Returns the mean over `length` pixels, at least 1. */
export function meanOver(length: number): RunningMean {
  const reach = Math.max(0, Math.floor((length - 1) / 2));
  return { reach, edge: Math.max(0, (length - 1 - 2 * reach) / 2) };
}

/** Number of successive means that approximate a Gaussian. */
export const GAUSSIAN_PASSES = 4;

/**
 * Returns the mean that has exactly the standard deviation of a Gaussian after {@link GAUSSIAN_PASSES} passes
 * (Gwosdek et al., "Theoretical foundations of Gaussian convolution by extended box filtering", 2011).
 * @param deviation pixels, above 0
 */
export function gaussianMean(deviation: number): RunningMean {
  const variance = (deviation * deviation) / GAUSSIAN_PASSES;
  // A box of reach r has the variance r (r + 1) / 3.
  let reach = Math.floor((Math.sqrt(1 + 12 * variance) - 1) / 2);
  if ((reach * (reach + 1)) / 3 > variance) reach -= 1;
  const missing = variance - (reach * (reach + 1)) / 3;
  return { reach, edge: ((2 * reach + 1) * missing) / (2 * ((reach + 1) * (reach + 1) - variance)) };
}

/**
 * Replaces the first `length` values of a line by their running means, `passes` times. The values at both
 * ends are repeated beyond the line.
 * @param line [>= length] is overwritten
 * @param scratch [>= length] is overwritten
 */
export function runMean(
  line: Float64Array,
  scratch: Float64Array,
  length: number,
  { reach, edge }: RunningMean,
  passes: number,
): void {
  const weight = 1 / (2 * reach + 1 + 2 * edge);
  const last = length - 1;
  for (let pass = 0; pass < passes; pass++) {
    let sum = 0;
    for (let k = -reach; k <= reach; k++) sum += defined(line[Math.min(last, Math.max(0, k))]);
    for (let i = 0; i < length; i++) {
      const before = defined(line[Math.max(0, i - reach - 1)]);
      const after = defined(line[Math.min(last, i + reach + 1)]);
      scratch[i] = (sum + edge * (before + after)) * weight;
      sum += after - defined(line[Math.max(0, i - reach)]);
    }
    for (let i = 0; i < length; i++) line[i] = defined(scratch[i]);
  }
}
