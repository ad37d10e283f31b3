import type { LabelOptions } from "../data/formats/load-options.js";
import type { TextEncoderOptions } from "../encoders/text-encoder-config.js";
import { undamagedTwin } from "../data/synthetic/load-synthetic.js";
import { type DataReading, DataSets } from "./data-sets.js";
import type { JobExecutor } from "./executor.js";
import type { Experiments } from "./experiment-result.js";
import type { FindResult } from "./figure-context.js";
import { jobHash, type Job, sourcesOf } from "./job.js";
import { featureSeries, seriesOf } from "./noise-series.js";
import { jobsOf } from "./plan.js";
import { makeFigure } from "./make-figure.js";
import { paperTablesFor } from "./paper-numbers.js";
import type { NoiseColumn } from "./plan.js";
import { type ExperimentName, plansFor } from "./plans.js";
import type { Recipe } from "./recipe.js";
import { ResultStore } from "./result-store.js";
import { resultsHead } from "./results-head.js";
import { type JobsProgress, runJobs } from "./run-jobs.js";
import { tabulate } from "./tabulate.js";

/** Request for tables and figures of one data set. */
export interface ReproduceRequest {
  /** Tables and figures to make. */
  readonly experiments: readonly ExperimentName[];
  /** Data set, in the form that `loadDataset` reads. */
  readonly source: string;
  /** Label options that the user states. */
  readonly labels?: LabelOptions | undefined;
  /** Encoder that reads the texts inside the models. */
  readonly encoder?: TextEncoderOptions | undefined;
  /** Modalities to use. Default: all that the data have. */
  readonly modalities?: readonly string[] | undefined;
  /** Noise levels on the test split, one per column. */
  readonly noise: readonly NoiseColumn[];
  /** Seeds of the trainings. Each row of a table has one run per seed. */
  readonly seeds: readonly number[];
  /** Training options. */
  readonly recipe: Recipe;
  /** Arithmetic of the kernels. "fast" changes the bits of results. Default "exact". */
  readonly arithmetic?: "exact" | "fast";
  /** Show texts of test samples in figure 7. Default false: the results then contain no data. */
  readonly texts?: boolean;
  /** Folder for the results of single jobs. */
  readonly store: string;
}

/** Callbacks of {@link reproduce}. */
export interface ReproduceHooks {
  /** Stops the jobs when aborted. Finished jobs stay stored. */
  readonly signal: AbortSignal;
  /** Receives the progress whenever a job starts or ends. */
  readonly onProgress: (progress: JobsProgress) => void;
  /** Opens the executors that run the jobs. They are closed at the end. */
  readonly openExecutors: (data: DataSets) => Promise<readonly JobExecutor[]>;
}

/**
 * Runs the experiments of some tables and figures, and makes them. Results are stored per job: a repeated
 * call reuses them, and an interrupted call resumes. The outcome does not depend on the number of executors,
 * nor on stored results.
 * @throws ConfigError, DataError for an invalid request
 * @throws EuarError "io.write"
 * @throws the signal's reason when aborted
 */
export async function reproduce(request: ReproduceRequest, hooks: ReproduceHooks): Promise<Experiments> {
  const data = new DataSets();
  const { labels, encoder } = request;
  const arithmetic = request.arithmetic === "fast" ? request.arithmetic : undefined;
  const dataset = await data.get(request.source, { labels, encoder });
  const modalities = request.modalities ?? dataset.modalities.map(({ name }) => name);
  const rising = seriesOf(request.noise);
  const twin = undamagedTwin(request.source);
  const plans = plansFor(request.experiments, {
    data: { source: request.source, labels, encoder, task: dataset.task, modalities },
    seeds: request.seeds,
    recipe: request.recipe,
    arithmetic,
    noise: request.noise,
    series: rising.length > 0 || encoder ? rising : featureSeries(modalities),
    undamaged: twin === undefined ? undefined : { label: "undamaged", source: twin },
  });
  const { find, failures } = await runPlanned(
    jobsOf(plans),
    { data, reading: { labels, encoder }, store: request.store },
    hooks,
  );
  return {
    ...resultsHead({ dataset, source: dataset.name, modalities, seeds: request.seeds, arithmetic }),
    experiments: plans.flatMap((plan) => (plan.kind === "table" ? [tabulate(plan, dataset.task, find)] : [])),
    figures: plans.flatMap((plan) =>
      plan.kind === "table"
        ? []
        : [makeFigure(plan, { task: dataset.task, dataset, find, texts: request.texts === true })],
    ),
    paper: paperTablesFor(request.experiments),
    failures,
  };
}

/** Jobs with their labels, and where they read and write. */
interface PlannedRuns {
  readonly data: DataSets;
  readonly reading: DataReading;
  /** Folder for the results of single jobs. */
  readonly store: string;
}

/**
 * Runs jobs, or reads their stored results.
 * @throws EuarError "io.write"
 * @throws the signal's reason when aborted
 */
export async function runPlanned(
  jobs: readonly { readonly job: Job; readonly label: string }[],
  { data, reading, store }: PlannedRuns,
  { signal, onProgress, openExecutors }: ReproduceHooks,
): Promise<{ readonly find: FindResult; readonly failures: Experiments["failures"] }> {
  const fingerprints = await data.fingerprints(sourcesOf(jobs.map(({ job }) => job)), reading);
  const hashes = new Map<Job, string>();
  const planned = jobs.map(({ job, label }) => {
    const hash = jobHash(job, fingerprints);
    hashes.set(job, hash);
    return { job, label, hash };
  });
  const executors = await openExecutors(data);
  try {
    const { results, failures } = await runJobs(planned, {
      store: new ResultStore(store),
      executors,
      signal,
      onProgress,
    });
    return { find: (job) => results.get(hashes.get(job) ?? ""), failures: [...failures] };
  } finally {
    await Promise.allSettled(executors.map((executor) => executor.close()));
  }
}
