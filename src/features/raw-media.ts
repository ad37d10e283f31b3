import type { AdapterEnvironment, MediaByKind, MediumKind } from "./adapter.js";
import type { EncodedFile } from "./decode/encoded-file.js";
import { MediaFile } from "./decode/media-file.js";
import type { AudioMedia, ImageMedia, TextMedia, VideoMedia } from "./media.js";
import type { Problem } from "./quality.js";
import type { media } from "./registry.js";

/** Medium that is not yet decoded: a path or file in Node, a Blob in a browser. */
export type EncodedMedium = string | Blob | MediaFile;

/** Medium, decoded or not. A text may be a string. */
export type RawMedium = MediaByKind[keyof typeof media] | EncodedMedium;

/**
 * Media of one sample, by kind of medium or by name of modality (`{ rgb: "a.png", depth: "b.png" }`). A
 * medium that is absent, null or undefined is missing. For sound and picture of one clip, give the same path
 * or Blob twice.
 */
export interface RawMedia {
  /** Text, or text with the times of its words. */
  readonly text?: string | TextMedia | null | undefined;
  readonly audio?: AudioMedia | EncodedMedium | null | undefined;
  readonly video?: VideoMedia | EncodedMedium | null | undefined;
  readonly image?: ImageMedia | EncodedMedium | null | undefined;
  readonly [modality: string]: RawMedium | null | undefined;
}

/**
 * Compares a text with the speech of a sound. Returns the problem if they do not fit, undefined if they fit
 * or cannot be compared.
 * @throws MediaError "media.missing-tool"
 */
export type TranscriptCheck = (
  sound: AudioMedia | EncodedMedium,
  text: string,
  signal?: AbortSignal,
) => Promise<Problem | undefined>;

/** Services that scoring raw media needs of its host. */
export interface MediaEnvironment extends AdapterEnvironment {
  /**
   * Opens an encoded medium, whose kind then decodes it. Without this function, media must be decoded.
   * @throws MediaError "media.unsupported" for a source that this platform cannot open
   */
  readonly open?: ((source: EncodedMedium, kind: MediumKind) => EncodedFile) | undefined;
  /** Compares transcripts with speech. Without this function, `checkTranscript` is refused. */
  readonly checkTranscript?: TranscriptCheck | undefined;
}

export function isEncoded(medium: unknown): medium is EncodedMedium {
  return (
    typeof medium === "string" ||
    medium instanceof MediaFile ||
    (typeof Blob !== "undefined" && medium instanceof Blob)
  );
}
