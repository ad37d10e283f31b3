import { defined } from "../core/defined.js";
import { binOf } from "./binned.js";
import { checkPairs } from "./check-pairs.js";
import { accuracy, confusion, weightedF1 } from "./classification.js";
import { MetricCollector, type MetricReport } from "./metric-report.js";
import { meanAbsoluteError, pearson } from "./regression.js";
import { clip, roundHalfToEven } from "./rounding.js";

const CONSTANT = "the predictions or the labels are all equal, or there is only one sample";
const ALL_NEUTRAL = "every label is 0";

/**
 * Metrics by the conventions of CMU-MOSI and MOSEI for labels in [-3, 3]. p is the prediction, y the label.
 *
 * - `Has0_acc_2`, `Has0_F1_score`: (p >= 0) against (y >= 0), all samples.
 * - `Non0_*`: (p > 0) against (y > 0), samples with y = 0 excluded.
 * - `Mult_acc_7`, `Mult_acc_5`: round(clip(., -3, 3)) (2 for 5), ties to even.
 * - `MAE`, `Corr`: all samples, without clipping.
 * - F1 is weighted by class frequencies.
 *
 * @param prediction [N]
 * @param truth [N]
 * @param bound bound of the scale [-bound, bound]: `Mult_acc_7` needs 3, `Mult_acc_5` needs 3 or 2
 * @throws DataError if empty or not finite
 */
export function sentimentMetrics(
  prediction: ArrayLike<number>,
  truth: ArrayLike<number>,
  bound = 3,
): MetricReport {
  checkPairs("sentiment metrics", prediction, truth);
  const out = new MetricCollector();
  addBinary(out, "Has0", prediction, truth, (value) => value >= 0);
  const kept = nonNeutral(prediction, truth);
  addBinary(out, "Non0", kept.prediction, kept.truth, (value) => value > 0);
  if (bound === 3) out.add("Mult_acc_7", binnedAccuracy(prediction, truth, 3), CONSTANT);
  if (bound === 3 || bound === 2) out.add("Mult_acc_5", binnedAccuracy(prediction, truth, 2), CONSTANT);
  out.add("MAE", meanAbsoluteError(prediction, truth), CONSTANT);
  out.add("Corr", pearson(prediction, truth), CONSTANT);
  return out.report();
}

/**
 * Metrics by the conventions of the published EUAR code.
 *
 * `Authors_acc_7` uses all samples. `Authors_acc_2`, `Authors_F1_score`, `Authors_MAE` and `Authors_Corr`
 * exclude samples with y = 0 and use the threshold p >= 0.
 * @param bound bound of the scale [-bound, bound]: `Authors_acc_7` needs 3
 * @throws DataError if empty or not finite
 */
export function authorsMetrics(
  prediction: ArrayLike<number>,
  truth: ArrayLike<number>,
  bound = 3,
): MetricReport {
  checkPairs("authors' metrics", prediction, truth);
  const out = new MetricCollector();
  if (bound === 3) out.add("Authors_acc_7", binnedAccuracy(prediction, truth, 3), CONSTANT);
  const kept = nonNeutral(prediction, truth);
  addBinary(out, "Authors", kept.prediction, kept.truth, (value) => value >= 0);
  const hasSamples = kept.truth.length > 0;
  out.add("Authors_MAE", hasSamples ? meanAbsoluteError(kept.prediction, kept.truth) : null, ALL_NEUTRAL);
  out.add(
    "Authors_Corr",
    hasSamples ? pearson(kept.prediction, kept.truth) : null,
    hasSamples ? CONSTANT : ALL_NEUTRAL,
  );
  return out.report();
}

/**
 * Metrics by the conventions of CH-SIMS for labels in [-1, 1].
 *
 * Clips p and y to [-1, 1] first. Bins are half-open (lo, hi] with edges in single precision, as in MMSA: a
 * label 0.1 is not above 0.1.
 *
 * - `SIMS_acc_2` has the edge 0.
 * - `SIMS_acc_3` has the edges -0.1 and 0.1.
 * - `SIMS_acc_5` has the edges -0.7, -0.1, 0.1 and 0.7.
 * - `SIMS_F1_score`: weighted F1 of the two classes.
 * - `SIMS_MAE`, `SIMS_Corr`: on the clipped values.
 *
 * @throws DataError if empty or not finite
 */
export function simsMetrics(prediction: ArrayLike<number>, truth: ArrayLike<number>): MetricReport {
  checkPairs("SIMS metrics", prediction, truth);
  const p = Array.from(prediction, (value) => clip(value, -1, 1));
  const y = Array.from(truth, (value) => clip(value, -1, 1));
  const out = new MetricCollector();
  for (const edges of [[0], [-0.1, 0.1], [-0.7, -0.1, 0.1, 0.7]]) {
    const table = confusion(
      p.map((value) => binOf(value, edges)),
      y.map((value) => binOf(value, edges)),
      edges.length + 1,
    );
    out.add(`SIMS_acc_${edges.length + 1}`, accuracy(table), CONSTANT);
    if (edges.length === 1) out.add("SIMS_F1_score", weightedF1(table), CONSTANT);
  }
  out.add("SIMS_MAE", meanAbsoluteError(p, y), CONSTANT);
  out.add("SIMS_Corr", pearson(p, y), CONSTANT);
  return out.report();
}

function nonNeutral(
  prediction: ArrayLike<number>,
  truth: ArrayLike<number>,
): { prediction: number[]; truth: number[] } {
  const keep = Array.from(truth, (value) => value !== 0);
  return {
    prediction: Array.from(prediction).filter((_, i) => keep[i]),
    truth: Array.from(truth).filter((_, i) => keep[i]),
  };
}

function addBinary(
  out: MetricCollector,
  prefix: string,
  prediction: ArrayLike<number>,
  truth: ArrayLike<number>,
  positive: (value: number) => boolean,
): void {
  const classOf = (value: number): number => (positive(value) ? 1 : 0);
  const table =
    truth.length === 0
      ? undefined
      : confusion(Array.from(prediction, classOf), Array.from(truth, classOf), 2);
  out.add(`${prefix}_acc_2`, table ? accuracy(table) : null, ALL_NEUTRAL);
  out.add(`${prefix}_F1_score`, table ? weightedF1(table) : null, ALL_NEUTRAL);
}

/** Fraction of samples with round(clip(p, -bound, bound)) = round(clip(y, -bound, bound)). */
function binnedAccuracy(prediction: ArrayLike<number>, truth: ArrayLike<number>, bound: number): number {
  let right = 0;
  for (let i = 0; i < truth.length; i++) {
    const p = roundHalfToEven(clip(defined(prediction[i]), -bound, bound));
    if (p === roundHalfToEven(clip(defined(truth[i]), -bound, bound))) right++;
  }
  return right / truth.length;
}
