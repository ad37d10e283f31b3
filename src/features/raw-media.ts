import type { AdapterEnvironment, MediaByKind, MediumKind } from "./adapter.js";
import type { DecodeSettings } from "./decode/decode-settings.js";
import { MediaFile } from "./decode/media-file.js";
import type { AudioMedia, ImageMedia, TextMedia, VideoMedia } from "./media.js";

/** Medium that is not yet decoded: a path or file in Node, a Blob in a browser. */
export type EncodedMedium = string | Blob | MediaFile;

/** Medium, decoded or not. A text may be a string. */
export type RawMedium = MediaByKind[MediumKind] | EncodedMedium;

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

/** Services that scoring raw media needs of its host. */
export interface MediaEnvironment extends AdapterEnvironment {
  /**
   * Decodes a medium; returns undefined if the file has no such stream. Without it, media must be decoded.
   */
  readonly decode?:
    | (<Kind extends MediumKind>(
        kind: Kind,
        source: EncodedMedium,
        settings: DecodeSettings,
        signal?: AbortSignal,
      ) => Promise<MediaByKind[Kind] | undefined>)
    | undefined;
}

export function isEncoded(medium: unknown): medium is EncodedMedium {
  return (
    typeof medium === "string" ||
    medium instanceof MediaFile ||
    (typeof Blob !== "undefined" && medium instanceof Blob)
  );
}
