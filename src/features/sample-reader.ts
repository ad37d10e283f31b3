import { DataError, EuarError, MediaError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import { type FeatureOrigin, requireSameAdapter } from "../data/adapter-identity.js";
import type { MediaByKind, MediumKind } from "./adapter.js";
import { prepareFeatures } from "./align/prepare-features.js";
import type { DecodeNote } from "./decode/decode-note.js";
import type { DecodeSettings, FileKind } from "./decode/load-file.js";
import { withDecodeProblems } from "./decode-problems.js";
import type { ExtractedFeatures, FeatureExtractor } from "./feature-extractor.js";
import { isAboutTheMachine } from "./machine-errors.js";
import { type EncodedMedium, isEncoded, type MediaEnvironment, type RawMedia } from "./raw-media.js";
import { createExtractor, isRawModality, type RawModality } from "./registry.js";

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

/** The medium that a modality is read from, as samples call it. */
const mediumOf = {
  text: "text",
  audio: "audio",
  vision: "video",
  image: "image",
} as const satisfies Readonly<Record<RawModality, keyof RawMedia>>;

/** Frames per second where a model does not say what it was trained on. */
const DEFAULT_FPS = 5;

/**
 * Makes features of raw samples, each with the adapter, options and preparation that made a model's training
 * data. Adapters are loaded when they are first needed.
 */
export class SampleReader {
  private readonly extractors = {
    text: new Lazy(() => this.open("text", "text")),
    audio: new Lazy(() => this.open("audio", "audio")),
    vision: new Lazy(() => this.open("video", "vision")),
    image: new Lazy(() => this.open("image", "image")),
  };
  private last: Promise<unknown> = Promise.resolve();

  /**
   * @param modalities of the model
   * @param origins what made their features, as the run remembers it
   */
  constructor(
    private readonly modalities: readonly string[],
    private readonly origins: Readonly<Record<string, FeatureOrigin>>,
    private readonly environment: MediaEnvironment,
  ) {}

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
    for (const modality of this.modalities)
      if (isRawModality(modality)) await this.extractors[modality].get();
  }

  /** Frees the adapters' models; a later sample would load them again. */
  async close(): Promise<void> {
    for (const extractor of Object.values(this.extractors)) await extractor.close();
  }

  private async readAll(
    sample: RawMedia,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<string, ReadModality>> {
    this.checkNames(sample);
    const text = typeof sample.text === "string" ? { text: sample.text } : (sample.text ?? undefined);
    const extract: Readonly<Record<RawModality, () => Promise<ExtractedFeatures | undefined>>> = {
      text: async () => text && (await this.extractors.text.get()).extract(text, signal),
      audio: () => this.fromMedium("audio", sample.audio, this.extractors.audio, signal),
      vision: () => this.fromMedium("video", sample.video, this.extractors.vision, signal),
      image: () => this.fromMedium("image", sample.image, this.extractors.image, signal),
    };
    const results = new Map<string, ReadModality>();
    for (const modality of this.modalities) {
      signal?.throwIfAborted();
      const isGiven =
        isRawModality(modality) &&
        sample[mediumOf[modality]] !== null &&
        sample[mediumOf[modality]] !== undefined;
      results.set(
        modality,
        isGiven
          ? await this.readOne(modality, sample[mediumOf[modality]], extract[modality], text, signal)
          : { kind: "missing" },
      );
    }
    return results;
  }

  private async readOne(
    modality: RawModality,
    medium: RawMedia[keyof RawMedia],
    extract: () => Promise<ExtractedFeatures | undefined>,
    text: MediaByKind["text"] | undefined,
    signal: AbortSignal | undefined,
  ): Promise<ReadModality> {
    const { preparation } = this.originOf(modality);
    const file = typeof medium === "string" && modality !== "text" ? medium : undefined;
    try {
      const features = await extract();
      if (features === undefined)
        return {
          kind: "unreadable",
          reason: `the file has no ${mediumOf[modality]}`,
          error: streamless(mediumOf[modality], file),
        };
      return {
        kind: "read",
        features: preparation ? prepareFeatures(features, preparation, text?.words) : features,
        ...(file !== undefined && { file }),
      };
    } catch (error) {
      signal?.throwIfAborted();
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

  private async fromMedium<Kind extends FileKind>(
    kind: Kind,
    medium: MediaByKind[Kind] | EncodedMedium | null | undefined,
    extractor: Lazy<FeatureExtractor<MediaByKind[Kind]>>,
    signal: AbortSignal | undefined,
  ): Promise<ExtractedFeatures | undefined> {
    if (medium === null || medium === undefined) return undefined;
    const loaded = await extractor.get();
    const notes: DecodeNote[] = [];
    const decoded = isEncoded(medium)
      ? await this.decode(kind, medium, (note) => notes.push(note), signal)
      : medium;
    return decoded && withDecodeProblems(await loaded.extract(decoded, signal), kind, notes);
  }

  private decode<Kind extends FileKind>(
    kind: Kind,
    source: EncodedMedium,
    onNote: DecodeSettings["onNote"],
    signal: AbortSignal | undefined,
  ): Promise<MediaByKind[Kind] | undefined> {
    const { decode } = this.environment;
    if (decode === undefined)
      throw new MediaError(
        "media.unsupported",
        `the ${kind} is not decoded, and nothing here can decode it`,
        { hint: "Give samples or pixels, or load the model with an environment that decodes." },
      );
    return decode(
      kind,
      source,
      { fps: this.origins["vision"]?.preparation?.fps ?? DEFAULT_FPS, onNote },
      signal,
    );
  }

  private async open<Kind extends MediumKind>(
    kind: Kind,
    modality: RawModality,
  ): Promise<FeatureExtractor<MediaByKind[Kind]>> {
    const { adapter, options, ...origin } = this.originOf(modality);
    const extractor = await createExtractor(kind, { adapter, options }, this.environment);
    try {
      requireSameAdapter(modality, { adapter, options, ...origin }, extractor.identity);
    } catch (error) {
      extractor.close();
      throw error;
    }
    return extractor;
  }

  private originOf(modality: RawModality): FeatureOrigin {
    const origin = Object.hasOwn(this.origins, modality) ? this.origins[modality] : undefined;
    if (origin) return origin;
    throw new MediaError(
      "media.mismatch",
      `the model does not say what made its ${modality} features, so that a raw ${mediumOf[modality]} cannot be scored with it`,
      {
        hint: "Train on a data set that euar extract made, or give features.",
      },
    );
  }

  private checkNames(sample: RawMedia): void {
    const known = this.modalities.flatMap((modality): string[] =>
      isRawModality(modality) ? [mediumOf[modality]] : [],
    );
    // A transcript has the times of words, which other modalities may be aligned to.
    if (Object.values(this.origins).some(({ preparation }) => preparation?.align === "word"))
      known.push("text");
    for (const [name, medium] of Object.entries(sample)) {
      if (known.includes(name) || medium === null || medium === undefined) continue;
      throw new DataError(
        "data.unknown-modality",
        `prediction: ${name} is given, but the model was trained on ${this.modalities.join(", ")}`,
        { hint: suggestion(name, known) },
      );
    }
  }
}

function streamless(medium: string, file: string | undefined): MediaError {
  return new MediaError(
    "media.unsupported",
    `${file ?? `the file that is given as ${medium}`} has no ${medium}`,
    { hint: `Give a file that has, or leave ${medium} out.` },
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
