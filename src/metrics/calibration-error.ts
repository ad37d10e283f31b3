import { defined } from "../core/defined.js";
import { DataError } from "../core/errors.js";

/**
 * Expected calibration error (Guo et al. 2017, arXiv:1706.04599).
 *
 * Puts samples into bins of equal width by the probability of their most probable class. Returns the mean of
 * |accuracy - mean probability|, weighted by bin size. In [0, 1]; 0 means perfect calibration.
 * @param probabilities [N, C], rows that sum to 1
 * @param labels [N] class indices
 * @throws DataError if empty
 */
export function expectedCalibrationError(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  bins = 15,
): number {
  const samples = labels.length;
  if (samples === 0) throw new DataError("data.empty", "expected calibration error: no samples to score");
  const classes = probabilities.length / samples;
  const gaps = new Float64Array(bins); // sum over the bin's samples of (right - probability)
  for (let i = 0; i < samples; i++) {
    let best = 0;
    for (let c = 1; c < classes; c++)
      if (defined(probabilities[i * classes + c]) > defined(probabilities[i * classes + best])) best = c;
    const probability = defined(probabilities[i * classes + best]);
    // (k / bins, (k + 1) / bins]
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(probability * bins) - 1));
    gaps[bin] = defined(gaps[bin]) + (best === labels[i] ? 1 : 0) - probability;
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / samples;
}
