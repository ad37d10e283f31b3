import { readFile } from "node:fs/promises";
import { MediaError } from "../../core/errors.js";

/** The bytes of a small file. @throws MediaError "media.not-found" */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new MediaError("media.not-found", `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { hint: "Check the path.", cause });
  }
}
