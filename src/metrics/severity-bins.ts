import { mean } from "../core/averages.js";
import { quantileOf } from "./summary-statistics.js";

/** Sample with a known corruption. */
export interface SeverityPoint {
  /** Kind of the corruption. */
  readonly kind: string;
  readonly severity: number;
  /** Predicted uncertainty of the corrupted modality. */
  readonly uncertainty: number;
}

/** Samples of one corruption kind with similar severity. */
export interface SeverityBin {
  /** Kind of the corruption. */
  readonly kind: string;
  /** Number of samples. */
  readonly samples: number;
  /** Mean severity of the bin. */
  readonly severity: number;
  /** Mean uncertainty. `low` and `high` are its quantiles 0.25 and 0.75. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Groups samples of each kind into bins of about equal size along the severity.
 *
 * Returns the mean and the quartiles of the uncertainty. A bin has at least five samples, if the kind has as
 * many.
 */
export function severityBins(points: readonly SeverityPoint[], bins = 6): SeverityBin[] {
  const kinds = [...new Set(points.map((point) => point.kind))];
  return kinds.flatMap((kind) => {
    const ofKind = points.filter((point) => point.kind === kind).sort((a, b) => a.severity - b.severity);
    const count = Math.max(1, Math.min(bins, Math.floor(ofKind.length / 5)));
    return Array.from({ length: count }, (_, b) => {
      const part = ofKind.slice(
        Math.floor((b * ofKind.length) / count),
        Math.floor(((b + 1) * ofKind.length) / count),
      );
      const values = part.map((point) => point.uncertainty).sort((a, c) => a - c);
      return {
        kind,
        samples: part.length,
        severity: mean(part.map((point) => point.severity)),
        mean: mean(values),
        low: quantileOf(values, 0.25),
        high: quantileOf(values, 0.75),
      };
    });
  });
}
