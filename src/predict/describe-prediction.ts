import { defined } from "../core/defined.js";
import { sigmoid } from "../core/math.js";
import { outputsOf, type Task } from "../data/dataset.js";
import { DEFAULT_THRESHOLD } from "../metrics/default-threshold.js";
import { mostProbable } from "../metrics/most-probable.js";
import type { ModalityDiagnostics } from "../models/model.js";
import { thresholdsOf } from "../runs/stored-calibration.js";
import { softmax, uncertaintyPercentile } from "./calibration.js";
import type { Interval, Intervals } from "./intervals.js";
import type {
  ClassificationPrediction,
  LabelPrediction,
  ModalityPrediction,
  MultiLabelPrediction,
  MultiTargetPrediction,
  Prediction,
  RegressionPrediction,
} from "./prediction.js";

/** Model outputs of some samples. */
export interface Outputs {
  /** [N, outputs] */
  readonly prediction: Float32Array;
  readonly diagnostics: Readonly<Record<string, ModalityDiagnostics>>;
  /** [N, outputs]; absent for a model without Gaussians. */
  readonly spread?: Float32Array;
}

/**
 * Converts the outputs for one sample to a prediction of its task.
 * @param present by modality, true if this sample has it
 * @param intervals undefined for a run without calibration
 */
export function describePrediction(
  task: Task,
  outputs: Outputs,
  row: number,
  present: Readonly<Record<string, boolean>>,
  intervals: Intervals | undefined,
): Prediction {
  const width = outputsOf(task);
  const values = outputs.prediction.subarray(row * width, (row + 1) * width);
  const spread = outputs.spread?.subarray(row * width, (row + 1) * width);
  const modalities = Object.entries(present).map(([name, has]) => {
    const described = describeModality(outputs.diagnostics[name], row, has);
    return [
      name,
      {
        ...described,
        percentile: uncertaintyPercentile(intervals?.calibration, name, described.uncertainty),
      },
    ] as const;
  });
  let known = 0;
  let sum = 0;
  for (const [, { uncertainty }] of modalities) {
    if (uncertainty === null) continue;
    known += 1;
    sum += uncertainty;
  }
  return {
    ...describeOutputs(task, values, spread, intervals),
    level: task.kind === "multi-label" ? null : (intervals?.level ?? null),
    uncertainty: known === 0 ? null : sum / known,
    modalities: Object.fromEntries(modalities),
  };
}

/** Fields of a prediction that depend on its task, of each member of a union. */
type Described<One extends Prediction> = One extends Prediction
  ? Omit<One, "level" | "uncertainty" | "modalities">
  : never;

function describeOutputs(
  task: Task,
  values: Float32Array,
  spread: Float32Array | undefined,
  intervals: Intervals | undefined,
): Described<Prediction> {
  if (task.kind === "classification") return describeClasses(task.classes, values, intervals);
  if (task.kind === "multi-label")
    return describeLabels(task.labels, values, thresholdsOf(intervals?.calibration));
  return describeTargets(task.targets, values, spread, intervals);
}

function describeLabels(
  names: readonly string[],
  logits: Float32Array,
  thresholds: Float64Array | undefined,
): Described<MultiLabelPrediction> {
  const labels = names.map((name, l): [string, LabelPrediction] => {
    const probability = sigmoid(defined(logits[l]));
    const threshold = thresholds?.[l] ?? DEFAULT_THRESHOLD;
    return [name, { probability, threshold, present: probability >= threshold }];
  });
  return {
    prediction: labels.flatMap(([name, { present }]) => (present ? [name] : [])),
    labels: Object.fromEntries(labels),
  };
}

function describeClasses(
  names: readonly string[],
  logits: Float32Array,
  intervals: Intervals | undefined,
): Described<ClassificationPrediction> {
  const probabilities = softmax(logits, intervals?.temperature);
  const classes = Object.fromEntries(names.map((name, c) => [name, defined(probabilities[c])]));
  const classSet = intervals ? intervals.classes(probabilities).map((c) => names[c] ?? "") : null;
  return { prediction: names[defined(mostProbable(logits, logits.length)[0])] ?? "", classes, classSet };
}

function describeTargets(
  names: readonly string[],
  values: Float32Array,
  spread: Float32Array | undefined,
  intervals: Intervals | undefined,
): Described<RegressionPrediction | MultiTargetPrediction> {
  const intervalOf = (target: number): Interval | null =>
    intervals?.around(defined(values[target]), spread?.[target] ?? 0, target) ?? null;
  if (names.length === 1) return { prediction: defined(values[0]), interval: intervalOf(0) };
  const prediction = Object.fromEntries(names.map((name, t) => [name, defined(values[t])]));
  return {
    prediction,
    interval: intervals ? Object.fromEntries(names.map((name, t) => [name, intervalOf(t)])) : null,
  };
}

const ABSENT: ModalityPrediction = {
  present: false,
  uncertainty: null,
  percentile: null,
  contribution: null,
  experts: [],
  gates: [],
  sigma2: [],
};

function describeModality(
  diagnostics: ModalityDiagnostics | undefined,
  row: number,
  present: boolean,
): ModalityPrediction {
  if (!present) return ABSENT;
  if (!diagnostics) return { ...ABSENT, present };
  return {
    ...ABSENT,
    present,
    uncertainty: finiteOrNull(diagnostics.uncertainty[row]),
    contribution: finiteOrNull(diagnostics.contribution?.[row]),
    experts: rowOf(diagnostics.experts, row, diagnostics),
    gates: rowOf(diagnostics.gates, row, diagnostics),
    sigma2: rowOf(diagnostics.sigma2, row, diagnostics),
  };
}

function rowOf(
  values: Float32Array | Int32Array | undefined,
  row: number,
  { uncertainty }: ModalityDiagnostics,
): number[] {
  if (!values || uncertainty.length === 0) return [];
  const width = values.length / uncertainty.length;
  const list: number[] = [];
  // much faster than Array.from for three values
  for (let i = row * width; i < (row + 1) * width; i++) list.push(defined(values[i]));
  return list;
}

function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
