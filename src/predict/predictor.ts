import { checkByRules, checkText, shown } from "../core/check-options.js";
import { ConfigError, DataError } from "../core/errors.js";
import type { Batch } from "../data/batch.js";
import { type Normaliser, normaliseTable } from "../data/normaliser.js";
import type { Model } from "../models/model.js";
import { Tape } from "../tensor/tape.js";
import { rebuildModel } from "./rebuild-model.js";
import type { Calibration } from "../runs/stored-calibration.js";
import { DEFAULT_LEVEL } from "./calibration.js";
import type { MediaEnvironment, RawMedia } from "../features/raw-media.js";
import { isRawMedia } from "../features/raw-media.js";
import type { SampleReader } from "../features/sample-reader.js";
import { createBackend } from "./create-backend.js";
import { batchOfFeatures, type Features, ValueStage } from "./feature-input.js";
import { Intervals } from "./intervals.js";
import { batchOfMedia } from "./media-batch.js";
import { describeMedia, type MediaPrediction, requireSomeInput } from "./media-prediction.js";
import { describePrediction, type Prediction } from "./prediction.js";
import type { RunConfig } from "../runs/results.js";
import type { LoadOptions, PredictOptions } from "./load-options.js";
import { loadRules, predictRules } from "./option-rules.js";
import { requireFinite } from "./require-finite.js";
import { decodeWeights } from "../runs/weight-file.js";

/**
 * A trained model that scores samples: features at once, raw media through the adapters that made its
 * training features.
 *
 * @example
 * const model = await Predictor.load("run");
 * const { prediction, modalities } = model.predict({ text: textVector, audio: audioVector });
 * const { verdict, doubted } = await model.predict({ text: "not again", audio: "clip.mp4", video: "clip.mp4"
 * });
 */
export class Predictor {
  private readonly stage = new ValueStage();
  /** At the level that was asked for last. */
  private intervals: Intervals | undefined;
  private reader: Promise<SampleReader> | undefined;

  constructor(
    readonly config: RunConfig,
    readonly hash: string,
    readonly network: Model,
    readonly normaliser: Normaliser,
    /** Undefined for a run that was stored before there were any: it states no intervals. */
    readonly calibration: Calibration | undefined,
    private readonly media?: MediaEnvironment,
  ) {}

  /**
   * Loads the weights of a finished run from disk (not in the browser: see `fromWeights`).
   * @param path a run folder, or a weights.safetensors file
   * @throws CheckpointError if there is none, or it is damaged or of another format
   */
  static async load(path: string, options: LoadOptions = {}): Promise<Predictor> {
    checkText(path, "Predictor.load: the path");
    checkByRules(loadRules, options, "Predictor.load");
    // only here, so that the rest runs in the browser
    const { readWeights } = await import("../runs/read-weights.js");
    const { file, bytes } = readWeights(path);
    return Predictor.fromWeights(bytes, { ...options, name: file });
  }

  /**
   * Makes a model of the bytes of a weights.safetensors file, wherever they came from. Needs no file system:
   * this is how a browser loads one.
   * @throws CheckpointError if they are damaged or of another format
   * @example
   * const model = await Predictor.fromWeights(await (await fetch("weights.safetensors")).arrayBuffer());
   */
  static async fromWeights(
    bytes: Uint8Array | ArrayBuffer,
    options: LoadOptions & { readonly name?: string } = {},
  ): Promise<Predictor> {
    checkByRules(loadRules, options, "Predictor.fromWeights");
    const { name: file = "the weights" } = options;
    if (!(bytes instanceof Uint8Array || bytes instanceof ArrayBuffer))
      throw new ConfigError(
        "config.invalid",
        `Predictor.fromWeights: bytes were expected, got ${shown(bytes)}`,
        {
          hint: "Give the contents of weights.safetensors as a Uint8Array or an ArrayBuffer.",
        },
      );
    const { config, hash, normaliser, weights, calibration } = decodeWeights(
      bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes),
      file,
    );
    const backend = await createBackend(options.backend ?? "auto", options);
    const network = await rebuildModel(config, backend, {
      weights,
      file,
      ...(options.encoder && { files: options.encoder }),
    });
    return new Predictor(config, hash, network, normaliser, calibration, options.media);
  }

  /** The modalities that the model knows, with the widths of their features. */
  get modalities(): RunConfig["data"]["modalities"] {
    return this.config.data.modalities;
  }

  /**
   * Scores one sample from its features.
   * @param features by modality: a vector [D], a sequence of vectors [T][D], or nothing where the sample does
   * not have it
   * @throws DataError for an unknown modality, a wrong width, a value that is not finite, or a sample without
   * any modality
   */
  predict(features: Features, options?: PredictOptions): Prediction;
  /**
   * Scores one sample from raw media, with the adapters and the preparation that made the model's training
   * features. Any of the media may be missing or bad: what cannot be read or used is left out, and `doubted`
   * and `verdict` say so.
   * @throws DataError "data.unknown-modality"; "data.empty" if nothing of the sample can be used, the file's
   * own error where there was a single input; MediaError "media.mismatch" if the run does not say what made
   * its features, or another version did; "media.missing-package" and "media.missing-tool" with the command
   * that installs what is missing
   */
  predict(media: RawMedia, options?: PredictOptions): Promise<MediaPrediction>;
  predict(sample: Features | RawMedia, options: PredictOptions = {}): Prediction | Promise<MediaPrediction> {
    if (typeof sample !== "object" || (sample as unknown) === null)
      throw new DataError("data.format", `prediction: a sample is an object, got ${shown(sample)}`, {
        hint: "Give features by modality, or raw media.",
      });
    checkByRules(predictRules, options, "predict");
    if (isRawMedia(sample)) return this.predictMedia(sample, options);
    const [only] = this.predictBatch([sample], options);
    if (!only) throw new RangeError("predictBatch returned nothing for one sample");
    return only;
  }

  /**
   * Loads what raw media need now instead of with the first sample: afterwards `predict` reads no file and
   * asks no server.
   * @throws as `predict` does where an adapter or its package is missing or another than the run's
   */
  async prepare(): Promise<void> {
    this.reader ??= this.openReader();
    await (await this.reader).prepare();
  }

  /** Frees what was loaded to read raw media. */
  async close(): Promise<void> {
    const reader = this.reader;
    this.reader = undefined;
    await (await reader)?.close();
  }

  /**
   * Scores several samples at once; each gets exactly what it would get alone. @throws DataError as `predict`
   * does
   */
  predictBatch(samples: readonly Features[], options: PredictOptions = {}): Prediction[] {
    checkByRules(predictRules, options, "predictBatch");
    if (!Array.isArray(samples))
      throw new DataError("data.format", `prediction: a list of samples was expected, got ${shown(samples)}`);
    return this.score(
      batchOfFeatures(samples as readonly Features[], this.config.data.modalities, this.stage),
      options,
    );
  }

  private async predictMedia(media: RawMedia, options: PredictOptions): Promise<MediaPrediction> {
    const start = performance.now();
    this.reader ??= this.openReader();
    const read = await (await this.reader).read(media, options.signal);
    requireSomeInput(read);
    const batch = batchOfMedia(read, this.config.data.modalities);
    const extracted = performance.now();
    const [only] = this.score(batch, options);
    if (!only) throw new RangeError("a batch of one sample gave no prediction");
    return describeMedia(only, read, {
      features: (extracted - start) / 1000,
      model: (performance.now() - extracted) / 1000,
    });
  }

  private async openReader(): Promise<SampleReader> {
    const media = this.media ?? (await mediaInNode());
    // only here: features need none of it
    const { SampleReader } = await import("../features/sample-reader.js");
    return new SampleReader(
      this.config.data.modalities.map(({ name }) => name),
      this.config.data.features ?? {},
      media,
    );
  }

  /** @param raw nobody else's: it is normalised in place */
  private score(raw: Batch, { level = DEFAULT_LEVEL }: PredictOptions): Prediction[] {
    const { task, modalities } = this.config.data;
    const batch = this.normalised(raw);
    const { backend } = this.network.parameters;
    const intervals = this.intervalsAt(level);
    const result = this.network.forward(new Tape(backend, false), batch, {
      training: false,
      seed: 0,
      step: 0,
      spread: intervals?.usesSpread ?? false,
    });
    const prediction = Float32Array.from(result.prediction.buffer.view);
    backend.endStep();
    requireFinite(prediction, "prediction");
    return Array.from({ length: batch.size }, (_, row) => {
      const present = modalities.map(
        ({ name }) => [name, batch.modalities[name]?.present[row] === 1] as const,
      );
      return describePrediction(task, { ...result, prediction }, row, Object.fromEntries(present), intervals);
    });
  }

  /** @throws ConfigError unless 0 < level < 1 */
  private intervalsAt(level: number): Intervals | undefined {
    if (!(level > 0 && level < 1))
      throw new ConfigError(
        "config.invalid",
        `prediction: the level of intervals must lie between 0 and 1, got ${level}`,
        { hint: "0.9 promises nine truths in ten." },
      );
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
