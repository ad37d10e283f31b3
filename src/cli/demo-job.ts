import type { Dataset } from "../data/dataset.js";
import { normaliseSplit } from "../data/normaliser.js";
import { selectModalities } from "../data/select-modalities.js";
import { modalitySubsets } from "../data/subsets.js";
import type { SeverityPoint } from "../metrics/severity-bins.js";
import type { DemoCondition, DemoModel, DemoResults, DemoUncertainty } from "../report/demo-results.js";
import type { Euar } from "../predict/euar.js";
import { evaluate, type EvaluateOptions } from "../evaluate/evaluate.js";
import type { TrainEvent } from "../train/events.js";
import { forwardSplit } from "../predict/forward-split.js";
import { train, type TrainedRun } from "../train/train.js";
import type { TrainRequest } from "../train/train-request.js";

/** How large a demo is; the defaults of the command fit three minutes on two slow cores, build included. */
export interface DemoPlan {
  readonly dataset: Dataset;
  readonly seed: number;
  readonly epochs: number;
  readonly backend: Pick<TrainRequest, "backend" | "threads" | "arithmetic">;
  /** Folder of one trained model, by a name that is safe as a file name. */
  readonly folderOf: (name: string) => string;
  readonly noise: readonly {
    readonly label: string;
    readonly corruption: NonNullable<EvaluateOptions["corruption"]>;
  }[];
  readonly version: string;
}

export interface DemoHooks {
  readonly signal: AbortSignal;
  /** Called when a model's training begins: what to show, how many models are done, and of how many. */
  readonly onModel: (label: string, done: number, total: number) => (event: TrainEvent) => void;
}

/** Chosen on the validation split of the embedded data set; everything else is the default. */
const settings = {
  euar: {
    model: { encoder: "mlp", inputDropout: 0.3, dropout: 0.2 },
    train: { normalise: "unit", learningRate: 3e-4 },
  },
  linear: { model: {}, train: { normalise: "unit", learningRate: 3e-3 } },
} as const;

/** Epochs without a better validation loss before a model's training ends. */
const PATIENCE = 6;

interface Trained {
  readonly label: string;
  readonly run: TrainedRun;
  readonly parameters: number;
  /** The modalities that the model has. */
  readonly modalities: readonly string[];
}

/**
 * Trains EUAR and the linear row on all modalities and one EUAR per modality, chooses the best single
 * modality on validation, and evaluates the three under every subset of modalities and under noise.
 */
export async function runDemo(plan: DemoPlan, hooks: DemoHooks): Promise<DemoResults> {
  const began = performance.now();
  const { dataset, seed, version } = plan;
  const all = dataset.modalities.map(({ name }) => name);
  const jobs: Job[] = [
    { label: "EUAR", name: "euar", model: "euar", modalities: all },
    { label: "linear", name: "linear", model: "linear", modalities: all },
    ...all.map((modality): Job => ({
      label: `EUAR, ${modality} only`,
      name: `euar-${modality}`,
      model: "euar",
      modalities: [modality],
    })),
  ];
  const trained: Trained[] = [];
  for (const [i, job] of jobs.entries())
    trained.push(await trainOne(plan, job, hooks.signal, hooks.onModel(job.label, i, jobs.length)));
  const [euar, linear, ...singles] = trained;
  const single = best(singles);
  if (!euar || !linear || !single) throw new RangeError("the demo needs at least one modality");

  const compared = [euar, linear, single] as const;
  const subsets = await Promise.all(
    modalitySubsets(all).map((available) => condition(available.join(", "), compared, plan, { available })),
  );
  const noise = await Promise.all(
    plan.noise.map(({ label, corruption }) => condition(label, compared, plan, { corruption })),
  );
  const measured = await evaluate(euar.run.model, dataset, { seed });
  return {
    version,
    seed,
    dataset: { name: dataset.name, sizes: euar.run.config.data.sizes, modalities: dataset.modalities },
    models: [demoModel(euar), demoModel(linear), demoModel(single)],
    singles: singles.map((entry) => ({
      modality: entry.modalities.join(", "),
      validLoss: lossOf(entry),
      chosen: entry === single,
    })),
    subsets,
    noise,
    uncertainty: uncertaintyOf(euar.run.model, dataset, measured.uncertainty, seed),
    selective: measured.selective,
    warnings: [
      ...new Set(trained.flatMap(({ label, run }) => run.warnings.map((warning) => `${label}: ${warning}`))),
    ],
    seconds: (performance.now() - began) / 1000,
  };
}

interface Job {
  readonly label: string;
  readonly name: string;
  readonly model: keyof typeof settings;
  readonly modalities: readonly string[];
}

async function trainOne(
  plan: DemoPlan,
  job: Job,
  signal: AbortSignal,
  onEvent: (event: TrainEvent) => void,
): Promise<Trained> {
  let parameters = 0;
  const request: TrainRequest = {
    model: { name: job.model, config: settings[job.model].model },
    // The models that face missing modalities are trained with them missing now and then: one trained model
    // answers for every subset.
    train: {
      ...settings[job.model].train,
      seed: plan.seed,
      epochs: plan.epochs,
      patience: PATIENCE,
      modalityDropout: job.modalities.length > 1 ? 0.2 : 0,
    },
    ...plan.backend,
    out: plan.folderOf(job.name),
    overwrite: true,
    source: { path: plan.dataset.name },
  };
  const run = await train(request, selectModalities(plan.dataset, job.modalities), {
    signal,
    onEvent: (event) => {
      if (event.kind === "start") parameters = event.parameters;
      onEvent(event);
    },
  });
  return { label: job.label, run, parameters, modalities: job.modalities };
}

function lossOf({ run }: Trained): number | null {
  return run.history.find(({ epoch }) => epoch === run.bestEpoch)?.valid.loss ?? null;
}

/** The one with the smallest validation loss. */
function best(candidates: readonly Trained[]): Trained | undefined {
  return [...candidates].sort((a, b) => (lossOf(a) ?? Infinity) - (lossOf(b) ?? Infinity))[0];
}

function demoModel({ label, run, parameters }: Trained): DemoModel {
  const { history, bestEpoch, metrics, hash, seconds } = run;
  return { label, history, bestEpoch, parameters, valid: metrics.valid, test: metrics.test, hash, seconds };
}

async function condition(
  label: string,
  models: readonly Trained[],
  { dataset, seed }: DemoPlan,
  options: EvaluateOptions,
): Promise<DemoCondition> {
  const results: Record<string, DemoCondition["results"][string]> = {};
  for (const { label: model, run, modalities } of models) {
    const available = options.available?.filter((name) => modalities.includes(name));
    results[model] =
      available?.length === 0
        ? null
        : (
            await evaluate(run.model, selectModalities(dataset, modalities), {
              ...options,
              seed,
              ...(available && { available }),
            })
          ).metrics;
  }
  return { label, results };
}

type Summaries = Awaited<ReturnType<typeof evaluate>>["uncertainty"];

/** Each corrupted test sample's predicted uncertainty beside its true severity. */
function uncertaintyOf(model: Euar, dataset: Dataset, summaries: Summaries, seed: number): DemoUncertainty[] {
  const split = dataset.splits.test;
  const { diagnostics } = forwardSplit(model.network, normaliseSplit(split, model.normaliser), seed);
  return dataset.modalities.flatMap(({ name }) => {
    const truth = split.corruption?.[name];
    const agreement = summaries[name]?.severity;
    if (!truth || !agreement) return [];
    const points: SeverityPoint[] = [];
    const clean: number[] = [];
    truth.kind.forEach((kind, row) => {
      const uncertainty = diagnostics[name]?.uncertainty[row] ?? NaN;
      if (!Number.isFinite(uncertainty)) return;
      if (kind === "clean") clean.push(uncertainty);
      else points.push({ kind, severity: truth.severity[row] ?? 0, uncertainty });
    });
    const cleanMean = clean.length === 0 ? null : clean.reduce((sum, value) => sum + value, 0) / clean.length;
    return [{ modality: name, agreement, cleanMean, points }];
  });
}
