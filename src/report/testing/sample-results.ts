import { sampleClip } from "./sample-clip.js";
import { normalAt, randomKey, uniformAt } from "../../core/random.js";
import type { SeverityPoint } from "../../metrics/severity-bins.js";
import type { EpochRecord, Metrics } from "../../runs/results.js";
import type {
  DemoModel,
  DemoResults,
  DemoUncertainty,
  DoubtedClip,
  NoiseCurve,
} from "../demo/demo-results.js";

function metrics(accuracy: number, error: number): Metrics {
  return { Non0_acc_2: accuracy, Non0_F1_score: accuracy, MAE: error, Corr: null };
}

function history(epochs: number): EpochRecord[] {
  return Array.from({ length: epochs }, (_, i) => ({
    epoch: i + 1,
    step: 80 * (i + 1),
    learningRate: 1e-3,
    train: { total: 2 / (i + 1), task: 1.9 / (i + 1) },
    valid: { loss: 1 + 1 / (i + 1), MAE: 1 },
    score: 1 + 1 / (i + 1),
    best: true,
    recoveries: 0,
  }));
}

function model(label: string, accuracy: number, error: number, epochs: number): DemoModel {
  return {
    label,
    history: history(epochs),
    bestEpoch: epochs,
    parameters: 12345,
    valid: metrics(accuracy, error),
    test: metrics(accuracy, error),
    whole: metrics(accuracy + 0.05, error - 0.1),
    hash: "0123456789abcdef0123456789abcdef",
    seconds: 3,
  };
}

function uncertainty(label: string, follows: number | null, slope: number): DemoUncertainty {
  const key = randomKey(1, label);
  const points = Array.from({ length: 80 }, (_, i): SeverityPoint => {
    const severity = uniformAt(key, i);
    const rank = 40 + slope * severity + 15 * normalAt(key, 1000 + i);
    return {
      kind: i % 2 === 0 ? "noise" : "dropout",
      severity,
      uncertainty: Math.max(0, Math.min(100, rank)),
    };
  });
  return {
    model: label,
    follows,
    ceiling: 0.91,
    byKind: { noise: 0.02, dropout: null },
    points,
    wholeMean: 42,
    mostDoubted: { inputs: 100, damaged: 61 },
    damagedShare: 0.45,
    selective: { risk: "absolute-error", all: 0.5, certainHalf: 0.55, area: 0.5 },
  };
}

function curve(where: string): NoiseCurve {
  const levels = [0, 0.5, 2].map((deviation) => ({
    deviation,
    results: {
      "EUAR aware": metrics(0.9 - 0.05 * deviation, 0.5),
      "EUAR paper": metrics(0.9 - 0.1 * deviation, 0.6),
      linear: metrics(0.9 - 0.1 * deviation, 0.6),
      "linear, same aids": metrics(0.9 - 0.06 * deviation, 0.6),
    },
  }));
  return { where, levels };
}

function doubted(label: string, kind: string, statistics: DoubtedClip["statistics"] = []): DoubtedClip {
  const input = { severity: kind === "clean" ? 0 : 0.8, percentile: 0.99, ratio: 12.5, contribution: 0.2 };
  return {
    model: label,
    id: "test-7",
    label: -1.2,
    prediction: -0.9,
    interval: { low: -2, high: 0.2 },
    modality: "<audio> & co",
    verdict: "The score is -0.90.",
    inputs: [
      { modality: "text", kind: "clean", severity: 0, percentile: null, ratio: 1.02, contribution: null },
      { modality: "<audio> & co", kind, ...input },
    ],
    statistics,
    features: [3, -2, 0.5, 4],
    usual: [1, -0.5, 0.2, 0.7],
  };
}

/**
 * Returns made-up results of the correct form, for tests of tables and pages. The numbers have no meaning.
 */
export function sampleResults(): DemoResults {
  return {
    version: "0.0.0",
    seed: 1,
    dataset: {
      name: "synthetic",
      sizes: { train: 1284, valid: 229, test: 686 },
      modalities: [
        { name: "text", width: 768 },
        { name: "<audio> & co", width: 74 },
      ],
    },
    models: [
      model("EUAR aware", 0.85, 0.5, 12),
      model("EUAR paper", 0.85, 0.7, 5),
      model("linear", 0.8, 0.6, 9),
      model("linear, same aids", 0.79, 0.65, 9),
    ],
    noiseOnWhole: true,
    noise: [curve("every input"), curve("text alone")],
    uncertainty: [
      uncertainty("EUAR aware", 0.67, 50),
      uncertainty("EUAR paper", 0.12, 3),
      uncertainty("linear, same aids", 0.6, 40),
    ],
    doubted: [
      doubted("EUAR aware", "noise", [
        { name: "mean |z|", deviations: 31 },
        { name: "log kurtosis", deviations: -4 },
      ]),
      doubted("EUAR paper", "clean"),
    ],
    clip: sampleClip(),
    warnings: ["Corr has no value: the prediction is constant"],
    seconds: 61.4,
  };
}
