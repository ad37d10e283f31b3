import { MediaError } from "../../core/errors.js";

/** Place of a model's files. */
export type ModelPlace =
  | { readonly kind: "folder"; readonly folder: string }
  /** Model on a hub; `id` is "owner/name". */
  | { readonly kind: "hub"; readonly id: string; readonly revision: string };

/** Reads files of models that a user names: from folders and a hub in Node, from addresses in a browser. */
export interface ModelSource {
  /** Returns the absolute path of a folder. */
  absolute(folder: string): string;
  /**
   * Reads a file.
   * @param path path of the file within the place, with forward slashes
   * @param limit largest size in bytes
   * @returns undefined if the place has no such file
   * @throws MediaError "media.not-found" for a missing or unreachable place, "media.too-large" above the
   * limit
   */
  read(place: ModelPlace, path: string, limit: number): Promise<Uint8Array | undefined>;
  /** Returns the sha-256 in hexadecimal, by the fastest available means. */
  digest(bytes: Uint8Array): Promise<string>;
}

/** Describes a place. */
export function placeName(place: ModelPlace): string {
  return place.kind === "folder" ? place.folder : `${place.id} (${place.revision})`;
}

/** Error for a file above the limit. */
export function tooLarge(place: ModelPlace, path: string, limit: number, bytes?: number): MediaError {
  const size = bytes === undefined ? "more than" : `${bytes} bytes, more than`;
  return new MediaError(
    "media.too-large",
    `${path} of ${placeName(place)} has ${size} the limit of ${limit} bytes`,
    {
      hint: "Use a smaller model, or one with 8-bit or 16-bit weights.",
    },
  );
}
