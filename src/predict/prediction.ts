import { sigmoid } from "../core/math.js";
import { outputsOf, type Task } from "../data/dataset.js";
import type { ModalityDiagnostics } from "../models/model.js";
import { softmax, uncertaintyPercentile } from "./calibration.js";
import type { Interval, Intervals } from "./intervals.js";
import { mostProbable } from "../metrics/most-probable.js";
import { DEFAULT_THRESHOLD } from "../metrics/multi-label.js";
import { thresholdsOf } from "../runs/stored-calibration.js";

/** What one modality did to a prediction. */
export interface ModalityPrediction {
  readonly present: boolean;
  /**
   * Larger = less certain; null where absent or where the model has no notion of it. EUAR: gate-weighted mean
   * of sigma^2.
   */
  readonly uncertainty: number | null;
  /**
   * Share of the validation samples whose uncertainty for this modality was lower, in [0, 1]: what makes an
   * uncertainty high. Null where unknown.
   */
  readonly percentile: number | null;
  /** Share of the prediction, in [0, 1]; the shares of all modalities sum to 1. */
  readonly contribution: number | null;
  /** Chosen experts in order of gate weight, with their gates and mean sigma^2; empty where absent. */
  readonly experts: readonly number[];
  readonly gates: readonly number[];
  readonly sigma2: readonly number[];
}

/** What is said about one of several labels. */
export interface LabelPrediction {
  readonly probability: number;
  /** Chosen on the validation split; 0.5 for a run without calibration. */
  readonly threshold: number;
  /** True if the probability reaches the threshold. */
  readonly present: boolean;
}

export interface Prediction {
  /**
   * Regression: the value, or for several targets the values by name. Classification: the most probable
   * class. Multi-label: the labels that are present.
   */
  readonly prediction: number | string | Readonly<Record<string, number>> | readonly string[];
  /**
   * Classification: probability of each class by name, at the temperature that was chosen on the validation
   * split.
   */
  readonly classes?: Readonly<Record<string, number>>;
  /** Multi-label: probability and decision of each label by name. */
  readonly labels?: Readonly<Record<string, LabelPrediction>>;
  /**
   * Share of truths that `interval` or `classSet` promises to hold; null if nothing is promised (a run
   * without calibration).
   */
  readonly level: number | null;
  /**
   * Regression: holds the truth with probability `level`, or for several targets by name. Null if the
   * validation split was too small to promise that.
   */
  readonly interval?: Interval | Readonly<Record<string, Interval | null>> | null;
  /**
   * Classification: the classes that hold the truth with probability `level`, most probable first; null
   * without calibration.
   */
  readonly classSet?: readonly string[] | null;
  /**
   * Mean uncertainty of the present modalities; null if the model has no notion of it. Minus this is the
   * certainty that samples are ranked by.
   */
  readonly uncertainty: number | null;
  readonly modalities: Readonly<Record<string, ModalityPrediction>>;
}

/** True for the names of present labels, which a multi-label prediction is. */
export function isLabelList(prediction: Prediction["prediction"]): prediction is readonly string[] {
  return Array.isArray(prediction);
}

/** Model outputs of some samples. */
export interface Outputs {
  /** [N, outputs] */
  readonly prediction: Float32Array;
  readonly diagnostics: Readonly<Record<string, ModalityDiagnostics>>;
  /** [N, outputs]; absent for a model without Gaussians. */
  readonly spread?: Float32Array;
}

/**
 * One sample's outputs in the words of its task.
 * @param present by modality, of this sample
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

function describeOutputs(
  task: Task,
  values: Float32Array,
  spread: Float32Array | undefined,
  intervals: Intervals | undefined,
): Pick<Prediction, "prediction" | "classes" | "classSet" | "interval" | "labels"> {
  if (task.kind === "classification") return describeClasses(task.classes, values, intervals);
  if (task.kind === "multi-label")
    return describeLabels(task.labels, values, thresholdsOf(intervals?.calibration));
  return describeTargets(task.targets, values, spread, intervals);
}

function describeLabels(
  names: readonly string[],
  logits: Float32Array,
  thresholds: Float64Array | undefined,
): Pick<Prediction, "prediction" | "labels"> {
  const labels = names.map((name, l): [string, LabelPrediction] => {
    const probability = sigmoid(logits[l] ?? NaN);
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
): Pick<Prediction, "prediction" | "classes" | "classSet"> {
  const probabilities = softmax(logits, intervals?.temperature);
  const classes = Object.fromEntries(names.map((name, c) => [name, probabilities[c] ?? NaN]));
  const classSet = intervals ? intervals.classes(probabilities).map((c) => names[c] ?? "") : null;
  return { prediction: names[mostProbable(logits, logits.length)[0] ?? 0] ?? "", classes, classSet };
}

function describeTargets(
  names: readonly string[],
  values: Float32Array,
  spread: Float32Array | undefined,
  intervals: Intervals | undefined,
): Pick<Prediction, "prediction" | "interval"> {
  const intervalOf = (target: number): Interval | null =>
    intervals?.around(values[target] ?? NaN, spread?.[target] ?? 0, target) ?? null;
  if (names.length === 1) return { prediction: values[0] ?? NaN, interval: intervalOf(0) };
  const prediction = Object.fromEntries(names.map((name, t) => [name, values[t] ?? NaN]));
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
  // far cheaper than Array.from for three values
  for (let i = row * width; i < (row + 1) * width; i++) list.push(values[i] ?? NaN);
  return list;
}

function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
