import { normalAt, randomKey, uniformAt } from "../../core/random.js";
import type { EpochRecord, Metrics } from "../../runs/results.js";
import type { SeverityPoint } from "../../metrics/severity-bins.js";
import type { DemoModel, DemoResults, DemoUncertainty } from "../demo-results.js";

function metrics(accuracy: number, error: number): Metrics {
  return {
    Non0_acc_2: accuracy,
    Non0_F1_score: accuracy,
    Has0_acc_2: accuracy,
    Mult_acc_7: 0.4,
    MAE: error,
    Corr: null,
  };
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
    hash: "0123456789abcdef0123456789abcdef",
    seconds: 3,
  };
}

function uncertainty(modality: string): DemoUncertainty {
  const key = randomKey(1, modality);
  const points = Array.from({ length: 80 }, (_, i): SeverityPoint => {
    const severity = uniformAt(key, i);
    return {
      kind: i % 2 === 0 ? "noise" : "dropout",
      severity,
      uncertainty: 0.5 + severity * (i % 2) + 0.1 * normalAt(key, 1000 + i),
    };
  });
  return {
    modality,
    agreement: {
      all: 0.41,
      ceiling: 0.9,
      byKind: {
        noise: { rho: 0.02, ceiling: 0.6, within: 0.03, without: 0.4, samples: 140 },
        dropout: { rho: null, ceiling: null, within: null, without: 0.2, samples: 140 },
      },
    },
    cleanMean: 0.5,
    points,
  };
}

/** Made-up results of the right form, for tests of tables and pages; the numbers mean nothing. */
export function sampleResults(): DemoResults {
  const [euar, linear, single] = [
    model("EUAR", 0.85, 0.5, 12),
    model("linear", 0.8, 0.6, 9),
    model("EUAR, text only", 0.85, 0.7, 5),
  ];
  const condition = (label: string, withoutText = false): DemoResults["subsets"][number] => ({
    label,
    results: {
      EUAR: metrics(0.7, 0.9),
      linear: metrics(0.72, 0.8),
      "EUAR, text only": withoutText ? null : metrics(0.6, 1),
    },
  });
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
    models: [euar, linear, single],
    singles: [
      { modality: "text", validLoss: 1.1, chosen: true },
      { modality: "audio", validLoss: null, chosen: false },
    ],
    subsets: [condition("text"), condition("audio", true), condition("text, audio")],
    noise: [condition("gaussian:0.5"), condition("gaussian:1")],
    uncertainty: [uncertainty("text"), uncertainty("audio")],
    selective: { risk: "absolute-error", all: 0.5, certainHalf: 0.55, area: 0.5 },
    warnings: ["Corr has no value: the prediction is constant"],
    seconds: 61.4,
  };
}
