import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { EuarError } from "../../core/errors.js";

/**
 * Writes a text file as a whole or not at all; its folder is made where there is none. @throws EuarError
 * "io.write"
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, text);
  } catch (cause) {
    throw new EuarError(
      "io.write",
      `${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      { hint: "Check the permissions and the space left.", cause },
    );
  }
}
