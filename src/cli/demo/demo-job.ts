import type { Dataset } from "../../data/dataset.js";
import { evaluate } from "../../evaluate/evaluate.js";
import type { MediaEnvironment } from "../../features/raw-media.js";
import { euarPresets } from "../../models/euar-presets.js";
import type {
  DemoModel,
  DemoResults,
  DemoUncertainty,
  DoubtedClip,
  NoiseCurve,
  NoiseLevel,
} from "../../report/demo/demo-results.js";
import type { Metrics } from "../../runs/results.js";
import type { TrainEvent } from "../../train/events.js";
import { train, type TrainedRun } from "../../train/train.js";
import type { TrainRequest } from "../../train/train-request.js";
import { CLIP_MODEL, type TrainedClipModel, trainClipModel } from "./clip/clip-model.js";
import { measureClip } from "./clip/measure-clip.js";
import { demoUncertainty, mostDoubtedClip, observedInputs } from "./demo-doubts.js";

/**
 * Size of a demo. With the command's defaults it takes at most three minutes on two cores, build included.
 */
export interface DemoPlan {
  readonly dataset: Dataset;
  /** Clean version of the same samples, if it exists. The noise is added to it. */
  readonly whole: Dataset | undefined;
  readonly seed: number;
  readonly epochs: number;
  readonly backend: Pick<TrainRequest, "backend" | "threads" | "arithmetic">;
  /** Returns the run folder of a model. The name is safe as a file name. */
  readonly folderOf: (name: string) => string;
  /** Noise levels as standard deviations, each above 0. */
  readonly noise: readonly number[];
  /** Decoders of the real clip, and the models of its adapters. */
  readonly environment: MediaEnvironment;
  readonly version: string;
}

export interface DemoHooks {
  readonly signal: AbortSignal;
  /** Called when the training of a model begins, with its label and the number of finished models. */
  readonly onModel: (label: string, done: number) => (event: TrainEvent) => void;
}

const LINEAR_RATE = 3e-3;

const { copies = [], copiesKeep = 0 } = euarPresets.aware.train;

/** Epochs without a better validation loss before the training of a model stops. */
const PATIENCE = 8;

/**
 * Models of the demo: two presets, and two linear models with the learning rate that is best on the
 * validation split of the embedded data set. The second linear model also uses the corrupted copies and the
 * input statistics of the preset aware.
 */
const CONTESTANTS = [
  {
    label: "EUAR aware",
    name: "aware",
    model: { name: "euar", preset: "aware" },
    train: {},
  },
  {
    label: "EUAR paper",
    name: "paper",
    model: { name: "euar", preset: "paper" },
    train: {},
  },
  { label: "linear", name: "linear", model: { name: "linear" }, train: { learningRate: LINEAR_RATE } },
  {
    label: "linear, same aids",
    name: "linear-same-aids",
    model: { name: "linear", config: { inputStatistics: true } },
    train: {
      learningRate: LINEAR_RATE,
      copies,
      copiesKeep,
    },
  },
] as const;

/** Number of models in the demo: those that are compared, and the one that scores the real clip. */
export const DEMO_MODELS = CONTESTANTS.length + 1;

interface Trained {
  readonly label: string;
  readonly run: TrainedRun;
  readonly parameters: number;
}

/**
 * Trains the preset aware, the paper's preset and two linear models. Measures them at rising noise levels,
 * compares uncertainties with the true corruption, and finds the most uncertain input of each model. Measures
 * a real clip at rising severities.
 */
export async function runDemo(plan: DemoPlan, hooks: DemoHooks): Promise<DemoResults> {
  const began = performance.now();
  const { dataset, whole, seed, version, environment } = plan;
  const trained: Trained[] = [];
  for (const [i, contestant] of CONTESTANTS.entries())
    trained.push(await trainOne(plan, contestant, hooks.signal, hooks.onModel(contestant.label, i)));
  const [aware, paper, , aided] = trained;
  const first = dataset.modalities[0]?.name;
  if (!aware || !paper || !aided || first === undefined)
    throw new RangeError("the demo needs at least one modality");

  const clean: Record<string, Metrics> = {};
  for (const { label, run } of trained)
    clean[label] = (await evaluate(run.model, whole ?? dataset, { seed })).metrics;
  const uncertainty: DemoUncertainty[] = [];
  const doubted: DoubtedClip[] = [];
  for (const { label, run } of [aware, paper, aided]) {
    const inputs = observedInputs(run.model, dataset, seed);
    uncertainty.push(await demoUncertainty(label, run.model, dataset, seed, inputs));
    const clip = run === aided.run ? undefined : mostDoubtedClip(label, run.model, dataset, inputs);
    if (clip) doubted.push(clip);
  }
  return {
    version,
    seed,
    dataset: { name: dataset.name, sizes: aware.run.config.data.sizes, modalities: dataset.modalities },
    models: trained.map((one) => demoModel(one, whole ? clean[one.label] : undefined)),
    noiseOnWhole: whole !== undefined,
    noise: [
      await noiseCurve("every input", undefined, trained, clean, plan),
      await noiseCurve(`${first} alone`, first, trained, clean, plan),
    ],
    uncertainty,
    doubted,
    clip: await measureClip({ seed, environment, signal: hooks.signal, train: () => clipModel(plan, hooks) }),
    warnings: [
      ...new Set(trained.flatMap(({ label, run }) => run.warnings.map((warning) => `${label}: ${warning}`))),
    ],
    seconds: (performance.now() - began) / 1000,
  };
}

function clipModel(plan: DemoPlan, { signal, onModel }: DemoHooks): Promise<TrainedClipModel> {
  const onEvent = onModel(CLIP_MODEL, CONTESTANTS.length);
  const { seed, backend, folderOf } = plan;
  return trainClipModel({ seed, backend, out: folderOf("clip"), signal, onEvent });
}

async function trainOne(
  plan: DemoPlan,
  { label, name, model, train: options }: (typeof CONTESTANTS)[number],
  signal: AbortSignal,
  onEvent: (event: TrainEvent) => void,
): Promise<Trained> {
  let parameters = 0;
  const run = await train(
    {
      model,
      train: { ...options, seed: plan.seed, epochs: plan.epochs, patience: PATIENCE },
      ...plan.backend,
      out: plan.folderOf(name),
      overwrite: true,
      source: { path: plan.dataset.name },
    },
    plan.dataset,
    {
      signal,
      onEvent: (event) => {
        if (event.kind === "start") parameters = event.parameters;
        onEvent(event);
      },
    },
  );
  return { label, run, parameters };
}

function demoModel({ label, run, parameters }: Trained, whole: Metrics | undefined): DemoModel {
  const { history, bestEpoch, metrics, hash, seconds } = run;
  return {
    label,
    history,
    bestEpoch,
    parameters,
    valid: metrics.valid,
    test: metrics.test,
    whole: whole ?? null,
    hash,
    seconds,
  };
}

/**
 * Measures the models at rising noise levels.
 * @param modality modality that gets the noise; undefined for all
 * @param clean metrics without noise, by model label
 */
async function noiseCurve(
  where: string,
  modality: string | undefined,
  models: readonly Trained[],
  clean: Readonly<Record<string, Metrics>>,
  { dataset, whole, noise, seed }: DemoPlan,
): Promise<NoiseCurve> {
  const levels: NoiseLevel[] = [{ deviation: 0, results: clean }];
  for (const deviation of noise) {
    const results: Record<string, Metrics> = {};
    const corruption = [{ kind: "gaussian" as const, amount: deviation, ...(modality && { modality }) }];
    for (const { label, run } of models)
      results[label] = (await evaluate(run.model, whole ?? dataset, { corruption, seed })).metrics;
    levels.push({ deviation, results });
  }
  return { where, levels };
}
