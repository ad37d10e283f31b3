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
 * Reads a small file as a whole: the one way to read anything that is not read in pieces. A pipe, a device or
 * a folder is refused before it is opened, and a file above the limit before anything of it is read.
 * @throws DataError "data.not-found"; "data.format" for what is not a regular file, or too large;
 * "data.truncated" for a file that becomes shorter meanwhile
 */
export function readSmallFile(path: string, { limit = SMALL_FILE }: SmallFileOptions = {}): Uint8Array {
  return withFileSource(path, (source) => {
    if (source.size > limit)
      throw new DataError(
        "data.format",
        `${path} has ${source.size} bytes, more than the ${limit} that are read of such a file.`,
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
