import { mean } from "../core/averages.js";
import { defined } from "../core/defined.js";
import { log } from "../core/math.js";
import { metricDirection } from "../metrics/directions.js";

/** Contribution of each modality to a metric, and how evenly they contribute. */
export interface MetricEquity {
  /** Improvement of the metric by adding the modality, mean over the subsets without it; by modality. */
  readonly contributions: Readonly<Record<string, number>>;
  /**
   * Evenness of the positive contributions in [0, 1]: 1 if all are equal, 0 if only one modality contributes.
   * Null if none does.
   */
  readonly index: number | null;
}

/** Metrics with some of the modalities, on the same samples without corruption. */
export interface SubsetMetrics {
  readonly available: readonly string[];
  readonly metrics: Readonly<Record<string, number | null>>;
}

/**
 * Measures how evenly the modalities contribute to each metric, from the metrics of every subset of them.
 *
 * The contribution of a modality m is the mean of v(S + m) - v(S) over all non-empty subsets S without m. v
 * is the metric, or minus the metric for an error. With shares s_m of the positive contributions, the index
 * is their entropy divided by that of equal shares: -sum(s_m log s_m) / log M.
 * @param subsets metrics of at least every non-empty subset; others are ignored
 * @param modalities M >= 2 names
 * @returns by metric; without those that a subset lacks. Undefined if a subset is missing, or for M < 2
 */
export function equityOf(
  subsets: readonly SubsetMetrics[],
  modalities: readonly string[],
): Readonly<Record<string, MetricEquity>> | undefined {
  const count = modalities.length;
  if (count < 2) return undefined;
  const found = new Map(subsets.map(({ available, metrics }) => [keyOf(available, modalities), metrics]));
  found.delete(0);
  if (found.size < 2 ** count - 1) return undefined;
  const names = Object.keys(defined(found.get(1)));
  return Object.fromEntries(
    names.flatMap((name): [string, MetricEquity][] => {
      const values = new Map([...found].map(([key, metrics]) => [key, metrics[name] ?? null]));
      if ([...values.values()].includes(null)) return [];
      const sign = metricDirection(name) === "lower" ? -1 : 1;
      const gains = modalities.map((_, m) => {
        const without = [...values.keys()].filter((key) => (key & (1 << m)) === 0);
        return mean(without.map((key) => sign * (known(values, key | (1 << m)) - known(values, key))));
      });
      const contributions = Object.fromEntries(
        modalities.map((modality, m) => [modality, defined(gains[m])]),
      );
      return [[name, { contributions, index: evenness(gains) }]];
    }),
  );
}

/** Returns a subset as a number with one bit per modality. */
function keyOf(available: readonly string[], modalities: readonly string[]): number {
  return modalities.reduce((key, name, m) => (available.includes(name) ? key | (1 << m) : key), 0);
}

function known(values: ReadonlyMap<number, number | null>, key: number): number {
  return values.get(key) ?? NaN;
}

function evenness(gains: readonly number[]): number | null {
  const positive = gains.filter((gain) => gain > 0);
  const total = positive.reduce((sum, gain) => sum + gain, 0);
  if (total === 0) return null;
  const entropy = positive.reduce((sum, gain) => sum - (gain / total) * log(gain / total), 0);
  return Math.min(1, entropy / log(gains.length));
}
