import { exp } from "../core/math.js";
import { outputsOf, type Task } from "../data/dataset.js";
import type { ModalityDiagnostics } from "../models/model.js";
import { mostProbable } from "./task-metrics.js";

/** What one modality did to a prediction. */
export interface ModalityPrediction {
  readonly present: boolean;
  /** Larger = less certain; null where absent or where the model has no notion of it. EUAR: gate-weighted mean of sigma^2. */
  readonly uncertainty: number | null;
  /** Share of the prediction, in [0, 1]; the shares of all modalities sum to 1. */
  readonly contribution: number | null;
  /** Chosen experts in order of gate weight, with their gates and mean sigma^2; empty where absent. */
  readonly experts: readonly number[];
  readonly gates: readonly number[];
  readonly sigma2: readonly number[];
}

export interface Prediction {
  /** Regression: the value, or for several targets the values by name. Classification: the most probable class. */
  readonly prediction: number | string | Readonly<Record<string, number>>;
  /** Classification: probability of each class by name. */
  readonly classes?: Readonly<Record<string, number>>;
  /** Mean uncertainty of the present modalities; null if the model has no notion of it. Minus this is the certainty that samples are ranked by. */
  readonly uncertainty: number | null;
  readonly modalities: Readonly<Record<string, ModalityPrediction>>;
}

/** Model outputs of some samples. */
export interface Outputs {
  /** [N, outputs] */
  readonly prediction: Float32Array;
  readonly diagnostics: Readonly<Record<string, ModalityDiagnostics>>;
}

/** One sample's outputs in the words of its task. @param present by modality, of this sample */
export function describePrediction(task: Task, outputs: Outputs, row: number, present: Readonly<Record<string, boolean>>): Prediction {
  const width = outputsOf(task);
  const values = outputs.prediction.subarray(row * width, (row + 1) * width);
  const modalities = Object.entries(present).map(([name, has]) => [name, describeModality(outputs.diagnostics[name], row, has)] as const);
  let known = 0;
  let sum = 0;
  for (const [, { uncertainty }] of modalities) {
    if (uncertainty === null) continue;
    known += 1;
    sum += uncertainty;
  }
  return {
    ...describeOutputs(task, values),
    uncertainty: known === 0 ? null : sum / known,
    modalities: Object.fromEntries(modalities),
  };
}

function describeOutputs(task: Task, values: Float32Array): Pick<Prediction, "prediction" | "classes"> {
  if (task.kind === "classification") {
    const probabilities = softmax(values);
    const classes = Object.fromEntries(task.classes.map((name, c) => [name, probabilities[c] ?? NaN]));
    return { prediction: task.classes[mostProbable(values, values.length)[0] ?? 0] ?? "", classes };
  }
  if (task.targets.length === 1) return { prediction: values[0] ?? NaN };
  return { prediction: Object.fromEntries(task.targets.map((name, t) => [name, values[t] ?? NaN])) };
}

function softmax(logits: Float32Array): number[] {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = Array.from(logits, (logit) => exp(logit - largest));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

const ABSENT: ModalityPrediction = { present: false, uncertainty: null, contribution: null, experts: [], gates: [], sigma2: [] };

function describeModality(diagnostics: ModalityDiagnostics | undefined, row: number, present: boolean): ModalityPrediction {
  if (!present) return ABSENT;
  if (!diagnostics) return { ...ABSENT, present };
  return {
    present,
    uncertainty: finiteOrNull(diagnostics.uncertainty[row]),
    contribution: finiteOrNull(diagnostics.contribution?.[row]),
    experts: rowOf(diagnostics.experts, row, diagnostics),
    gates: rowOf(diagnostics.gates, row, diagnostics),
    sigma2: rowOf(diagnostics.sigma2, row, diagnostics),
  };
}

function rowOf(values: Float32Array | Int32Array | undefined, row: number, { uncertainty }: ModalityDiagnostics): number[] {
  if (!values || uncertainty.length === 0) return [];
  const width = values.length / uncertainty.length;
  const list: number[] = [];
  for (let i = row * width; i < (row + 1) * width; i++) list.push(values[i] ?? NaN); // far cheaper than Array.from for three values
  return list;
}

function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
