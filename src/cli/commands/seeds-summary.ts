import { meanAndDeviation } from "../../metrics/summary-statistics.js";
import type { Metrics, TrainResult } from "../../train/results.js";

/** Several runs that differ only in their seed. */
export interface SeedsSummary {
  readonly config: Readonly<Record<string, unknown>>;
  readonly hash: readonly string[];
  readonly seeds: readonly number[];
  /** Means over the seeds; null where a seed has no value. */
  readonly metrics: { readonly valid: Metrics; readonly test: Metrics };
  readonly deviations: { readonly valid: Metrics; readonly test: Metrics };
  readonly seconds: number;
}

export function summaryOf(runs: readonly TrainResult[]): SeedsSummary {
  const side = (split: "valid" | "test", pick: "mean" | "deviation"): Metrics => {
    const names = Object.keys(runs[0]?.metrics[split] ?? {});
    return Object.fromEntries(
      names.map((name) => {
        const values = runs.flatMap((run) => run.metrics[split][name] ?? []);
        return [name, values.length === runs.length ? meanAndDeviation(values)[pick] : null];
      }),
    );
  };
  const config = { ...runs[0]?.config };
  const shared = Object.fromEntries(Object.entries({ ...config.train }).filter(([key]) => key !== "seed"));
  return {
    config: { ...config, train: shared },
    hash: runs.map((run) => run.hash),
    seeds: runs.map((run) => run.config.train.seed),
    metrics: { valid: side("valid", "mean"), test: side("test", "mean") },
    deviations: { valid: side("valid", "deviation"), test: side("test", "deviation") },
    seconds: runs.reduce((sum, run) => sum + run.seconds, 0),
  };
}
