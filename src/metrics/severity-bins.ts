import { mean } from "../core/averages.js";
import { quantileOf } from "./summary-statistics.js";

export interface SeverityPoint {
  readonly kind: string;
  readonly severity: number;
  readonly uncertainty: number;
}

export interface SeverityBin {
  readonly kind: string;
  readonly samples: number;
  /** Mean of the bin. */
  readonly severity: number;
  /** Of the uncertainty: mean, and quantiles 0.25 and 0.75. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Groups of about equal size along the severity, per kind: mean and the middle half of the uncertainty. A
 * group has at least five samples, where the kind has as many.
 */
export function severityBins(points: readonly SeverityPoint[], bins = 6): SeverityBin[] {
  const kinds = [...new Set(points.map((point) => point.kind))];
  return kinds.flatMap((kind) => {
    const own = points.filter((point) => point.kind === kind).sort((a, b) => a.severity - b.severity);
    const count = Math.max(1, Math.min(bins, Math.floor(own.length / 5)));
    return Array.from({ length: count }, (_, b) => {
      const part = own.slice(
        Math.floor((b * own.length) / count),
        Math.floor(((b + 1) * own.length) / count),
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
