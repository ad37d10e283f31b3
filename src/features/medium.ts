import type { DamageKinds } from "../corruption/damage-medium.js";
import type { NoiseDraw } from "../corruption/image-noise.js";
import type { Adapter, MediaByKind, MediumKind } from "./adapter.js";
import type { DecodeSettings } from "./decode/decode-settings.js";
import type { EncodedFile } from "./decode/encoded-file.js";
import type { MediaProbe } from "./decode/media-probe.js";
import type { ImagePart } from "./image/image-part.js";

/** Noise on a medium before features are extracted. */
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
 * Descriptor of one kind of medium. Flags, help, decoders, cache keys, quality and noise follow from it.
 * `registry.ts` lists the kinds.
 */
export interface Medium<Kind extends MediumKind = MediumKind> {
  readonly kind: Kind;
  /** Usual name of its modality in data sets. */
  readonly modality: string;
  /** Adapters of this package. The first is the default. */
  readonly adapters: readonly Adapter<Kind>[];
  /** Codes of the problems that its quality measures may find. */
  readonly problems: readonly string[];
  /** Returns true for a decoded medium of this kind. */
  readonly isMedia: (value: unknown) => value is MediaByKind[Kind];
  /**
   * Converts a string to the medium, if users may give it as text. Without it, a string is the path of a
   * file.
   */
  readonly ofText?: (text: string) => MediaByKind[Kind];
  /**
   * Decodes the medium from a file, on every platform. For a medium that comes in files.
   * @returns undefined if the file has no such stream
   * @throws MediaError
   */
  readonly decode?: (
    file: EncodedFile,
    settings: DecodeSettings,
    signal?: AbortSignal,
  ) => Promise<MediaByKind[Kind] | undefined>;
  /** Selects the medium's stream in a probed clip, for streams of clips. */
  readonly stream?: (probe: MediaProbe) => { readonly seconds: number | undefined } | undefined;
  /** True for a medium that is read at some number of frames per second. */
  readonly hasFrames?: boolean;
  /** Returns a part of the medium, for files that may hold two. */
  readonly partOf?: (media: MediaByKind[Kind], part: ImagePart) => MediaByKind[Kind];
  /** Programs that its decoder in Node needs. */
  readonly tools: readonly string[];
  readonly noise?: MediumNoise<MediaByKind[Kind]>;
  /** Kinds of corruption of a decoded medium, by name. */
  readonly damages: DamageKinds<MediaByKind[Kind]>;
  /** Length in seconds, for a medium that has one. Undefined if it is not known. */
  readonly secondsOf?: (media: MediaByKind[Kind]) => number | undefined;
}
