import { parseCorruption } from "../corruption/parse-corruption.js";
import type { Dataset } from "../data/dataset.js";
import { selectModalities } from "../data/select-modalities.js";
import { shortFloat } from "../runs/canonical-json.js";
import { measureSplit, summariseMeasurement } from "../evaluate/evaluate.js";
import { modelChoice } from "../models/registry.js";
import { resolveTrainConfig } from "../train/resolve-train-config.js";
import { train, type TrainedRun } from "../train/train.js";
import type { DataReading, DataSets } from "./data-sets.js";
import type { Job, JobCondition } from "./job.js";
import { headlineMetrics } from "./headline-metrics.js";
import type { JobResult, Measured } from "./job-result.js";
import { embeddingOf, measureDetails, samplesOf, uncertaintiesOf } from "./measure-details.js";

/** Options of {@link runJob}. */
export interface RunJobOptions {
  /** Stops the job when aborted. */
  readonly signal?: AbortSignal;
  /** Number of threads of the kernels. The result does not depend on it. Default: all cores. */
  readonly threads?: number;
}

/**
 * Trains a job's model and measures it. A pure function of the job and the data.
 * @throws EuarError for an unusable model or data, or training that diverged
 * @throws the signal's reason when aborted
 */
export async function runJob(
  job: Job,
  hash: string,
  data: DataSets,
  { signal, threads }: RunJobOptions = {},
): Promise<JobResult> {
  const reading = { labels: job.data.labels, encoder: job.encoder };
  const whole = withModalities(await data.get(job.data.source, reading), job.data.modalities);
  const dataset = job.validationOnly === true ? withoutTest(whole) : whole;
  const options = resolveTrainConfig({ ...job.train, seed: job.seed });
  const run = await train(
    {
      model: modelChoice(job.model.name, job.model.config),
      train: options,
      ...(job.encoder && { encoder: data.encoder(job.encoder) }),
      ...(job.arithmetic && { arithmetic: job.arithmetic }),
      ...(threads !== undefined && { threads }),
    },
    dataset,
    signal ? { signal } : {},
  );
  const conditions: Measured[] = [];
  for (const condition of job.conditions) {
    signal?.throwIfAborted();
    conditions.push(await measure(run, dataset, condition, { data, reading }));
  }
  return {
    hash,
    bestEpoch: run.bestEpoch,
    curves: curvesOf(run, dataset),
    valid: { ...run.metrics.valid },
    labels: job.validationOnly === true ? [] : Array.from(dataset.splits.test.labels, shortFloat),
    conditions,
  };
}

async function measure(
  { model }: TrainedRun,
  own: Dataset,
  condition: JobCondition,
  { data, reading }: { readonly data: DataSets; readonly reading: DataReading },
): Promise<Measured> {
  const { label, source, available, noise, seed, embed, samples, uncertainties } = condition;
  const names = own.modalities.map(({ name }) => name);
  const dataset = source === undefined ? own : withModalities(await data.get(source, reading), names);
  const corruption = noise === undefined ? [] : parseCorruption(noise);
  const options = {
    corruption,
    seed,
    predictions: true,
    joint: embed === true,
    ...(available && { available }),
  };
  const measurement = measureSplit(model, dataset, options);
  const summary = summariseMeasurement(measurement, options);
  const { metrics, uncertainty, predictions } = summary;
  return {
    label,
    metrics: { ...metrics },
    uncertainty: Object.fromEntries(Object.entries(uncertainty).map(([name, { mean }]) => [name, mean])),
    ...measureDetails(measurement, summary),
    embedding: embed === true ? embeddingOf(measurement) : null,
    samples: samples === true ? samplesOf(measurement) : null,
    ...(uncertainties && { uncertainties: uncertaintiesOf(measurement) }),
    predictions: Array.from(predictions ?? [], shortFloat),
  };
}

/** Returns the task losses and the table metrics of each epoch. */
function curvesOf({ history }: TrainedRun, { task }: Dataset): JobResult["curves"] {
  const known = (value: number | null | undefined): number | null =>
    value === null || value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(5));
  return {
    train: history.map(({ train: losses }) => known(losses["task"])),
    valid: history.map(({ valid }) => known(valid["loss"])),
    metrics: Object.fromEntries(
      headlineMetrics(task).all.map((name) => [name, history.map(({ valid }) => known(valid[name]))]),
    ),
  };
}

/** Replaces the test split, so that training and model selection cannot read it. */
function withoutTest(dataset: Dataset): Dataset {
  return { ...dataset, splits: { ...dataset.splits, test: { ...dataset.splits.valid, name: "test" } } };
}

function withModalities(dataset: Dataset, names: readonly string[] | undefined): Dataset {
  return names === undefined ? dataset : selectModalities(dataset, names);
}
