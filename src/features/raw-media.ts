import type { AdapterEnvironment, MediaByKind, MediumKind } from "./adapter.js";
import type { DecodeSettings } from "./decode/decode-settings.js";
import { MediaFile } from "./decode/media-file.js";
import type { AudioMedia, ImageMedia, TextMedia, VideoMedia } from "./media.js";

/** A medium that has still to be decoded: a path or file in Node, a Blob in a browser. */
export type EncodedMedium = string | Blob | MediaFile;

/** A medium, decoded or not; a text may be a string. */
export type RawMedium = MediaByKind[MediumKind] | EncodedMedium;

/**
 * One sample as people have it, by kind of medium or by name of modality (`{ rgb: "a.png", depth: "b.png" }`).
 * Each medium may be left out, null or undefined: then it is missing. Sound and picture of one clip are the
 * same path or Blob given twice.
 */
export interface RawMedia {
  /** The text itself, or with the times of its words. */
  readonly text?: string | TextMedia | null | undefined;
  readonly audio?: AudioMedia | EncodedMedium | null | undefined;
  readonly video?: VideoMedia | EncodedMedium | null | undefined;
  readonly image?: ImageMedia | EncodedMedium | null | undefined;
  readonly [modality: string]: RawMedium | null | undefined;
}

/** What scoring raw media needs of where it runs. */
export interface MediaEnvironment extends AdapterEnvironment {
  /** Decodes; undefined where the file has no such stream. Left out: media must come decoded. */
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
