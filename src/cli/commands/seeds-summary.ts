import { meanAndDeviation } from "../../metrics/summary-statistics.js";
import type { CoverageReport, Metrics, TrainResult } from "../../runs/results.js";

/** Summary of runs that differ only in their seed. */
export interface SeedsSummary {
  readonly config: Readonly<Record<string, unknown>>;
  readonly hash: readonly string[];
  readonly seeds: readonly number[];
  /** Means over the seeds. A metric is null if a seed has no value. */
  readonly metrics: { readonly valid: Metrics; readonly test: Metrics };
  readonly deviations: { readonly valid: Metrics; readonly test: Metrics };
  /**
   * Coverage of prediction intervals or sets of classes on the test split. Absent if the validation split of
   * a seed was too small to calibrate them.
   */
  readonly coverage?: SeedsCoverage;
  readonly seconds: number;
}

/** Means over the seeds, each with its standard deviation. The deviation of a single seed is null. */
export interface SeedsCoverage {
  readonly of: "intervals" | "sets of classes";
  /** Nominal coverage, in (0, 1). */
  readonly level: number;
  readonly coverage: MeanAndDeviation;
  /** Mean width of the intervals, or mean number of classes. */
  readonly meanSize: MeanAndDeviation;
  /**
   * Coverage in the least uncertain, middle and most uncertain third of the samples. Absent for models
   * without uncertainties.
   */
  readonly byUncertainty?: readonly MeanAndDeviation[];
}

type MeanAndDeviation = ReturnType<typeof meanAndDeviation>;

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
  const coverage = coverageOf(runs);
  const config = { ...runs[0]?.config };
  const shared = Object.fromEntries(Object.entries({ ...config.train }).filter(([key]) => key !== "seed"));
  return {
    config: { ...config, train: shared },
    hash: runs.map((run) => run.hash),
    seeds: runs.map((run) => run.config.train.seed),
    metrics: { valid: side("valid", "mean"), test: side("test", "mean") },
    deviations: { valid: side("valid", "deviation"), test: side("test", "deviation") },
    ...(coverage && { coverage }),
    seconds: runs.reduce((sum, run) => sum + run.seconds, 0),
  };
}

function coverageOf(runs: readonly TrainResult[]): SeedsCoverage | undefined {
  const reports = runs.flatMap((run) => run.coverage ?? []);
  const overSeeds = (
    valueOf: (report: CoverageReport) => number | null | undefined,
  ): MeanAndDeviation | undefined => {
    const values = reports.flatMap((report) => valueOf(report) ?? []);
    return values.length === runs.length ? meanAndDeviation(values) : undefined;
  };
  const coverage = overSeeds((report) => report.coverage);
  const meanSize = overSeeds((report) => report.meanSize);
  const [first] = reports;
  if (!coverage || !meanSize || !first) return undefined;
  const thirds = first.byUncertainty?.flatMap(
    (_third, i) => overSeeds((report) => report.byUncertainty?.[i]?.coverage) ?? [],
  );
  return {
    of: runs[0]?.config.data.task.kind === "classification" ? "sets of classes" : "intervals",
    level: first.level,
    coverage,
    meanSize,
    ...(thirds?.length === first.byUncertainty?.length && thirds && { byUncertainty: thirds }),
  };
}
