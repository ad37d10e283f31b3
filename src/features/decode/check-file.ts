import { stat } from "node:fs/promises";
import { MediaError } from "../../core/errors.js";

/**
 * Checks that a path is a regular file. A folder has no bytes, and a pipe or device may never end. Reads
 * nothing.
 * @param use for messages, e.g. "a clip"
 * @returns its size in bytes
 * @throws MediaError "media.not-found"; "media.unsupported" for a folder, pipe or device
 */
export async function checkFile(path: string, use: string): Promise<number> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new MediaError("media.not-found", `the file ${path} does not exist or cannot be read`, {
      hint: "Check the path and its permissions.",
      cause,
    });
  });
  if (found.isFile()) return found.size;
  const kind = found.isDirectory() ? "a folder" : "a pipe or device";
  throw new MediaError(
    "media.unsupported",
    `${path} is ${kind}, not a file, so it cannot be read as ${use}`,
    {
      hint: found.isDirectory() ? "Give the path of one file in it." : "Save its output as a file first.",
    },
  );
}
