import { defined } from "../core/defined.js";
import { meanOrNull } from "../core/averages.js";
import type { Split, Task } from "../data/dataset.js";
import type { ModalityDiagnostics } from "../models/model.js";
import { spearman, spearmanCeiling } from "../metrics/rank.js";
import { riskCoverage } from "../metrics/risk-coverage.js";
import { quantileOf } from "../metrics/summary-statistics.js";
import type { SplitOutputs } from "../predict/forward-split.js";
import type { ModalityUncertaintySummary, SelectiveSummary, SeverityAgreement } from "../runs/results.js";
import { sampleRisk } from "./task-metrics.js";

/** The kind of what nothing was done to. */
export const CLEAN = "clean";

/** A split with the model's outputs for it. */
export interface MeasuredSplit {
  readonly split: Split;
  readonly outputs: SplitOutputs;
}

/** Predicted uncertainty of one modality of one sample, and what was done to it. */
export interface Observation {
  /** Row of the split. */
  readonly row: number;
  readonly uncertainty: number;
  readonly severity: number;
  readonly kind: string;
}

/**
 * Per modality: how large its predicted uncertainty is, and, where the true corruption is known, how well it
 * follows the severity.
 * By kind, severities are compared over the samples of that kind together with the clean ones (severity 0),
 * and over those of that kind alone: the unit of severity belongs to the kind, so that kinds are never mixed
 * except in `all`, which needs severities that are comparable across kinds.
 * @param before the same samples before the features were corrupted on purpose. A corruption that hits every
 * sample equally leaves nothing
 *   to compare with; therefore the modalities that it changed are compared with themselves as they were.
 */
export function uncertaintyReport(
  measured: MeasuredSplit,
  before?: MeasuredSplit,
): Record<string, ModalityUncertaintySummary> {
  const entries = Object.keys(measured.split.modalities).map((name) => {
    const changed =
      before !== undefined && before.split.corruption?.[name] !== measured.split.corruption?.[name];
    const observed = [
      ...uncertaintyObservations(measured, name),
      ...(changed ? uncertaintyObservations(before, name) : []),
    ];
    return [name, summarise(measured, name, measured.split.corruption?.[name] ? observed : [])] as const;
  });
  return Object.fromEntries(entries);
}

/** Samples that have the modality and a finite uncertainty for it. */
function presentRows(
  present: Uint8Array | undefined,
  diagnostics: ModalityDiagnostics | undefined,
): number[] {
  return Array.from(present?.keys() ?? []).filter(
    (row) => present?.[row] === 1 && Number.isFinite(diagnostics?.uncertainty[row]),
  );
}

/** One observation for each sample that has the modality and a finite uncertainty for it, in order of rows. */
export function uncertaintyObservations({ split, outputs }: MeasuredSplit, name: string): Observation[] {
  const diagnostics = outputs.diagnostics[name];
  const truth = split.corruption?.[name];
  return presentRows(split.modalities[name]?.present, diagnostics).map((row) => ({
    row,
    uncertainty: diagnostics?.uncertainty[row] ?? NaN,
    severity: truth?.severity[row] ?? 0,
    kind: truth?.kind[row] ?? CLEAN,
  }));
}

function summarise(
  { split, outputs }: MeasuredSplit,
  name: string,
  observed: readonly Observation[],
): ModalityUncertaintySummary {
  const diagnostics = outputs.diagnostics[name];
  const rows = presentRows(split.modalities[name]?.present, diagnostics);
  const uncertainty = rows.map((row) => diagnostics?.uncertainty[row] ?? NaN);
  const sorted = Float64Array.from(uncertainty).sort();
  const shares = rows.map((row) => diagnostics?.contribution?.[row] ?? NaN).filter(Number.isFinite);
  return {
    samples: rows.length,
    mean: meanOrNull(uncertainty),
    quantiles: [0.1, 0.5, 0.9].map((q) => (sorted.length === 0 ? null : quantileOf(sorted, q))),
    contribution: meanOrNull(shares),
    ...(observed.length > 0 && { severity: severityAgreement(observed) }),
  };
}

function severityAgreement(observed: readonly Observation[]): SeverityAgreement {
  const ceiling = (of: readonly Observation[]): number | null =>
    spearmanCeiling(of.map((one) => one.severity));
  const rho = (of: readonly Observation[]): number | null =>
    of.length === 0
      ? null
      : spearman(
          of.map((one) => one.uncertainty),
          of.map((one) => one.severity),
        );
  const kinds = [...new Set(observed.map((one) => one.kind))].filter((kind) => kind !== CLEAN).sort();
  const byKind = kinds.map((kind) => {
    const own = observed.filter((one) => one.kind === kind);
    const withClean = observed.filter((one) => one.kind === kind || one.kind === CLEAN);
    const without = observed.filter((one) => one.kind !== kind);
    return [
      kind,
      {
        rho: rho(withClean),
        ceiling: ceiling(withClean),
        within: rho(own),
        without: rho(without),
        samples: own.length,
      },
    ] as const;
  });
  return { all: rho(observed), ceiling: ceiling(observed), byKind: Object.fromEntries(byKind) };
}

/** Does certainty, minus the uncertainty of a sample, find the samples with small errors? */
export function selectiveReport(
  task: Task,
  split: Split,
  outputs: SplitOutputs,
  thresholds?: ArrayLike<number>,
): SelectiveSummary | undefined {
  const uncertainty = sampleUncertainty(split, outputs);
  const rows = Array.from(uncertainty.keys()).filter((row) => Number.isFinite(uncertainty[row]));
  if (rows.length === 0) return undefined;
  const risk = sampleRisk(task, outputs.prediction, split.labels, thresholds);
  const curve = riskCoverage(
    rows.map((row) => defined(risk[row])),
    rows.map((row) => defined(uncertainty[row])),
  );
  return { risk: task.kind === "regression" ? "absolute-error" : "error-rate", ...curve };
}

/**
 * The expected error of each sample, where the model has a head for it; else the mean uncertainty of the
 * modalities that it has, NaN where there is none. [N]
 */
export function sampleUncertainty(split: Split, outputs: SplitOutputs): Float64Array {
  if (outputs.expectedError) return Float64Array.from(outputs.expectedError);
  const sums = new Float64Array(split.size);
  const counts = new Float64Array(split.size);
  for (const [name, table] of Object.entries(split.modalities)) {
    for (const row of presentRows(table.present, outputs.diagnostics[name])) {
      sums[row] = defined(sums[row]) + (outputs.diagnostics[name]?.uncertainty[row] ?? NaN);
      counts[row] = defined(counts[row]) + 1;
    }
  }
  return sums.map((sum, row) => sum / defined(counts[row]));
}
