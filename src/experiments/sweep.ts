import { meanOrNull } from "../core/averages.js";
import { ConfigError } from "../core/errors.js";
import { layOver } from "../core/nested-options.js";
import type { JobExecutor } from "./executor.js";
import type { LabelOptions } from "../data/formats/load-options.js";
import type { TextEncoderOptions } from "../encoders/text-encoder-config.js";
import { DataSets } from "./data-sets.js";
import { type Job, jobHash, jobSchema } from "./job.js";
import type { JobResult } from "./job-result.js";
import { resolveModelConfig } from "../models/registry.js";
import type { Recipe } from "./recipe.js";
import { ResultStore } from "./result-store.js";
import { type JobsProgress, runJobs } from "./run-jobs.js";
import { metricDirection } from "../metrics/directions.js";
import { drawTrials, type SearchSpace, type Trial } from "./search-space.js";

/** Request for a search over options of one model. */
export interface SweepRequest {
  /** Data set, in the form that `loadDataset` reads. */
  readonly source: string;
  /** Label options that the user states. */
  readonly labels?: LabelOptions | undefined;
  /** Encoder that reads the texts inside the model. */
  readonly encoder?: TextEncoderOptions | undefined;
  /** Modalities to use. Default: all that the data have. */
  readonly modalities?: readonly string[] | undefined;
  /** Name of the model. */
  readonly model: string;
  readonly space: SearchSpace;
  /** Options that all trials share. */
  readonly recipe: Recipe;
  /** Arithmetic of the kernels. "fast" changes the bits of results. Default "exact". */
  readonly arithmetic?: "exact" | "fast";
  /** Number of random settings. */
  readonly trials: number;
  /** Seeds of the trainings. The score of a trial is the mean over them. */
  readonly seeds: readonly number[];
  /** Seed of the random settings. */
  readonly seed: number;
  /** Maximum number of epochs of a trial. */
  readonly epochs: number;
  /**
   * Factor of successive halving: the best 1 / `halving` of the trials continue with `halving` times the
   * epochs. 1: random search, every trial gets all epochs.
   */
  readonly halving: number;
  /** Validation metric. Default: the task's first metric. */
  readonly metric?: string | undefined;
  /** Folder for the results of single jobs. */
  readonly store: string;
}

/** Callbacks of {@link sweep}. */
export interface SweepHooks {
  /** Stops the jobs when aborted. Finished jobs stay stored. */
  readonly signal: AbortSignal;
  /** Receives the progress of the current round. `rung` counts the rounds of halving from 1 to `rungs`. */
  readonly onProgress: (progress: JobsProgress, rung: number, rungs: number) => void;
  /** Opens the executors that run the jobs. They are closed at the end. */
  readonly openExecutors: (data: DataSets) => Promise<readonly JobExecutor[]>;
}

/** Trial with its progress. */
export interface TrialResult {
  readonly trial: Trial;
  /** Epochs of its last round. */
  readonly epochs: number;
  /** Mean over the seeds on the validation split, after these epochs. Null if a run failed. */
  readonly score: number | null;
}

/** Result of a search over options. */
export interface SweepResult {
  readonly format: "euar-sweep/1";
  readonly model: string;
  readonly metric: string;
  readonly seeds: readonly number[];
  /**
   * Trials, best first. Trials with more epochs come first; trials with the same epochs are ordered by score.
   */
  readonly trials: readonly TrialResult[];
  /** Best trial as a recipe for `reproduce`. */
  readonly best: Recipe | null;
  readonly failures: readonly { readonly label: string; readonly code: string; readonly message: string }[];
}

/** Default metrics for scoring trials. */
const METRIC_OF = { regression: "MAE", classification: "Accuracy", "multi-label": "Weighted_acc" } as const;

/**
 * Runs random search, or successive halving (Jamieson & Talwalkar 2016), scored on the validation split. The
 * test split is not read: the validation split replaces it before training. Runs are jobs like those of
 * experiments: stored by hash, resumable, and independent of the number of executors.
 * @throws ConfigError for a metric that the task does not have, or a space with invalid values
 * @throws DataError
 * @throws the signal's reason when aborted
 */
export async function sweep(
  request: SweepRequest,
  { signal, onProgress, openExecutors }: SweepHooks,
): Promise<SweepResult> {
  const data = new DataSets();
  const { labels, encoder } = request;
  const dataset = await data.get(request.source, { labels, encoder });
  const metric = request.metric ?? METRIC_OF[dataset.task.kind];
  const modalities = request.modalities ?? dataset.modalities.map(({ name }) => name);
  const fingerprints = await data.fingerprints([request.source], { labels, encoder });
  const store = new ResultStore(request.store);
  const failures: SweepResult["failures"][number][] = [];
  const rungs = rungsOf(request);
  const finished: TrialResult[] = [];
  const own = request.recipe.models[request.model];
  let going = drawTrials(request.space, request.model, request.trials, request.seed, own?.config);
  const executors = await openExecutors(data);
  try {
    for (const [rung, { epochs, keep }] of rungs.entries()) {
      const planned = going.flatMap((trial) =>
        jobsOf(request, trial, modalities, epochs).map((job) => ({
          trial,
          job,
          hash: jobHash(job, fingerprints),
          label: `trial ${trial.number}, ${epochs} epochs, seed ${job.seed}`,
        })),
      );
      const outcome = await runJobs(planned, {
        store,
        executors,
        signal,
        onProgress: (progress) => {
          onProgress(progress, rung + 1, rungs.length);
        },
      });
      failures.push(...outcome.failures);
      const scored = going.map((trial): TrialResult => ({
        trial,
        epochs,
        score: scoreOf(
          planned.filter((one) => one.trial === trial).map(({ hash }) => outcome.results.get(hash)),
          metric,
        ),
      }));
      const ranked = scored.sort((a, b) => order(a, b, metric));
      const kept = rung === rungs.length - 1 ? 0 : keep;
      finished.unshift(...ranked.slice(kept));
      going = ranked.slice(0, kept).map(({ trial }) => trial);
    }
  } finally {
    await Promise.allSettled(executors.map((executor) => executor.close()));
  }
  const [best] = finished;
  return {
    format: "euar-sweep/1",
    model: request.model,
    metric,
    seeds: [...request.seeds],
    trials: finished,
    best: best?.score === null || !best ? null : recipeOf(request, best),
    failures,
  };
}

interface Rung {
  readonly epochs: number;
  /** Number of trials that continue. */
  readonly keep: number;
}

/**
 * Computes the rungs of successive halving with factor h. Their number is the largest for which each has a
 * trial and an epoch; the last one has all epochs.
 */
function rungsOf({ trials, epochs, halving }: SweepRequest): Rung[] {
  if (halving <= 1) return [{ epochs, keep: 0 }];
  const rungs: Rung[] = [];
  for (let left = trials, own = epochs; ; left = Math.ceil(left / halving), own /= halving) {
    rungs.unshift({ epochs: Math.max(1, Math.round(own)), keep: 0 });
    if (left <= 1 || own / halving < 1) break;
  }
  return rungs.map(({ epochs: own }, rung) => ({
    epochs: own,
    keep: Math.max(1, Math.ceil(trials / halving ** (rung + 1))),
  }));
}

function jobsOf(
  { source, labels, encoder, model, recipe, seeds, arithmetic }: SweepRequest,
  { config, train, encoder: drawn }: Trial,
  modalities: readonly string[],
  epochs: number,
): Job[] {
  const own = recipe.models[model];
  return seeds.map((seed) =>
    jobSchema.parse({
      data: { source, modalities: [...modalities], ...(labels && { labels }) },
      ...(encoder && modalities.includes("text") && { encoder: { ...encoder, ...drawn } }),
      model: { name: model, config: resolveModelConfig(model, layOver(own?.config ?? {}, config)) },
      train: { ...recipe.train, ...own?.train, ...train, epochs },
      seed,
      ...(arithmetic === "fast" && { arithmetic }),
      conditions: [],
      validationOnly: true,
    }),
  );
}

/**
 * Returns the mean score of a trial.
 * @throws ConfigError for a metric that the task does not have
 */
function scoreOf(results: readonly (JobResult | undefined)[], metric: string): number | null {
  const values = results.map((result) => {
    if (result && !Object.hasOwn(result.valid, metric))
      throw new ConfigError("config.invalid", `the task has no metric "${metric}"`, {
        hint: `It has ${Object.keys(result.valid).join(", ")}.`,
      });
    return result?.valid[metric] ?? null;
  });
  return meanOrNull(values);
}

/** Orders the better trial first, failures last, and equal ones by their number. */
function order(a: TrialResult, b: TrialResult, metric: string): number {
  const sign = metricDirection(metric) === "lower" ? 1 : -1;
  const worth = ({ score }: TrialResult): number => (score === null ? Infinity : sign * score);
  return worth(a) === worth(b) ? a.trial.number - b.trial.number : worth(a) - worth(b);
}

function recipeOf({ model, recipe, epochs }: SweepRequest, { trial }: TrialResult): Recipe {
  const own = recipe.models[model];
  return {
    ...(Object.keys(trial.encoder).length > 0 && { encoder: { ...recipe.encoder, ...trial.encoder } }),
    train: recipe.train,
    models: {
      ...recipe.models,
      // options of presets are left out: they would override what was found
      [model]: {
        config: layOver(own?.config ?? {}, trial.config),
        train: { ...own?.train, ...trial.train, epochs },
      },
    },
  };
}
