import { DataError, MediaError } from "../core/errors.js";
import type { AdapterIdentity } from "../data/adapter-identity.js";
import type { NoiseDraw } from "../corruption/image-noise.js";
import type { MediaByKind, MediumKind } from "./adapter.js";
import { type MediumDamage, withDamage } from "./damage/with-damage.js";
import type { DecodeNote } from "./decode/decode-note.js";
import type { DecodeSettings } from "./decode/decode-settings.js";
import { SampleFiles } from "./decode/media-file.js";
import { withDecodeProblems } from "./decode-problems.js";
import type { ExtractedFeatures } from "./feature-extractor.js";
import type { ImagePart } from "./image/image-part.js";
import { isEncoded, type MediaEnvironment, type RawMedium } from "./raw-media.js";
import { type AdapterChoice, createExtractor, mediumOf } from "./registry.js";

/** Settings that turn a medium into the features of one modality. Plain data. */
export interface ModalityRecipe {
  readonly modality: string;
  readonly kind: MediumKind;
  readonly choice: AdapterChoice;
  /** Frames per second of video. */
  readonly fps: number;
  /** Part of the image to read. */
  readonly part?: ImagePart | undefined;
}

/** Noise on a decoded medium. */
export interface NoiseStep {
  readonly preset: string;
  /** Strength, 0 to 10. */
  readonly epsilon: number;
  readonly draw: NoiseDraw;
}

/** Corruption of a medium, with the encoded medium that is mixed in. */
export interface DamageOfMedium extends MediumDamage {
  readonly other?: RawMedium | undefined;
}

/** Context of one sample. */
export interface SampleContext {
  /** Files of the sample. A clip that several modalities read is then probed once. */
  readonly files?: SampleFiles | undefined;
  readonly noise?: NoiseStep | undefined;
  /** Corruption after the noise. */
  readonly damage?: DamageOfMedium | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Receives the decoded medium, before noise and corruption. */
  readonly onMedium?: ((medium: MediaByKind[MediumKind]) => void) | undefined;
}

/**
 * Turns a medium into features: decodes, adds noise, extracts, notes defects of the file. Extraction and
 * prediction both use it. `prepareFeatures` then makes the steps of a data set.
 */
export interface ModalityPipeline {
  readonly identity: AdapterIdentity;
  /**
   * Extracts features.
   * @returns undefined if the file has no such stream
   * @throws MediaError for a medium that cannot be read
   * @throws DataError "data.format" for a value that is not a medium
   */
  features(source: RawMedium, sample?: SampleContext): Promise<ExtractedFeatures | undefined>;
  /** Frees the adapter's models. */
  close(): void;
}

/**
 * Loads the adapter of a modality.
 * @throws ConfigError, MediaError as `createExtractor`
 */
export async function openPipeline(
  { modality, kind, choice, fps, part }: ModalityRecipe,
  environment: MediaEnvironment,
): Promise<ModalityPipeline> {
  const extractor = await createExtractor(kind, choice, environment);
  return {
    identity: extractor.identity,
    features: async (source, { files, noise, damage, signal, onMedium } = {}) => {
      const notes: DecodeNote[] = [];
      const settings: DecodeSettings = { fps, onNote: (note) => notes.push(note) };
      const context = { settings, environment, files, signal };
      const own = partOf(kind, part, await mediumFrom(kind, modality, source, context));
      if (own === undefined) return undefined;
      onMedium?.(own);
      const noisy = noise === undefined ? own : withNoise(kind, own, noise);
      const readOther = async (other: RawMedium): Promise<MediaByKind[typeof kind] | undefined> =>
        // defects of its file are not those of the sample
        partOf(kind, part, await mediumFrom(kind, modality, other, { ...context, settings: { fps } }));
      const other = damage?.other === undefined ? undefined : await readOther(damage.other);
      const medium = damage === undefined ? noisy : withDamage(kind, noisy, damage, other);
      return withDecodeProblems(await extractor.extract(medium, signal), kind, notes);
    },
    close: () => {
      extractor.close();
    },
  };
}

interface DecodeContext {
  readonly settings: DecodeSettings;
  readonly environment: MediaEnvironment;
  readonly files: SampleFiles | undefined;
  readonly signal: AbortSignal | undefined;
}

async function mediumFrom<Kind extends MediumKind>(
  kind: Kind,
  modality: string,
  source: RawMedium,
  { settings, environment, files = new SampleFiles(), signal }: DecodeContext,
): Promise<MediaByKind[Kind] | undefined> {
  const { ofText, isMedia, decode } = mediumOf(kind);
  if (ofText !== undefined && typeof source === "string") return ofText(source);
  if (!isEncoded(source)) {
    if (isMedia(source)) return source;
    throw new DataError("data.format", `the value given as ${modality} is not ${kind}`, {
      hint: "docs/predict.md describes each medium in memory.",
    });
  }
  if (environment.open === undefined)
    throw new MediaError("media.unsupported", `the ${kind} is not decoded, and nothing here can decode it`, {
      hint: "Give samples or pixels, or load the model with an environment that decodes.",
    });
  const file = typeof source === "string" ? files.at(source) : source;
  return decode?.(environment.open(file, kind), settings, signal);
}

function partOf<Kind extends MediumKind>(
  kind: Kind,
  part: ImagePart | undefined,
  medium: MediaByKind[Kind] | undefined,
): MediaByKind[Kind] | undefined {
  if (part === undefined || medium === undefined) return medium;
  return mediumOf(kind).partOf?.(medium, part) ?? medium;
}

/** Adds noise to a medium. Returns it unchanged if its kind has no noise. */
export function withNoise<Kind extends MediumKind>(
  kind: Kind,
  medium: MediaByKind[Kind],
  { preset, epsilon, draw }: NoiseStep,
): MediaByKind[Kind] {
  const { noise } = mediumOf(kind);
  return noise === undefined ? medium : noise.apply(medium, preset, epsilon, draw);
}
