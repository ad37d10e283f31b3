import { DataError, EuarError, MediaError } from "../core/errors.js";
import { type FeatureOrigin, requireSameAdapter } from "../data/adapter-identity.js";
import { spokenName } from "../data/medium-names.js";
import { prepareFeatures } from "./align/prepare-features.js";
import { MediaFile, SampleFiles } from "./decode/media-file.js";
import type { ExtractedFeatures } from "./feature-extractor.js";
import { isAboutTheMachine } from "./machine-errors.js";
import type { TextMedia } from "./media.js";
import { type ModalityPipeline, openPipeline } from "./modality-pipeline.js";
import type { MediaEnvironment, RawMedia, RawMedium } from "./raw-media.js";
import {
  keysOf,
  modalityFor,
  type ReadableModality,
  readableModalities,
  refuseKey,
} from "./readable-modalities.js";

/** What became of one modality of one sample. */
export type ReadModality =
  /** It was not given. */
  | { readonly kind: "missing" }
  /**
   * It was given, and there is nothing to read. The reason completes "the audio cannot be used because ...".
   */
  | { readonly kind: "unreadable"; readonly reason: string; readonly error?: EuarError }
  /**
   * Prepared as the training data were. Its mask may be all zero: then it is there and says nothing. Of a
   * file, its path.
   */
  | { readonly kind: "read"; readonly features: ExtractedFeatures; readonly file?: string };

/** Frames per second where a model does not say what it was trained on. */
const DEFAULT_FPS = 5;

/** Key of a text that gives the times of words alone, to a model that reads no text. */
const WORDS_KEY = "text";

/**
 * Makes features of raw samples, each with the adapter, options and preparation that made a model's training
 * data. Adapters are loaded when they are first needed.
 */
export class SampleReader {
  private readonly readable: readonly ReadableModality[];
  private readonly pipelines: ReadonlyMap<string, Lazy<ModalityPipeline>>;
  private last: Promise<unknown> = Promise.resolve();

  /**
   * @param modalities of the model
   * @param origins what made their features, as the run remembers it
   */
  constructor(
    private readonly modalities: readonly string[],
    private readonly origins: Readonly<Record<string, FeatureOrigin>>,
    private readonly environment: MediaEnvironment,
  ) {
    this.readable = readableModalities(modalities, origins);
    this.pipelines = new Map(
      this.readable.map((modality) => [modality.name, new Lazy(() => this.open(modality))]),
    );
  }

  /**
   * Features by the model's modalities. Samples are read one after the other, however many are asked for at
   * once.
   * @throws DataError "data.unknown-modality" for a medium that the model does not know; MediaError
   * "media.mismatch" where the training features were made by another version of their adapter, or not by an
   * adapter; "media.missing-package", "media.missing-tool"; nothing for what is wrong with the media
   * themselves
   */
  read(sample: RawMedia, signal?: AbortSignal): Promise<ReadonlyMap<string, ReadModality>> {
    const read = (): Promise<ReadonlyMap<string, ReadModality>> => this.readAll(sample, signal);
    const reading = this.last.then(read, read);
    this.last = reading;
    return reading;
  }

  /**
   * Loads the adapters of all modalities, so that no later sample has to wait for one. @throws as `read` does
   * of the adapters
   */
  async prepare(): Promise<void> {
    for (const pipeline of this.pipelines.values()) await pipeline.get();
  }

  /** Frees the adapters' models; a later sample would load them again. */
  async close(): Promise<void> {
    for (const pipeline of this.pipelines.values()) await pipeline.close();
  }

  private async readAll(
    sample: RawMedia,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<string, ReadModality>> {
    const given = this.byModality(sample);
    const words = this.wordsOf(sample, given);
    const files = new SampleFiles();
    const results = new Map<string, ReadModality>();
    for (const name of this.modalities) {
      signal?.throwIfAborted();
      const modality = this.readable.find((each) => each.name === name);
      const source = given.get(name);
      results.set(
        name,
        modality !== undefined && source !== undefined
          ? await this.readOne(modality, source, words, { files, signal })
          : { kind: "missing" },
      );
    }
    return results;
  }

  private async readOne(
    { name, kind }: ReadableModality,
    source: RawMedium,
    words: TextMedia["words"],
    context: { readonly files: SampleFiles; readonly signal: AbortSignal | undefined },
  ): Promise<ReadModality> {
    const { preparation } = this.originOf(name);
    const file = kind === "text" ? undefined : pathOf(source);
    try {
      const pipeline = await this.pipelines.get(name)?.get();
      const features = await pipeline?.features(source, context);
      if (features === undefined)
        return { kind: "unreadable", reason: `the file has no ${kind}`, error: streamless(kind, name, file) };
      return {
        kind: "read",
        features: preparation ? prepareFeatures(features, preparation, words) : features,
        ...(file !== undefined && { file }),
      };
    } catch (error) {
      context.signal?.throwIfAborted();
      if (
        !(error instanceof EuarError) ||
        isAboutTheMachine(error) ||
        error.code === "media.mismatch" ||
        error.code.startsWith("config.")
      )
        throw error;
      return { kind: "unreadable", reason: error.message, error };
    }
  }

  private async open({ name, kind }: ReadableModality): Promise<ModalityPipeline> {
    const { adapter, options, ...origin } = this.originOf(name);
    const pipeline = await openPipeline(
      {
        modality: name,
        kind,
        choice: { adapter, options },
        fps: origin.preparation?.fps ?? DEFAULT_FPS,
        part: origin.preparation?.part,
      },
      this.environment,
    );
    try {
      requireSameAdapter(name, { adapter, options, ...origin }, pipeline.identity);
    } catch (error) {
      pipeline.close();
      throw error;
    }
    return pipeline;
  }

  private originOf(modality: string): FeatureOrigin {
    const origin = Object.hasOwn(this.origins, modality) ? this.origins[modality] : undefined;
    if (origin) return origin;
    throw new MediaError(
      "media.mismatch",
      `the model does not say what made its ${modality} features, so that a raw ${spokenName(modality)} cannot be scored with it`,
      {
        hint: "Train on a data set that euar extract made, or give features.",
      },
    );
  }

  /** What is given, by the names of the model's modalities. @throws DataError "data.unknown-modality" */
  private byModality(sample: RawMedia): ReadonlyMap<string, RawMedium> {
    const given = new Map<string, RawMedium>();
    for (const [key, medium] of Object.entries(sample)) {
      if (medium === null || medium === undefined) continue;
      const name = modalityFor(key, this.readable);
      if (name === undefined && key === WORDS_KEY && this.isAlignedToWords()) continue;
      if (name === undefined)
        refuseKey(
          key,
          [...keysOf(this.readable), ...(this.isAlignedToWords() ? [WORDS_KEY] : [])],
          this.modalities,
        );
      if (given.has(name))
        throw new DataError("data.unknown-modality", `prediction: ${name} is given twice`, {
          hint: "Give it by the name of its modality alone.",
        });
      given.set(name, medium);
    }
    return given;
  }

  /** Times of words: of the text that a modality reads, or of a transcript that is given for them alone. */
  private wordsOf(sample: RawMedia, given: ReadonlyMap<string, RawMedium>): TextMedia["words"] {
    const texts = this.readable.filter(({ kind }) => kind === "text").map(({ name }) => given.get(name));
    const timed = [...texts, sample.text].find((text) => hasWords(text));
    return hasWords(timed) ? timed.words : undefined;
  }

  /** A transcript has the times of words, which other modalities may be aligned to. */
  private isAlignedToWords(): boolean {
    return Object.values(this.origins).some(({ preparation }) => preparation?.align === "word");
  }
}

function hasWords(medium: RawMedium | null | undefined): medium is TextMedia {
  return typeof medium === "object" && medium !== null && "words" in medium;
}

function pathOf(source: RawMedium): string | undefined {
  if (source instanceof MediaFile) return source.path;
  return typeof source === "string" ? source : undefined;
}

function streamless(kind: string, name: string, file: string | undefined): MediaError {
  return new MediaError(
    "media.unsupported",
    `${file ?? `the file that is given as ${spokenName(name)}`} has no ${kind}`,
    { hint: `Give a file that has, or leave ${spokenName(name)} out.` },
  );
}

/** Something that is loaded once, when it is first needed. */
class Lazy<Thing extends { close(): void }> {
  private loading: Promise<Thing> | undefined;

  constructor(private readonly load: () => Promise<Thing>) {}

  get(): Promise<Thing> {
    this.loading ??= this.load();
    return this.loading;
  }

  async close(): Promise<void> {
    const loading = this.loading;
    this.loading = undefined;
    await loading?.then(
      (thing) => {
        thing.close();
      },
      () => undefined,
    );
  }
}
