import { readFile } from "node:fs/promises";
import { causeText } from "../../core/cause-text.js";
import { MediaError } from "../../core/errors.js";
import { checkFile } from "./check-file.js";

/** Largest size. A transcript of a whole day has a few megabytes. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Reads a transcript.
 * @throws MediaError "media.not-found", "media.unsupported" for a folder, pipe or device, "media.too-large"
 * over 64 MiB
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  const size = await checkFile(path, "a transcript");
  if (size > MAX_BYTES)
    throw new MediaError(
      "media.too-large",
      `${path} has ${size} bytes, more than the ${MAX_BYTES} that a transcript may have`,
      { hint: "Cut it into parts, or check that it is a transcript." },
    );
  try {
    return await readFile(path);
  } catch (cause) {
    throw new MediaError("media.not-found", `${path} cannot be read: ${causeText(cause)}`, {
      hint: "Check the path.",
      cause,
    });
  }
}
