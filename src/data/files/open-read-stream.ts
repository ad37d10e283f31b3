import { createReadStream, type ReadStream } from "node:fs";
import { DataError } from "../../core/errors.js";
import { statsOf } from "../formats/file-source.js";

/**
 * Opens a regular file to be read in pieces.
 * @throws DataError "data.not-found"; "data.format" for a folder, a pipe or a device
 */
export function openReadStream(path: string): ReadStream {
  const stats = statsOf(path);
  if (stats === undefined)
    throw new DataError("data.not-found", `${path} does not exist.`, { hint: "Check the path." });
  if (!stats.isFile())
    throw new DataError("data.format", `${path} is not a regular file.`, {
      hint: "Give the path of a file, or - for standard input.",
    });
  return createReadStream(path);
}
