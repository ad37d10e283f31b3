import { defined } from "../core/defined.js";
import { DataError } from "../core/errors.js";
import { MetricCollector, type MetricReport } from "./metric-report.js";

/** Confusion matrix: row = true class, column = predicted class, [C, C] row-major. */
export interface Confusion {
  readonly classes: number;
  readonly counts: Float64Array;
  readonly samples: number;
}

/**
 * Counts true and predicted classes.
 *
 * @throws DataError if empty, or a class index is outside 0..classes-1
 */
export function confusion(
  prediction: ArrayLike<number>,
  truth: ArrayLike<number>,
  classes: number,
): Confusion {
  if (prediction.length !== truth.length) {
    throw new DataError(
      "data.width-mismatch",
      `confusion: ${prediction.length} predictions for ${truth.length} labels`,
    );
  }
  if (truth.length === 0) throw new DataError("data.empty", "classification metrics: no samples to score");
  const counts = new Float64Array(classes * classes);
  for (let i = 0; i < truth.length; i++) {
    const cell = classIndex(truth[i], classes, i) * classes + classIndex(prediction[i], classes, i);
    counts[cell] = defined(counts[cell]) + 1;
  }
  return { classes, counts, samples: truth.length };
}

function classIndex(value: number | undefined, classes: number, sample: number): number {
  if (value !== undefined && Number.isInteger(value) && value >= 0 && value < classes) return value;
  throw new DataError(
    "data.invalid-value",
    `classification metrics: sample ${sample} has class ${String(value)}, ` +
      `expected an integer in 0..${classes - 1}`,
  );
}

/** Fraction of samples with the right class. In [0, 1]. */
export function accuracy(table: Confusion): number {
  let right = 0;
  for (let c = 0; c < table.classes; c++) right += defined(table.counts[c * table.classes + c]);
  return right / table.samples;
}

interface ClassScore {
  readonly f1: number;
  /** Number of samples of this class. */
  readonly support: number;
  readonly predicted: number;
}

/** F1 = 2 TP / (2 TP + FP + FN); 0 for 0/0. */
function classScore(table: Confusion, c: number): ClassScore {
  const right = defined(table.counts[c * table.classes + c]);
  let support = 0;
  let predicted = 0;
  for (let other = 0; other < table.classes; other++) {
    support += defined(table.counts[c * table.classes + other]);
    predicted += defined(table.counts[other * table.classes + c]);
  }
  return { f1: support + predicted === 0 ? 0 : (2 * right) / (support + predicted), support, predicted };
}

function classScores(table: Confusion): ClassScore[] {
  return Array.from({ length: table.classes }, (_, c) => classScore(table, c));
}

/** Weighted F1: sum over true classes of (n_c / N) F1_c. In [0, 1]. */
export function weightedF1(table: Confusion): number {
  return classScores(table).reduce((sum, score) => sum + (score.support / table.samples) * score.f1, 0);
}

/**
 * Unweighted mean of F1 over the classes that occur in the labels or predictions (scikit-learn's default). In
 * [0, 1].
 */
export function macroF1(table: Confusion): number {
  const occurring = classScores(table).filter((score) => score.support + score.predicted > 0);
  return occurring.reduce((sum, score) => sum + score.f1, 0) / occurring.length;
}

/** Computes Accuracy, Weighted_F1 and Macro_F1 of predicted class indices. */
export function classificationMetrics(
  prediction: ArrayLike<number>,
  truth: ArrayLike<number>,
  classes: number,
): MetricReport {
  const table = confusion(prediction, truth, classes);
  const out = new MetricCollector();
  out.add("Accuracy", accuracy(table), "no samples");
  out.add("Weighted_F1", weightedF1(table), "no samples");
  out.add("Macro_F1", macroF1(table), "no samples");
  return out.report();
}
