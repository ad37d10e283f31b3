import { DataError } from "../../core/errors.js";
import { withFileSource } from "../formats/file-source.js";
import { requireUnicode } from "../formats/text-encoding.js";

/** Bytes of the largest configuration, recipe, protocol, description or stored result. */
export const SMALL_FILE = 64 * 1024 * 1024;

export interface SmallFileOptions {
  /** Largest number of bytes that is read. Default {@link SMALL_FILE}. */
  readonly limit?: number;
}

/**
 * Reads a small file completely. All files that are not read in pieces are read by this function. Refuses a
 * pipe, a device or a folder before opening it, and a file above the limit before reading it.
 * @throws DataError "data.not-found"; "data.format" for a file that is too large or not regular;
 * "data.truncated" for a file that becomes shorter during the reading
 */
export function readSmallFile(path: string, { limit = SMALL_FILE }: SmallFileOptions = {}): Uint8Array {
  return withFileSource(path, (source) => {
    if (source.size > limit)
      throw new DataError(
        "data.format",
        `${path} has ${source.size} bytes, but at most ${limit} bytes of such a file are read.`,
        { hint: "Check that it is the right file." },
      );
    return source.read(0, source.size);
  });
}

/**
 * Reads a small text file, without its byte order mark.
 *
 * @throws DataError as {@link readSmallFile}
 */
export function readSmallText(path: string, options?: SmallFileOptions): string {
  return requireUnicode(readSmallFile(path, options), path);
}
