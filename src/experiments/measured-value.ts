import { meanOrNull } from "../core/averages.js";
import type { Measured } from "./job-result.js";

/**
 * Spearman correlation of a modality's uncertainty with the true severity of its corruption, mean over the
 * modalities. `Spearman` covers all samples, `Spearman/KIND` those of one kind and the clean ones.
 */
const SPEARMAN = "Spearman";

/** Returns the column name of {@link SPEARMAN} for one kind of corruption and the clean samples. */
export function spearmanOf(kind?: string): string {
  return kind === undefined ? SPEARMAN : `${SPEARMAN}/${kind}`;
}

/** Returns the value of a table's metric under a condition; null if unknown. */
export function measuredValue({ metrics, severity }: Measured, metric: string): number | null {
  const [family, kind] = metric.split("/");
  if (family !== SPEARMAN) return metrics[metric] ?? null;
  const values = Object.values(severity).map(({ all, byKind }) =>
    kind === undefined ? all : (byKind[kind] ?? null),
  );
  return meanOrNull(values);
}
