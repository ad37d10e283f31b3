/**
 * `euar/experiments`: the paper's tables and figures on any data, for Node.
 *
 * @example
 * import { localExecutor, reproduce, featureNoise, plainRecipe } from "euar/experiments";
 * const results = await reproduce(
 * { experiments: ["table4"], source: "synthetic", noise: featureNoise, seeds: [1, 2], recipe: plainRecipe,
 * store: "results/jobs" },
 * { signal: new AbortController().signal, onProgress: () => {}, openExecutors: async (data) =>
 * [localExecutor(data)] }, );
 */
export type { DataSets } from "./experiments/data-sets.js";
export { type JobExecutor, localExecutor } from "./experiments/executor.js";
export type { FigureResult } from "./experiments/figure-result.js";
export {
  type ExperimentResult,
  type Experiments,
  experimentsSchema,
  type ResultCell,
} from "./experiments/experiment-result.js";
export { type Job, type JobCondition, jobHash, jobSchema } from "./experiments/job.js";
export { type JobResult, jobResultSchema } from "./experiments/job-result.js";
export { featureNoise } from "./experiments/noise-columns.js";
export type { NoiseColumn } from "./experiments/plan.js";
export { type ExperimentName, experimentNames } from "./experiments/plans.js";
export { parseRecipe, plainRecipe, type Recipe } from "./experiments/recipe.js";
export { reproduce, type ReproduceHooks, type ReproduceRequest } from "./experiments/reproduce.js";
export { runJob, type RunJobOptions } from "./experiments/run-job.js";
export type { JobFailure, JobsProgress } from "./experiments/run-jobs.js";
export { parseSearchSpace, type SearchSpace } from "./experiments/search-space.js";
export { comparePaired, holm, type PairedComparison, type PairedOptions } from "./experiments/statistics.js";
export { sweep, type SweepRequest, type SweepResult } from "./experiments/sweep.js";
export { openWorkerExecutor } from "./experiments/worker-executor.js";
