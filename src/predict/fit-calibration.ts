import { defined } from "../core/defined.js";
import type { Split, Task } from "../data/dataset.js";
import { classScore } from "../metrics/conformal.js";
import { bestThresholds } from "../metrics/multi-label.js";
import { sortedOrder } from "../metrics/rank.js";
import { quantileOf } from "../metrics/summary-statistics.js";
import {
  type Calibration,
  type ClassCalibration,
  type MultiLabelCalibration,
  QUANTILE_STEPS,
  type RegressionCalibration,
} from "../runs/stored-calibration.js";
import { softmax } from "./calibration.js";
import type { SplitOutputs } from "./forward-split.js";

/**
 * Fits the calibration on a split that was not used for training.
 * @param outputs outputs of the model on that split, with spreads if it has them
 */
export function fitCalibration(task: Task, split: Split, outputs: SplitOutputs): Calibration {
  const known = Object.entries(outputs.diagnostics).map(
    ([name, { uncertainty }]) => [name, uncertainty.filter(Number.isFinite)] as const,
  );
  const tables = known.map(([name, values]) => [name, quantileTable(values)] as const);
  const partial = known.filter(([, { length }]) => length > 0 && length < split.size);
  return {
    outputs:
      task.kind === "classification"
        ? fitClasses(outputs.prediction, split.labels, task.classes.length)
        : task.kind === "multi-label"
          ? fitThresholds(outputs.prediction, split.labels, task.labels.length)
          : fitTargets(split, outputs, task.targets.length),
    uncertainty: Object.fromEntries(tables.flatMap(([name, table]) => (table ? [[name, table]] : []))),
    ...(partial.length > 0 && {
      uncertaintySamples: Object.fromEntries(partial.map(([name, { length }]) => [name, length])),
    }),
  };
}

function fitTargets(
  split: Split,
  { prediction, spread }: SplitOutputs,
  width: number,
): RegressionCalibration {
  const targets = Array.from({ length: width }, (_, target) => {
    const spreads = Array.from({ length: split.size }, (_, row) => spread?.[row * width + target] ?? 0);
    const mean = spreads.reduce((sum, value) => sum + value, 0) / split.size;
    const floor = mean > 0 ? mean : 1;
    const scores = Float64Array.from(spreads, (own, row) => {
      const at = row * width + target;
      return Math.abs(defined(split.labels[at]) - defined(prediction[at])) / (own + floor);
    });
    return { floor, scores: scores.sort() };
  });
  return { kind: "regression", targets };
}

function fitThresholds(logits: Float32Array, labels: Float32Array, width: number): MultiLabelCalibration {
  return {
    kind: "multi-label",
    thresholds: bestThresholds(logits, labels, width),
    samples: labels.length / width,
  };
}

function fitClasses(logits: Float32Array, labels: Float32Array, classes: number): ClassCalibration {
  const temperature = bestTemperature(logits, labels, classes);
  const scores = Float64Array.from(labels, (label, row) =>
    classScore(softmax(logits.subarray(row * classes, (row + 1) * classes), temperature), label),
  );
  return { kind: "classification", temperature, scores: scores.sort() };
}

const [COLDEST, HOTTEST] = [1 / 64, 64];

/**
 * Finds the temperature T with the smallest mean cross-entropy of softmax(z / T). The loss is convex in b = 1
 * / T. Bisection finds the root of its derivative, mean_i (sum_c p_c z_c - z_y). If the derivative has one
 * sign everywhere (all samples are right, or no better than chance), T is at its bound.
 */
function bestTemperature(logits: Float32Array, labels: Float32Array, classes: number): number {
  const slope = (inverse: number): number => {
    let sum = 0;
    labels.forEach((label, row) => {
      const z = logits.subarray(row * classes, (row + 1) * classes);
      const p = softmax(z, 1 / inverse);
      sum += p.reduce((mean, share, c) => mean + share * defined(z[c]), 0) - defined(z[label]);
    });
    return sum;
  };
  let [low, high] = [1 / HOTTEST, 1 / COLDEST];
  for (let i = 0; i < 50; i++) {
    const middle = Math.sqrt(low * high);
    if (slope(middle) <= 0)
      low = middle; // 0 where all probabilities have become 0 or 1
    else high = middle;
  }
  return 1 / Math.sqrt(low * high);
}

/** Returns the quantiles 0, 1 / STEPS, ... 1 by linear interpolation; undefined without values. */
function quantileTable(values: Float32Array): Float64Array | undefined {
  if (values.length === 0) return undefined;
  const sorted = sortedOrder(values).map((i) => defined(values[i]));
  return Float64Array.from({ length: QUANTILE_STEPS + 1 }, (_, step) =>
    quantileOf(sorted, step / QUANTILE_STEPS),
  );
}
