import type { MediaByKind, MediumKind } from "./adapter.js";
import { DataError, EuarError, MediaError } from "../core/errors.js";
import { type FeatureOrigin, requireSameAdapter } from "../data/adapter-identity.js";
import { spokenName } from "../data/modality-families.js";
import { prepareFeatures } from "./align/prepare-features.js";
import { MediaFile, SampleFiles } from "./decode/media-file.js";
import type { ExtractedFeatures } from "./feature-extractor.js";
import { isAboutTheMachine } from "./machine-errors.js";
import type { TextMedia } from "./media.js";
import { type ModalityPipeline, openPipeline } from "./modality-pipeline.js";
import { isEncoded, type MediaEnvironment, type RawMedia, type RawMedium } from "./raw-media.js";
import {
  keysOf,
  modalityFor,
  type ReadableModality,
  readableModalities,
  refuseKey,
} from "./readable-modalities.js";

/** Result of reading one modality of a sample. */
export type ReadModality =
  /** The modality was not given. */
  | { readonly kind: "missing" }
  /**
   * The modality was given but cannot be read. The reason completes "the audio cannot be used because ...".
   */
  | { readonly kind: "unreadable"; readonly reason: string; readonly error?: EuarError }
  /**
   * Features, prepared like the training data. The mask is all zero if the modality was given but no part of
   * it is usable. `file` is the path of a file.
   */
  | { readonly kind: "read"; readonly features: ExtractedFeatures; readonly file?: string };

/** Frames per second if the model does not state its own. */
const DEFAULT_FPS = 5;

/** Key of a text that only gives word times, for a model that reads no text. */
const WORDS_KEY = "text";

/** Options for reading one sample. */
export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** True to keep the features of each decoded medium for as long as the medium exists. Default false. */
  readonly reuse?: boolean | undefined;
  /** Receives each decoded medium with the name of its modality, unless features that are kept are reused. */
  readonly onMedium?: ((modality: string, medium: MediaByKind[MediumKind]) => void) | undefined;
}

/** Context of the sample that is read. */
interface ReadContext {
  readonly files: SampleFiles;
  readonly signal: AbortSignal | undefined;
  readonly onMedium: ReadOptions["onMedium"];
}

/** Features of a medium, with the times of words that its steps were aligned to. */
interface Kept {
  readonly words: TextMedia["words"];
  readonly read: ReadModality;
}

/**
 * Extracts features of raw samples with the adapters, options and preparation of a model's training data.
 * Loads adapters on first use.
 */
export class SampleReader {
  private readonly readable: readonly ReadableModality[];
  private readonly pipelines: ReadonlyMap<string, Lazy<ModalityPipeline>>;
  private readonly kept = new Map<string, WeakMap<object, Kept>>();
  private last: Promise<unknown> = Promise.resolve();

  /**
   * @param modalities modalities of the model
   * @param origins adapters of their features, as stored in the run
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
   * Extracts the features of a sample by modality. Concurrent calls run one after the other. Problems of the
   * media themselves are part of the result.
   * @throws DataError "data.unknown-modality" for a medium that the model does not read
   * @throws MediaError "media.mismatch" if the training features come from another version of the adapter, or
   * from no adapter
   * @throws MediaError "media.missing-package", "media.missing-tool"
   */
  read(sample: RawMedia, options: ReadOptions = {}): Promise<ReadonlyMap<string, ReadModality>> {
    const read = (): Promise<ReadonlyMap<string, ReadModality>> => this.readAll(sample, options);
    const reading = this.last.then(read, read);
    this.last = reading;
    return reading;
  }

  /**
   * Loads the adapters of all modalities, so that no later sample waits for one.
   * @throws MediaError, ConfigError as `read` for adapters
   */
  async prepare(): Promise<void> {
    for (const pipeline of this.pipelines.values()) await pipeline.get();
  }

  /** Frees the adapters' models. A later sample loads them again. */
  async close(): Promise<void> {
    for (const pipeline of this.pipelines.values()) await pipeline.close();
  }

  private async readAll(
    sample: RawMedia,
    { signal, reuse = false, onMedium }: ReadOptions,
  ): Promise<ReadonlyMap<string, ReadModality>> {
    const given = this.byModality(sample);
    const words = this.wordsOf(sample, given);
    const context = { files: new SampleFiles(), signal, onMedium };
    const results = new Map<string, ReadModality>();
    for (const name of this.modalities) {
      signal?.throwIfAborted();
      const modality = this.readable.find((each) => each.name === name);
      const source = given.get(name);
      results.set(
        name,
        modality !== undefined && source !== undefined
          ? await (reuse
              ? this.readOnce(modality, source, words, context)
              : this.readOne(modality, source, words, context))
          : { kind: "missing" },
      );
    }
    return results;
  }

  /** Reads a decoded medium the first time, and returns the same features for the same object later. */
  private async readOnce(
    modality: ReadableModality,
    source: RawMedium,
    words: TextMedia["words"],
    context: ReadContext,
  ): Promise<ReadModality> {
    if (isEncoded(source)) return this.readOne(modality, source, words, context);
    const kept = this.kept.get(modality.name) ?? new WeakMap<object, Kept>();
    this.kept.set(modality.name, kept);
    const before = kept.get(source);
    if (before !== undefined && before.words === words) return before.read;
    const read = await this.readOne(modality, source, words, context);
    kept.set(source, { words, read });
    return read;
  }

  private async readOne(
    { name, kind }: ReadableModality,
    source: RawMedium,
    words: TextMedia["words"],
    context: ReadContext,
  ): Promise<ReadModality> {
    const { preparation } = this.originOf(name);
    const file = kind === "text" ? undefined : pathOf(source);
    try {
      const pipeline = await this.pipelines.get(name)?.get();
      const features = await pipeline?.features(source, {
        files: context.files,
        signal: context.signal,
        onMedium: (medium) => context.onMedium?.(name, medium),
      });
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
      `the model does not name the adapter of its ${modality} features, so raw ${spokenName(modality)} ` +
        "cannot be scored",
      {
        hint: "Train on a data set that euar extract made, or give features.",
      },
    );
  }

  /**
   * Returns the given media by the model's modalities.
   * @throws DataError "data.unknown-modality"
   */
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
          hint: "Give it once, with the name of its modality as the key.",
        });
      given.set(name, medium);
    }
    return given;
  }

  /**
   * Returns word times: those of a modality's text, or those of a transcript that was given only for its
   * times.
   */
  private wordsOf(sample: RawMedia, given: ReadonlyMap<string, RawMedium>): TextMedia["words"] {
    const texts = this.readable.filter(({ kind }) => kind === "text").map(({ name }) => given.get(name));
    const timed = [...texts, sample.text].find((text) => hasWords(text));
    return hasWords(timed) ? timed.words : undefined;
  }

  /** True if a modality is aligned to words, so that a transcript alone is useful. */
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

/** Value that is loaded once, on first use. */
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
