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

/** Corruption kind of samples that were not corrupted. */
export const CLEAN = "clean";

/** Split with the model's outputs. */
export interface MeasuredSplit {
  readonly split: Split;
  readonly outputs: SplitOutputs;
}

/** Predicted uncertainty of one modality of one sample, with its true corruption. */
export interface Observation {
  /** Row in the split. */
  readonly row: number;
  readonly uncertainty: number;
  readonly severity: number;
  readonly kind: string;
}

/**
 * Summarises the predicted uncertainty of each modality. If the true corruption is known, also measures how
 * well the uncertainty follows the severity.
 *
 * For each kind, compares severities over the samples of that kind and the clean ones (severity 0), and over
 * the samples of that kind alone. The unit of severity depends on the kind. Only `all` mixes kinds, and it
 * needs severities that are comparable across kinds.
 *
 * @param before the same samples before the corruption. If a corruption changes every sample equally, only
 * the uncorrupted versions of the changed modalities give a comparison.
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

/** Returns the rows that have the modality and a finite uncertainty. */
function presentRows(
  present: Uint8Array | undefined,
  diagnostics: ModalityDiagnostics | undefined,
): number[] {
  return Array.from(present?.keys() ?? []).filter(
    (row) => present?.[row] === 1 && Number.isFinite(diagnostics?.uncertainty[row]),
  );
}

/** Returns one observation per sample that has the modality and a finite uncertainty, in order of rows. */
export function uncertaintyObservations({ split, outputs }: MeasuredSplit, name: string): Observation[] {
  const diagnostics = outputs.diagnostics[name];
  const corruption = split.corruption?.[name];
  return presentRows(split.modalities[name]?.present, diagnostics).map((row) => ({
    row,
    uncertainty: diagnostics?.uncertainty[row] ?? NaN,
    severity: corruption?.severity[row] ?? 0,
    kind: corruption?.kind[row] ?? CLEAN,
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
  const ceiling = (samples: readonly Observation[]): number | null =>
    spearmanCeiling(samples.map(({ severity }) => severity));
  const rho = (samples: readonly Observation[]): number | null =>
    samples.length === 0
      ? null
      : spearman(
          samples.map(({ uncertainty }) => uncertainty),
          samples.map(({ severity }) => severity),
        );
  const kinds = [...new Set(observed.map((sample) => sample.kind))].filter((kind) => kind !== CLEAN).sort();
  const byKind = kinds.map((kind) => {
    const ofKind = observed.filter((sample) => sample.kind === kind);
    const withClean = observed.filter((sample) => sample.kind === kind || sample.kind === CLEAN);
    const without = observed.filter((sample) => sample.kind !== kind);
    return [
      kind,
      {
        rho: rho(withClean),
        ceiling: ceiling(withClean),
        within: rho(ofKind),
        without: rho(without),
        samples: ofKind.length,
      },
    ] as const;
  });
  return { all: rho(observed), ceiling: ceiling(observed), byKind: Object.fromEntries(byKind) };
}

/** Measures how well low uncertainty selects samples with small errors. */
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
 * Returns the uncertainty of each sample: the model's expected error if it has such a head, otherwise the
 * mean uncertainty of the sample's modalities. NaN if there is none. [N]
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
