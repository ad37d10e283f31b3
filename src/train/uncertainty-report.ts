import type { Split, Task } from "../data/dataset.js";
import type { ModalityDiagnostics } from "../models/model.js";
import { sortedOrder, spearman } from "../metrics/rank.js";
import { riskCoverage } from "../metrics/risk-coverage.js";
import type { SplitOutputs } from "./forward-split.js";
import type { ModalityUncertaintySummary, SelectiveSummary, SeverityAgreement } from "./results.js";
import { sampleRisk } from "./task-metrics.js";

const CLEAN = "clean";

/**
 * Per modality: how large its predicted uncertainty is, and, where the true corruption is known, how well it follows the severity.
 * Within a kind, severities are compared over the samples of that kind together with the clean ones (severity 0): the unit of severity
 * belongs to the kind, so that kinds are never mixed except in `all`, which needs severities that are comparable across kinds.
 */
export function uncertaintyReport(split: Split, outputs: SplitOutputs): Record<string, ModalityUncertaintySummary> {
  const entries = Object.entries(split.modalities).map(([name, table]) => {
    const rows = presentRows(table.present, outputs.diagnostics[name]);
    return [name, summarise(split, name, rows, outputs.diagnostics[name])] as const;
  });
  return Object.fromEntries(entries);
}

/** Samples that have the modality and a finite uncertainty for it. */
function presentRows(present: Uint8Array, diagnostics: ModalityDiagnostics | undefined): number[] {
  return Array.from(present.keys()).filter((row) => present[row] === 1 && Number.isFinite(diagnostics?.uncertainty[row]));
}

function summarise(split: Split, name: string, rows: readonly number[], diagnostics: ModalityDiagnostics | undefined): ModalityUncertaintySummary {
  const uncertainty = rows.map((row) => diagnostics?.uncertainty[row] ?? NaN);
  const shares = rows.map((row) => diagnostics?.contribution?.[row] ?? NaN).filter(Number.isFinite);
  const severity = severityAgreement(split, name, rows, uncertainty);
  return {
    samples: rows.length,
    mean: meanOrNull(uncertainty),
    quantiles: [0.1, 0.5, 0.9].map((q) => quantile(uncertainty, q)),
    contribution: meanOrNull(shares),
    ...(severity && { severity }),
  };
}

function severityAgreement(split: Split, name: string, rows: readonly number[], uncertainty: readonly number[]): SeverityAgreement | undefined {
  const truth = split.corruption?.[name];
  if (!truth || rows.length === 0) return undefined;
  const severity = rows.map((row) => truth.severity[row] ?? 0);
  const kinds = rows.map((row) => truth.kind[row] ?? CLEAN);
  const names = [...new Set(kinds)].filter((kind) => kind !== CLEAN).sort();
  const byKind = names.map((kind) => {
    const chosen = kinds.map((_, i) => i).filter((i) => kinds[i] === kind || kinds[i] === CLEAN);
    const rho = spearman(chosen.map((i) => uncertainty[i] ?? NaN), chosen.map((i) => severity[i] ?? NaN));
    return [kind, { rho, samples: kinds.filter((other) => other === kind).length }] as const;
  });
  return { all: spearman(uncertainty, severity), byKind: Object.fromEntries(byKind) };
}

/** Does certainty, minus the mean uncertainty of a sample's present modalities, find the samples with small errors? */
export function selectiveReport(task: Task, split: Split, outputs: SplitOutputs): SelectiveSummary | undefined {
  const uncertainty = sampleUncertainty(split, outputs);
  const rows = Array.from(uncertainty.keys()).filter((row) => Number.isFinite(uncertainty[row]));
  if (rows.length === 0) return undefined;
  const risk = sampleRisk(task, outputs.prediction, split.labels);
  const curve = riskCoverage(rows.map((row) => risk[row] ?? NaN), rows.map((row) => uncertainty[row] ?? NaN));
  return { risk: task.kind === "regression" ? "absolute-error" : "error-rate", ...curve };
}

/** Mean uncertainty of the modalities that a sample has; NaN where there is none. [N] */
function sampleUncertainty(split: Split, outputs: SplitOutputs): Float64Array {
  const sums = new Float64Array(split.size);
  const counts = new Float64Array(split.size);
  for (const [name, table] of Object.entries(split.modalities)) {
    for (const row of presentRows(table.present, outputs.diagnostics[name])) {
      sums[row] = (sums[row] ?? 0) + (outputs.diagnostics[name]?.uncertainty[row] ?? NaN);
      counts[row] = (counts[row] ?? 0) + 1;
    }
  }
  return sums.map((sum, row) => sum / (counts[row] ?? 0));
}

function meanOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Linear interpolation between order statistics (numpy's default). */
function quantile(values: readonly number[], q: number): number | null {
  if (values.length === 0) return null;
  const order = sortedOrder(values);
  const at = q * (values.length - 1);
  const low = values[order[Math.floor(at)] ?? 0] ?? NaN;
  const high = values[order[Math.ceil(at)] ?? 0] ?? NaN;
  return low + (high - low) * (at - Math.floor(at));
}
