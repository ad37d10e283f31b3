import { defined } from "../core/defined.js";
import type { Task } from "../data/dataset.js";
import { expectedCalibrationError } from "../metrics/calibration-error.js";
import { neighbourAgreement } from "../metrics/neighbour-agreement.js";
import { confidenceBins, quantileBins, type ReliabilityBin } from "../metrics/reliability.js";
import { riskCoverage, riskCoveragePoints } from "../metrics/risk-coverage.js";
import { severityBins } from "../metrics/severity-bins.js";
import { tsne } from "../metrics/tsne.js";
import type { ModalityDiagnostics } from "../models/model.js";
import { softmax } from "../predict/calibration.js";
import { coverageReport } from "../evaluate/coverage-report.js";
import type { Measurement } from "../evaluate/evaluate.js";
import { Intervals } from "../predict/intervals.js";
import type { EvaluationResult } from "../runs/results.js";
import { thresholdsOf } from "../runs/stored-calibration.js";
import { sampleRisk } from "../evaluate/task-metrics.js";
import { CLEAN, sampleUncertainty, uncertaintyObservations } from "../evaluate/uncertainty-report.js";
import type { Measured } from "./job-result.js";
import { labelGroups } from "./label-groups.js";

const LEVELS = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
const POINTS = 20;
/** Mean of |x| under a standard normal distribution. */
const MEAN_ABSOLUTE = Math.sqrt(2 / Math.PI);
/** Maximum number of samples of a t-SNE. Its cost grows with their square. */
const EMBEDDED = 200;

/** Summarises how well a model's uncertainty works: bins and points instead of samples. */
export function measureDetails(
  measurement: Measurement,
  { uncertainty, routing }: EvaluationResult,
): Pick<Measured, "reliability" | "selective" | "coverage" | "severity" | "routing"> {
  const { task } = measurement.predictor.config.data;
  return rounded({
    reliability: reliabilityOf(task, measurement),
    selective: selectiveOf(task, measurement),
    coverage: coverageOf(task, measurement),
    severity: Object.fromEntries(
      Object.entries(uncertainty).flatMap(([name, { severity }]) => {
        if (!severity) return [];
        const points = [
          ...uncertaintyObservations(measurement, name),
          ...(measurement.before ? uncertaintyObservations(measurement.before, name) : []),
        ];
        const clean = severityBins(
          points.filter(({ kind }) => kind === CLEAN),
          1,
        );
        const bins = [
          ...clean,
          ...severityBins(points.filter(({ kind }) => kind !== CLEAN)).sort((a, b) =>
            a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.severity - b.severity,
          ),
        ];
        return points.length === 0
          ? []
          : [
              [
                name,
                {
                  bins,
                  all: severity.all,
                  byKind: Object.fromEntries(
                    Object.entries(severity.byKind).map(([kind, { rho }]) => [kind, rho]),
                  ),
                },
              ],
            ];
      }),
    ),
    routing: Object.fromEntries(
      Object.entries(routing ?? {}).map(([name, { load, unused, byKind, information }]) => [
        name,
        {
          load: [...load],
          unused,
          byKind: byKind
            ? Object.fromEntries(Object.entries(byKind).map(([kind, shares]) => [kind, [...shares]]))
            : null,
          information: information ?? null,
        },
      ]),
    ),
  });
}

function reliabilityOf(task: Task, { predictor, outputs, split }: Measurement): Measured["reliability"] {
  const risk = sampleRisk(task, outputs.prediction, split.labels, thresholdsOf(predictor.calibration));
  const found: Measured["reliability"] = [];
  if (task.kind === "classification") {
    const rows = probabilities(task.classes.length, outputs.prediction);
    found.push({
      promise: "confidence",
      bins: confidenceBins(
        rows.map((row) => Math.max(...row)),
        risk.map((wrong) => 1 - wrong),
      ),
      gap: expectedCalibrationError(rows.flat(), split.labels),
    });
  }
  const promises = [
    ["expected-error", outputs.expectedError],
    [
      "spread",
      task.kind === "regression" ? expectedBySpread(outputs.spread, task.targets.length) : undefined,
    ],
  ] as const;
  for (const [promise, predicted] of promises) {
    if (!predicted?.every(Number.isFinite)) continue;
    const bins = quantileBins(predicted, risk);
    found.push({ promise, bins, gap: meanGap(bins) });
  }
  return found;
}

function meanGap(bins: readonly ReliabilityBin[]): number {
  const total = bins.reduce((sum, { samples }) => sum + samples, 0);
  return bins.reduce(
    (sum, { samples, predicted, actual }) => sum + (samples / total) * Math.abs(predicted - actual),
    0,
  );
}

/** [N * targets] to [N] */
function expectedBySpread(spread: Float32Array | undefined, width: number): Float64Array | undefined {
  if (!spread) return undefined;
  const out = new Float64Array(spread.length / width);
  spread.forEach((value, at) => {
    const row = Math.floor(at / width);
    out[row] = defined(out[row]) + (MEAN_ABSOLUTE * value) / width;
  });
  return out;
}

function probabilities(classes: number, logits: Float32Array): number[][] {
  return Array.from({ length: logits.length / classes }, (_, row) =>
    softmax(logits.subarray(row * classes, (row + 1) * classes)),
  );
}

function selectiveOf(task: Task, { predictor, split, outputs }: Measurement): Measured["selective"] {
  const risk = sampleRisk(task, outputs.prediction, split.labels, thresholdsOf(predictor.calibration));
  const known = [
    ["uncertainty", sampleUncertainty(split, outputs)] as const,
    ...(task.kind === "classification"
      ? [
          [
            "confidence",
            Float64Array.from(
              probabilities(task.classes.length, outputs.prediction),
              (row) => -Math.max(...row),
            ),
          ] as const,
        ]
      : []),
  ];
  return known.flatMap(([by, values]): Measured["selective"] => {
    // a sample may have no modality
    const rows = Array.from(values.keys()).filter((row) => Number.isFinite(values[row]));
    const [risks, order] = [rows.map((row) => defined(risk[row])), rows.map((row) => defined(values[row]))];
    return rows.length === 0
      ? []
      : [{ by, area: riskCoverage(risks, order).area, points: riskCoveragePoints(risks, order, POINTS) }];
  });
}

function coverageOf(task: Task, { predictor, split, outputs }: Measurement): Measured["coverage"] {
  const { calibration } = predictor;
  if (!calibration) return { levels: [], byUncertainty: [] };
  const uncertainty = sampleUncertainty(split, outputs);
  const reports = LEVELS.flatMap(
    (level) => coverageReport(task, split, outputs, new Intervals(calibration, level), uncertainty) ?? [],
  );
  return {
    levels: reports.map(({ level, coverage, meanSize }) => ({ level, coverage, meanSize })),
    byUncertainty: (reports.find(({ level }) => level === 0.9)?.byUncertainty ?? []).map(
      ({ coverage }) => coverage,
    ),
  };
}

/**
 * Embeds the joint features of up to 200 samples, spread evenly over the split, in two dimensions. Null for a
 * model without joint features.
 */
export function embeddingOf({ split, outputs, predictor }: Measurement): Measured["embedding"] {
  const { joint } = outputs;
  if (!joint || split.size === 0) return null;
  const width = joint.length / split.size;
  const count = Math.min(EMBEDDED, split.size);
  const rows = Array.from({ length: count }, (_, i) => Math.floor((i * split.size) / count));
  const features = Float64Array.from(
    rows.flatMap((row) => Array.from(joint.subarray(row * width, (row + 1) * width))),
  );
  const { groups } = labelGroups(predictor.config.data.task, split.labels);
  const places = tsne(features, width);
  const largest = places.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const short = (value: number): number => Math.round((1000 * value) / (largest || 1)) / 1000;
  return {
    rows,
    points: rows.map((_, i): [number, number] => [
      short(defined(places[2 * i])),
      short(defined(places[2 * i + 1])),
    ]),
    agreement: neighbourAgreement(
      features,
      width,
      rows.map((row) => groups[row]),
    ),
  };
}

/** Returns the diagnostics of every sample. */
export function samplesOf({ split, outputs }: Measurement): NonNullable<Measured["samples"]> {
  const entries = Object.entries(outputs.diagnostics).map(
    ([name, diagnostics]) => [name, sampleLists(diagnostics, split.size)] as const,
  );
  return rounded(Object.fromEntries(entries));
}

/** Returns the uncertainty of each sample, by modality; null where it is unknown. */
export function uncertaintiesOf({ outputs }: Measurement): Record<string, (number | null)[]> {
  const entries = Object.entries(outputs.diagnostics).map(
    ([name, { uncertainty }]) =>
      [name, Array.from(uncertainty, (value) => (Number.isFinite(value) ? value : null))] as const,
  );
  return rounded(Object.fromEntries(entries));
}

function sampleLists(
  { uncertainty, contribution, experts, gates, sigma2 }: ModalityDiagnostics,
  size: number,
): NonNullable<Measured["samples"]>[string] {
  const known = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const lists = (values: Float32Array | Int32Array): number[][] => {
    const slots = values.length / size;
    return Array.from({ length: size }, (_, n) => Array.from(values.subarray(n * slots, (n + 1) * slots)));
  };
  return {
    uncertainty: Array.from(uncertainty, known),
    contribution: Array.from(contribution ?? new Float32Array(size).fill(NaN), known),
    experts: experts ? lists(experts) : null,
    gates: gates ? lists(gates).map((row) => row.map(known)) : null,
    sigma2: sigma2 ? lists(sigma2).map((row) => row.map(known)) : null,
  };
}

/** Rounds all numbers inside a value to five digits. */
function rounded<Value>(value: Value): Value;
function rounded(value: unknown): unknown {
  if (typeof value === "number") return Number(value.toPrecision(5));
  if (Array.isArray(value)) return value.map((entry: unknown) => rounded(entry));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]: [string, unknown]) => [key, rounded(entry)]),
    );
  return value;
}
