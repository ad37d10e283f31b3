import { z } from "zod";
import { checkOptions, shown } from "../core/check-options.js";
import { ConfigError } from "../core/errors.js";
import { optionAt } from "../core/nested-options.js";
import { checkDataset } from "../data/check-dataset.js";
import { corruptSplit } from "../corruption/corrupt-split.js";
import { type Corruption, showCorruption } from "../corruption/corruption.js";
import { isKnownCorruption } from "../corruption/register-corruption.js";
import { restrictSplit } from "../corruption/restrict-split.js";
import { type Dataset, type Split, SPLIT_NAMES, type SplitName, type Task } from "../data/dataset.js";
import { type LabelOptions, loadOptionsSchema } from "../data/formats/load-options.js";
import { statedScale } from "../data/formats/regression-scale.js";
import { normaliseSplit } from "../data/normaliser.js";
import type { Model } from "../models/model.js";
import { DEFAULT_LEVEL } from "../predict/calibration.js";
import { coverageReport } from "./coverage-report.js";
import { checkAvailable, emptyWarning, fitSplit } from "./fit-split.js";
import { Predictor } from "../predict/predictor.js";
import type { LoadOptions } from "../predict/load-options.js";
import { forwardSplit } from "../predict/forward-split.js";
import { levelField, loadFields } from "../predict/option-schemas.js";
import { requireFinite } from "../predict/require-finite.js";
import { Intervals } from "../predict/intervals.js";
import type { EvaluationResult, RunConfig } from "../runs/results.js";
import { routingReport } from "./routing-report.js";
import { mostProbable } from "../metrics/most-probable.js";
import { presentLabels } from "../metrics/multi-label.js";
import { thresholdsOf } from "../runs/stored-calibration.js";
import { taskMetrics } from "./task-metrics.js";
import {
  type MeasuredSplit,
  sampleUncertainty,
  selectiveReport,
  uncertaintyReport,
} from "./uncertainty-report.js";

export interface EvaluateOptions extends LoadOptions {
  /** Default "test". */
  readonly split?: SplitName;
  /** Modalities that the model may use. The others are missing from every sample. Default: all. */
  readonly available?: readonly string[];
  /** Corruptions of the features, applied in this order. */
  readonly corruption?: readonly Corruption[];
  /** Seed of the corruption. Default 1. */
  readonly seed?: number;
  /** Fraction of labels that intervals must contain, in (0, 1). Default 0.9. */
  readonly level?: number;
  /** Scale of regression labels for the metrics. Replaces the scale that the model was trained with. */
  readonly scale?: StatedScale;
  /** True to return `predictions` in the result. Default false. */
  readonly predictions?: boolean;
}

/** Range, threshold or bins for regression metrics, see `LabelOptions`. */
export type StatedScale = Pick<LabelOptions, "range" | "threshold" | "bins">;

const evaluateOptionsSchema = z.strictObject({
  ...loadFields,
  ...levelField,
  split: z.enum(SPLIT_NAMES).optional(),
  available: z.array(z.string()).readonly().optional(),
  corruption: z
    .array(
      z.strictObject({
        kind: z.string().refine(isKnownCorruption, "must be a kind of corruption"),
        amount: z.number().min(0),
        modality: z.string().optional(),
      }),
    )
    .readonly()
    .optional(),
  seed: z.int().min(0).optional(),
  scale: loadOptionsSchema.pick({ range: true, threshold: true, bins: true }).optional(),
  predictions: z.boolean().optional(),
} satisfies Record<keyof EvaluateOptions, z.ZodType>);

/**
 * Evaluates a trained model on one split of a data set, under any subset of its modalities and any
 * corruption.
 *
 * The result does not depend on the batch size. The corruption of a sample depends only on (seed, sample).
 *
 * @param model a loaded model, or the folder of a finished run
 * @throws ConfigError for an empty subset of modalities
 * @throws DataError for an unknown modality, or data that do not fit the model
 * @throws MediaError "media.mismatch" for features of another adapter than the model's
 */
export async function evaluate(
  model: Predictor | string,
  dataset: Dataset,
  options: EvaluateOptions = {},
): Promise<EvaluationResult> {
  checkOptions(evaluateOptionsSchema, options, "evaluate");
  checkDataset(dataset, "evaluate");
  const { backend, threads, arithmetic, media, encoder } = options;
  const loading = {
    ...(backend && { backend }),
    ...(threads !== undefined && { threads }),
    ...(arithmetic && { arithmetic }),
    ...(media && { media }),
    ...(encoder && { encoder }),
  };
  const predictor = typeof model === "string" ? await Predictor.load(model, loading) : model;
  if (!(predictor instanceof Predictor))
    throw new ConfigError(
      "config.invalid",
      `evaluate: expected a model or a run folder, got ${shown(model)}`,
      {
        hint: "Pass the result of Predictor.load, or the model of a TrainedRun.",
      },
    );
  return summariseMeasurement(measureSplit(predictor, dataset, options), options);
}

/** Outputs of a model under one condition, before metrics are computed. */
export interface Measurement extends MeasuredSplit {
  readonly predictor: Predictor;
  readonly split: Split;
  readonly splitName: SplitName;
  readonly available: readonly string[];
  /** The same samples without the requested corruption. Undefined if none was requested. */
  readonly before: MeasuredSplit | undefined;
  readonly warnings: readonly string[];
  /** `performance.now()` at the start. */
  readonly began: number;
}

/**
 * Runs the model: the first half of {@link evaluate}.
 *
 * @param options with `joint`, the outputs contain joint features
 * @throws EuarError as {@link evaluate}
 */
export function measureSplit(
  predictor: Predictor,
  dataset: Dataset,
  options: EvaluateOptions & { readonly joint?: boolean } = {},
): Measurement {
  const began = performance.now();
  const { split: splitName = "test", corruption = [], seed = 1, joint = false } = options;
  const { config, network, normaliser } = predictor;
  const available = checkAvailable(options.available, config);
  scaled(config.data.task, options.scale); // fails before the model runs
  refuseNoiseOnTokens(corruption, config);
  const fitted = fitSplit(dataset, splitName, config);
  const ready = (raw: Split): Split => normaliseSplit(restrictSplit(raw, available), normaliser);
  const split = ready(corruptSplit(fitted.split, corruption, { seed, normaliser }));
  const outputs = forwardSplit(network, split, config.train.seed, { spread: true, joint });
  requireFinite(outputs.prediction, "evaluate");
  const before = corruption.length > 0 ? runModel(network, ready(fitted.split), config) : undefined;
  return {
    predictor,
    split,
    outputs,
    splitName,
    available,
    before,
    warnings: [...fitted.warnings, ...emptyWarning(split)],
    began,
  };
}

/** Computes metrics and reports: the second half of {@link evaluate}. */
export function summariseMeasurement(
  measurement: Measurement,
  { corruption = [], seed = 1, level = DEFAULT_LEVEL, predictions, scale }: EvaluateOptions = {},
): EvaluationResult {
  const { predictor, split, outputs, splitName, available, before, warnings, began } = measurement;
  const { config, hash, calibration } = predictor;
  const { task } = config.data;
  const thresholds = thresholdsOf(calibration);
  const report = taskMetrics(scaled(task, scale), outputs.prediction, split.labels, thresholds);
  return {
    config,
    hash,
    split: splitName,
    available,
    corruption,
    seed,
    samples: split.size,
    metrics: report.values,
    uncertainty: uncertaintyReport(measurement, before),
    selective: selectiveReport(task, split, outputs, thresholds),
    routing: routingReport(measurement, expertsOf(config)),
    coverage:
      calibration &&
      coverageReport(
        task,
        split,
        outputs,
        new Intervals(calibration, level),
        sampleUncertainty(split, outputs),
      ),
    ...(predictions === true && {
      predictions: decisionsOf(task, outputs.prediction, thresholds),
    }),
    warnings: [...warnings, ...report.warnings],
    seconds: (performance.now() - began) / 1000,
  };
}

/**
 * Returns the task with another scale.
 *
 * @throws ConfigError "config.invalid" for a scale that is not valid
 * @throws ConfigError "config.conflict" for a task without a scale
 */
function scaled(task: Task, scale: StatedScale | undefined): Task {
  if (scale === undefined) return task;
  if (task.kind === "regression")
    return { ...task, ...statedScale(scale, task.targets.length, "evaluate: the option scale") };
  throw new ConfigError("config.conflict", `evaluate: the option scale has no effect for ${task.kind}`, {
    hint: "Omit it: only regression labels have a scale.",
  });
}

/** Returns the predicted values, the most probable classes, or the present labels as 0 and 1. */
function decisionsOf(
  task: Task,
  prediction: Float32Array,
  thresholds: Float64Array | undefined,
): Float32Array | Int32Array | Uint8Array {
  if (task.kind === "regression") return prediction;
  return task.kind === "classification"
    ? mostProbable(prediction, task.classes.length)
    : presentLabels(prediction, task.labels.length, thresholds);
}

/**
 * Refuses corruption of token ids, except "missing".
 *
 * @throws ConfigError "config.conflict"
 */
function refuseNoiseOnTokens(corruption: readonly Corruption[], { encoder, data }: RunConfig): void {
  if (!encoder) return;
  const noise = corruption.find(
    ({ kind, modality = encoder.modality }) => modality === encoder.modality && kind !== "missing",
  );
  if (noise === undefined) return;
  const other = data.modalities.find(({ name }) => name !== encoder.modality)?.name;
  throw new ConfigError(
    "config.conflict",
    `evaluate: ${noise.kind} changes feature values, but the model's ${encoder.modality} holds token ids`,
    {
      hint:
        other === undefined
          ? "Omit the noise: the model has no other modality."
          : `Name another modality: ${showCorruption({ ...noise, modality: other })}.`,
    },
  );
}

/** Returns the number of experts, or undefined for a model without experts. */
function expertsOf({ model }: RunConfig): number | undefined {
  const experts = optionAt(model.config, "experts.count");
  return typeof experts === "number" ? experts : undefined;
}

function runModel(network: Model, split: Split, config: RunConfig): MeasuredSplit {
  return { split, outputs: forwardSplit(network, split, config.train.seed) };
}
