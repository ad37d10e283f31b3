import { checkByRules, checkText, shown } from "../core/check-options.js";
import { CheckpointError, ConfigError, DataError } from "../core/errors.js";
import type { Batch } from "../data/batch.js";
import { type Normaliser, normaliseTable } from "../data/normaliser.js";
import type { MediaEnvironment, RawMedia } from "../features/raw-media.js";
import type { SampleReader } from "../features/sample-reader.js";
import type { Model } from "../models/model.js";
import type { RunConfig } from "../runs/results.js";
import type { Calibration } from "../runs/stored-calibration.js";
import { decodeWeights } from "../runs/weight-file.js";
import { Tape } from "../tensor/tape.js";
import { DEFAULT_LEVEL } from "./calibration.js";
import { checkMedia } from "./check-media.js";
import { createBackend } from "./create-backend.js";
import type { Mismatch } from "./doubts.js";
import type { TranscriptComparison } from "./transcript-check.js";
import { describePrediction } from "./describe-prediction.js";
import { batchOfFeatures, type Features, ValueStage } from "./feature-input.js";
import { Intervals } from "./intervals.js";
import type { PredictFeatureOptions, PredictMediaOptions, PredictorOptions } from "./load-options.js";
import { batchOfMedia } from "./media-batch.js";
import { describeMedia, type MediaPrediction, requireSomeInput } from "./media-prediction.js";
import { loadRules, predictFeatureRules, predictMediaRules } from "./option-rules.js";
import { type Prediction, type PredictionTask, predictionTask } from "./prediction.js";
import { readPlace } from "./read-place.js";
import { rebuildModel } from "./rebuild-model.js";
import { requireFinite } from "./require-finite.js";
import type { SomeInput } from "./some-input.js";

/** Trained model in memory, the input of {@link Predictor.fromParts}. */
export interface PredictorParts {
  /** Complete configuration of the run. */
  readonly config: RunConfig;
  /** sha-256 of the canonical JSON of `config`. */
  readonly hash: string;
  /** The model with its weights. */
  readonly network: Model;
  /** Statistics of the training features. */
  readonly normaliser: Normaliser;
  /** Undefined for a run without calibration: its predictions have no intervals. */
  readonly calibration: Calibration | undefined;
  /** Decoders of raw media, and the location of the adapters' models. Default in Node: those of Node. */
  readonly media?: MediaEnvironment | undefined;
}

/**
 * Scores samples with a trained model. `predict` scores features. `predictMedia` scores raw media with the
 * adapters that extracted the training features.
 *
 * The type parameter is the task. It determines the type of predictions: a number for "regression", a class
 * with probabilities for "classification". Without it, a prediction is the union over all tasks.
 *
 * @example
 * const predictor = await Predictor.load("run", { task: "regression" });
 * const { prediction, modalities } = predictor.predict({ text: textVector, audio: audioVector });
 * const { verdict, doubted } = await predictor.predictMedia({ text: "not again", audio: "clip.mp4" });
 */
export class Predictor<Kind extends PredictionTask = PredictionTask> {
  /** Complete configuration of the run. */
  readonly config: RunConfig;
  /** sha-256 of the canonical JSON of `config`. */
  readonly hash: string;
  /** The model with its weights. */
  readonly network: Model;
  /** Statistics of the training features. */
  readonly normaliser: Normaliser;
  /** Undefined for a run without calibration: its predictions have no intervals. */
  readonly calibration: Calibration | undefined;
  private readonly media: MediaEnvironment | undefined;
  private readonly stage = new ValueStage();
  /** Intervals at the level of the last prediction. */
  private intervals: Intervals | undefined;
  private reader: Promise<SampleReader> | undefined;

  private constructor({ config, hash, network, normaliser, calibration, media }: PredictorParts) {
    this.config = config;
    this.hash = hash;
    this.network = network;
    this.normaliser = normaliser;
    this.calibration = calibration;
    this.media = media;
  }

  /**
   * Loads the weights of a finished run.
   * @param place a run folder or a weights.safetensors file (in Node), or the URL of such a file: a `URL`, or
   * text that begins with `http://` or `https://`
   * @throws CheckpointError "checkpoint.format" if there are no weights, or they are damaged or of another
   * format; "checkpoint.mismatch" if the run's task is not `options.task`
   * @example
   * const predictor = await Predictor.load(new URL("weights.safetensors", location.href));
   */
  static async load<Kind extends PredictionTask = PredictionTask>(
    place: string | URL,
    options: PredictorOptions<Kind> = {},
  ): Promise<Predictor<Kind>> {
    if (!(place instanceof URL)) checkText(place, "Predictor.load: the path");
    checkByRules(loadRules, options, "Predictor.load");
    const { name, bytes } = await readPlace(place);
    return Predictor.fromWeights<Kind>(bytes, { ...options, name });
  }

  /**
   * Makes a predictor from the bytes of a weights.safetensors file. Needs no file system.
   * @param options `name` is the name of the bytes in error messages
   * @throws CheckpointError "checkpoint.format" if they are damaged or of another format;
   * "checkpoint.mismatch" if the run's task is not `options.task`
   * @example
   * const predictor = await Predictor.fromWeights(await file.arrayBuffer());
   */
  static async fromWeights<Kind extends PredictionTask = PredictionTask>(
    bytes: Uint8Array | ArrayBuffer,
    options: PredictorOptions<Kind> & { readonly name?: string } = {},
  ): Promise<Predictor<Kind>> {
    checkByRules(loadRules, options, "Predictor.fromWeights");
    const { name: file = "the weights" } = options;
    if (!(bytes instanceof Uint8Array || bytes instanceof ArrayBuffer))
      throw new ConfigError(
        "config.invalid",
        `Predictor.fromWeights: bytes were expected, got ${shown(bytes)}`,
        { hint: "Give the contents of weights.safetensors as a Uint8Array or an ArrayBuffer." },
      );
    const { config, hash, normaliser, weights, calibration } = decodeWeights(
      bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes),
      file,
    );
    requireTask(config, options.task, file);
    const backend = await createBackend(options.backend ?? "auto", options);
    const network = await rebuildModel(config, backend, {
      weights,
      normaliser,
      file,
      ...(options.encoder && { files: options.encoder }),
    });
    const { media } = options;
    return new Predictor<Kind>({ config, hash, network, normaliser, calibration, media });
  }

  /** Makes a predictor from a trained model in memory, for users with their own training loop. */
  static fromParts(parts: PredictorParts): Predictor {
    return new Predictor(parts);
  }

  /** Task that the model was trained for. It determines the type of predictions. */
  get task(): PredictionTask {
    return predictionTask(this.config.data.task);
  }

  /**
   * Narrows the type of predictions to one task.
   * @example
   * if (predictor.isFor("classification")) console.log(predictor.predict(features).classes);
   */
  isFor<Wanted extends PredictionTask>(task: Wanted): this is Predictor<Wanted> {
    const own: PredictionTask = this.task;
    return own === task;
  }

  /** Modalities of the model, with the widths of their features. */
  get modalities(): RunConfig["data"]["modalities"] {
    return this.config.data.modalities;
  }

  /**
   * Scores one sample from its features.
   * @param features by modality: a vector [D], a sequence of vectors [T][D], or null if the sample does not
   * have it
   * @throws DataError "data.unknown-modality", "data.width-mismatch", "data.invalid-value" for a value that
   * is not finite, "data.empty" for a sample without any modality
   */
  predict<Sample extends Features>(
    features: Sample & SomeInput<Sample>,
    options: PredictFeatureOptions = {},
  ): Prediction<Kind> {
    checkByRules(predictFeatureRules, options, "predict");
    return this.only(this.score(this.batchOf([features]), options));
  }

  /**
   * Scores several samples from their features. Each prediction is bit-identical to that of the sample alone.
   * @throws DataError as {@link predict} does, naming the sample; "data.empty" for an empty list
   */
  predictBatch<Sample extends Features>(
    samples: readonly (Sample & SomeInput<Sample>)[],
    options: PredictFeatureOptions = {},
  ): Prediction<Kind>[] {
    checkByRules(predictFeatureRules, options, "predictBatch");
    if (!Array.isArray(samples))
      throw new DataError("data.format", `prediction: a list of samples was expected, got ${shown(samples)}`);
    return this.score(this.batchOf(samples), options);
  }

  /**
   * Scores one sample from raw media, with the adapters and the preparation of the training features. Omits
   * media that cannot be read or used; `doubted` and `verdict` name them.
   * @throws DataError "data.unknown-modality"; "data.empty" if no modality can be used, or the error of the
   * file if it was the only input; MediaError "media.mismatch" if the run does not name its adapters, or
   * names another version; "media.missing-package" and "media.missing-tool" with the command that installs
   * the missing part; ConfigError "config.conflict" if `checkTranscript` is set and cannot work here
   */
  async predictMedia<Sample extends RawMedia>(
    media: Sample & SomeInput<Sample>,
    options: PredictMediaOptions = {},
  ): Promise<MediaPrediction<Kind>> {
    checkByRules(predictMediaRules, options, "predictMedia");
    checkMedia(media);
    const start = performance.now();
    this.reader ??= this.openReader();
    const decoded = options.checkTranscript === true ? new Map<string, unknown>() : undefined;
    const read = await (
      await this.reader
    ).read(media, {
      ...options,
      ...(decoded && { onMedium: (modality, medium) => decoded.set(modality, medium) }),
    });
    requireSomeInput(read);
    const batch = batchOfMedia(read, this.config.data.modalities);
    const mismatch = decoded && (await this.mismatchIn(media, { read, decoded, signal: options.signal }));
    const extracted = performance.now();
    const prediction = this.only(this.score(batch, options));
    const seconds = {
      features: (extracted - start) / 1000,
      model: (performance.now() - extracted) / 1000,
    };
    return describeMedia(prediction, read, { seconds, mismatch });
  }

  /**
   * Loads the adapters and their models now instead of with the first sample. Afterwards `predictMedia` loads
   * no model from disk or server.
   * @throws MediaError as {@link predictMedia}, for an adapter or package that is missing or does not fit
   */
  async prepare(): Promise<void> {
    this.reader ??= this.openReader();
    await (await this.reader).prepare();
  }

  /** Frees the adapters and models that were loaded for raw media. */
  async close(): Promise<void> {
    const reader = this.reader;
    this.reader = undefined;
    await (await reader)?.close();
  }

  private batchOf(samples: readonly Features[]): Batch {
    return batchOfFeatures(samples, this.config.data.modalities, this.stage);
  }

  /** Returns the prediction of a batch of one sample. */
  private only([prediction]: readonly Prediction<Kind>[]): Prediction<Kind> {
    if (!prediction) throw new RangeError("a batch of one sample gave no prediction");
    return prediction;
  }

  private async mismatchIn(
    sample: RawMedia,
    comparison: Omit<TranscriptComparison, "check">,
  ): Promise<Mismatch | undefined> {
    const { checkTranscript: check } = this.media ?? (await mediaInNode());
    const { findMismatch } = await import("./transcript-check.js");
    return findMismatch(sample, this.config.data, { ...comparison, check });
  }

  private async openReader(): Promise<SampleReader> {
    const media = this.media ?? (await mediaInNode());
    // loaded only here, because features do not need it
    const { SampleReader } = await import("../features/sample-reader.js");
    return new SampleReader(
      this.config.data.modalities.map(({ name }) => name),
      this.config.data.features ?? {},
      media,
    );
  }

  /** @param raw batch, which is normalised in place */
  private score(
    raw: Batch,
    { level = DEFAULT_LEVEL, diagnostics = true }: PredictFeatureOptions,
  ): Prediction<Kind>[] {
    const { task, modalities } = this.config.data;
    const batch = this.normalised(raw);
    const { backend } = this.network.parameters;
    const calibrated = this.intervalsAt(level);
    // without diagnostics there is no spread to make an interval from
    const intervals = diagnostics || !calibrated?.usesSpread ? calibrated : undefined;
    const result = this.network.forward(new Tape(backend, false), batch, {
      training: false,
      seed: 0,
      step: 0,
      spread: intervals?.usesSpread ?? false,
      predictionOnly: !diagnostics,
    });
    const prediction = Float32Array.from(result.prediction.buffer.view);
    backend.endStep();
    requireFinite(prediction, "prediction");
    return Array.from({ length: batch.size }, (_, row) => {
      const present = modalities.map(
        ({ name }) => [name, batch.modalities[name]?.present[row] === 1] as const,
      );
      const described = describePrediction(
        task,
        { ...result, prediction },
        row,
        Object.fromEntries(present),
        intervals,
      );
      return described as Prediction<Kind>; // requireTask and isFor ensure that Kind is the kind of the task
    });
  }

  private intervalsAt(level: number): Intervals | undefined {
    if (this.calibration && this.intervals?.level !== level)
      this.intervals = new Intervals(this.calibration, level);
    return this.intervals;
  }

  private normalised(batch: Batch): Batch {
    const { kind, modalities } = this.normaliser;
    if (kind === "none") return batch;
    const tables = Object.entries(batch.modalities).map(([name, table]) => {
      const statistics = modalities[name];
      return [
        name,
        statistics ? normaliseTable(name, table, statistics, this.normaliser, table.values) : table,
      ] as const;
    });
    return { ...batch, modalities: Object.fromEntries(tables) };
  }
}

/** @throws CheckpointError "checkpoint.mismatch" */
function requireTask(config: RunConfig, wanted: PredictionTask | undefined, file: string): void {
  const found = predictionTask(config.data.task);
  if (wanted === undefined || wanted === found) return;
  throw new CheckpointError(
    "checkpoint.mismatch",
    `${file}: the task "${wanted}" was expected, but the model was trained for "${found}"`,
    { hint: `Give the option task "${found}", or omit it.` },
  );
}

async function mediaInNode(): Promise<MediaEnvironment> {
  try {
    return (await import("../features/node-media.js")).nodeMedia;
  } catch (cause) {
    throw new ConfigError(
      "config.invalid",
      "prediction: the model was loaded without a way to read raw media",
      { hint: "Outside Node, give Predictor.fromWeights the option media.", cause },
    );
  }
}
