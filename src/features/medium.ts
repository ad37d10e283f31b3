import type { NoiseDraw } from "../corruption/image-noise.js";
import type { MediumNames } from "../data/medium-names.js";
import type { Adapter, MediaByKind, MediumKind } from "./adapter.js";
import type { DecodeSettings } from "./decode/decode-settings.js";
import type { MediaFile } from "./decode/media-file.js";
import type { MediaProbe } from "./decode/media-probe.js";
import type { ImagePart } from "./image/image-part.js";

/**
 * Decodes a medium from a file. Returns undefined if the file has no such stream.
 * @throws MediaError
 */
export type Decoder<Source, Media> = (
  source: Source,
  settings: DecodeSettings,
  signal?: AbortSignal,
) => Promise<Media | undefined>;

/** Noise that can be put on a medium before features are made of it. */
export interface MediumNoise<Media> {
  /** Names of the kinds of noise. */
  readonly presets: readonly string[];
  /**
   * Returns a copy of the medium with noise.
   * @param preset one of `presets`
   * @param epsilon noise level, 0 to 10
   */
  readonly apply: (media: Media, preset: string, epsilon: number, draw: NoiseDraw) => Media;
}

/**
 * All that the project knows about one kind of medium. Flags, help, decoders, cache keys, quality and noise
 * follow from it; `registry.ts` lists the kinds.
 */
export interface Medium<Kind extends MediumKind = MediumKind> {
  readonly kind: Kind;
  readonly names: MediumNames;
  /** The first is the default. */
  readonly adapters: readonly Adapter<Kind>[];
  /** Codes of what its measures of quality may find. */
  readonly problems: readonly string[];
  /** Returns true for a decoded medium of this kind. */
  readonly isMedia: (value: unknown) => value is MediaByKind[Kind];
  /** For a medium that may be given as its text; a string is the path of a file otherwise. */
  readonly ofText?: (text: string) => MediaByKind[Kind];
  /** For a medium that comes in files. */
  readonly decoders?: {
    readonly node: Decoder<MediaFile, MediaByKind[Kind]>;
    readonly browser: Decoder<Blob, MediaByKind[Kind]>;
  };
  /** For a stream of clips: what a probe says of it. */
  readonly stream?: (probe: MediaProbe) => { readonly seconds: number | undefined } | undefined;
  /** True for a medium that is read at a number of frames per second. */
  readonly hasFrames?: boolean;
  /** For a medium of which a file may hold two. */
  readonly partOf?: (media: MediaByKind[Kind], part: ImagePart) => MediaByKind[Kind];
  /** Programs that decoding in Node needs. */
  readonly tools: readonly string[];
  readonly noise?: MediumNoise<MediaByKind[Kind]>;
}
