import { MediaError } from "../../core/errors.js";

/** Where the files of a model lie. */
export type ModelPlace =
  | { readonly kind: "folder"; readonly folder: string }
  /** On a model hub: `id` is "owner/name". */
  | { readonly kind: "hub"; readonly id: string; readonly revision: string };

/**
 * Reads the files of models that a user names: from folders and a hub in Node, from addresses in a browser.
 */
export interface ModelSource {
  /** A folder as it can be found from anywhere on this machine. */
  absolute(folder: string): string;
  /**
   * @param path of the file in the place, with forward slashes
   * @param limit bytes that the file may have
   * @returns undefined if the place has no such file
   * @throws MediaError "media.not-found" for a place that is not there or cannot be reached,
   * "media.too-large" above the limit
   */
  read(place: ModelPlace, path: string, limit: number): Promise<Uint8Array | undefined>;
  /** sha-256 in hexadecimal, as fast as it can be had here. */
  digest(bytes: Uint8Array): Promise<string>;
}

/** A place in words. */
export function placeName(place: ModelPlace): string {
  return place.kind === "folder" ? place.folder : `${place.id} (${place.revision})`;
}

/** What is said of a file above the limit. */
export function tooLarge(place: ModelPlace, path: string, limit: number, bytes?: number): MediaError {
  const size = bytes === undefined ? "more than" : `${bytes} bytes, more than`;
  return new MediaError(
    "media.too-large",
    `${path} of ${placeName(place)} has ${size} the ${limit} bytes that are read`,
    {
      hint: "Use a smaller model, or one with 8-bit or 16-bit weights.",
    },
  );
}
