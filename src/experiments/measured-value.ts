import { meanOrNull } from "../core/averages.js";
import type { Measured } from "./job-result.js";

/**
 * Spearman's correlation of a modality's uncertainty with the true severity of its corruption, mean over the
 * modalities: `Spearman` over all samples, `Spearman/KIND` over those of one kind and the clean ones.
 */
const SPEARMAN = "Spearman";

/** The column's name of {@link SPEARMAN} over one kind of damage and the clean samples. */
export function spearmanOf(kind?: string): string {
  return kind === undefined ? SPEARMAN : `${SPEARMAN}/${kind}`;
}

/** Value of a table's metric under a condition; null where it is not known. */
export function measuredValue({ metrics, severity }: Measured, metric: string): number | null {
  const [family, kind] = metric.split("/");
  if (family !== SPEARMAN) return metrics[metric] ?? null;
  const values = Object.values(severity).map(({ all, byKind }) =>
    kind === undefined ? all : (byKind[kind] ?? null),
  );
  return meanOrNull(values);
}
