import { CLEAN } from "../../data/dataset.js";
import { spearman, spearmanCeiling } from "../../metrics/rank.js";
import type { FindResult } from "../figure-context.js";
import type { Job } from "../job.js";
import { type DamageSeries, type Fold, kindsOf } from "./damage-data.js";
import { CLEAN_TEST, DAMAGED_TEST } from "./damage-jobs.js";
import { measuredIn } from "./damage-scores.js";

/** Uncertainty of the inputs of one modality, on clean test samples and on damaged copies. */
export interface InputUncertainty {
  /** [N] */
  readonly clean: readonly (number | null)[];
  /** [C] */
  readonly damaged: readonly (number | null)[];
}

/** Column of the table of correlations: a modality, and a kind of corruption or all kinds of a series. */
export interface SeverityColumn {
  readonly modality: string;
  readonly series: string;
  /** Undefined for all kinds of the series. */
  readonly kind: string | undefined;
}

/** Lists the columns: for each modality and series, all kinds together, then each kind. */
export function severityColumns(folds: readonly Fold[]): SeverityColumn[] {
  const [first] = folds;
  if (!first) return [];
  return first.dataset.modalities.flatMap(({ name: modality }) =>
    first.series.flatMap(({ name: series }): SeverityColumn[] => {
      const kinds = folds.flatMap((fold) =>
        fold.series.filter(isNamed(series)).flatMap(kindsIn(fold, modality)),
      );
      const all = [...new Set(kinds)].sort();
      return all.length === 0 ? [] : [undefined, ...all].map((kind) => ({ modality, series, kind }));
    }),
  );
}

function isNamed(name: string): (series: DamageSeries) => boolean {
  return (series) => series.name === name;
}

function kindsIn(fold: Fold, modality: string): (series: DamageSeries) => string[] {
  return (series) => kindsOf(fold, series, modality);
}

/** Returns the uncertainty that a run's model states. Undefined for a failed run. */
export function statedUncertainty(
  find: FindResult,
  job: Job,
  modality: string,
): InputUncertainty | undefined {
  const [clean, damaged] = [CLEAN_TEST, DAMAGED_TEST].map(
    (label) => measuredIn(find, job, label)?.uncertainties?.[modality],
  );
  return clean && damaged && { clean, damaged };
}

/** Returns one minus the measured score of quality. Undefined if it was not measured. */
export function measuredUncertainty(fold: Fold, modality: string): InputUncertainty | undefined {
  const [clean, damaged] = [fold.dataset.splits.test.quality, fold.quality].map((tables) => {
    const table = tables?.[modality];
    const at = table?.names.indexOf("score") ?? -1;
    if (!table || at < 0) return undefined;
    const width = table.names.length;
    return Array.from(
      table.values.filter((_, i) => i % width === at),
      (score) => 1 - score,
    );
  });
  return clean && damaged && { clean, damaged };
}

/** Severities and uncertainties of the samples that a column compares: clean ones, and those of its kinds. */
function pairsOf(
  { truth, series }: Fold,
  { modality, series: name, kind }: SeverityColumn,
  { clean, damaged }: InputUncertainty,
): { readonly severity: number; readonly uncertainty: number }[] {
  const rows = series.filter(isNamed(name)).flatMap(({ levels }) => levels.flatMap((level) => level.rows));
  const known = truth[modality];
  return [
    ...clean.map((uncertainty) => ({ severity: 0, uncertainty })),
    ...rows.flatMap((row) => {
      const own = known?.kind[row] ?? CLEAN;
      if (own === CLEAN || (kind !== undefined && own !== kind)) return [];
      return [{ severity: known?.severity[row] ?? 0, uncertainty: damaged[row] ?? null }];
    }),
  ].flatMap(({ severity, uncertainty }) => (uncertainty === null ? [] : [{ severity, uncertainty }]));
}

/**
 * Spearman correlation of uncertainty and severity, and its largest possible value with these ties of
 * severities.
 */
export interface SeverityCorrelation {
  readonly rho: number | null;
  readonly ceiling: number | null;
}

/** Correlates uncertainty with severity over clean samples and those of a column's kinds. */
export function correlation(
  fold: Fold,
  column: SeverityColumn,
  uncertainty: InputUncertainty | undefined,
): SeverityCorrelation {
  const pairs = uncertainty ? pairsOf(fold, column, uncertainty) : [];
  if (pairs.length < 2) return { rho: null, ceiling: null };
  const severity = pairs.map((pair) => pair.severity);
  return {
    rho: spearman(
      pairs.map((pair) => pair.uncertainty),
      severity,
    ),
    ceiling: spearmanCeiling(severity),
  };
}
