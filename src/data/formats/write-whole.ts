import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { writeError, writeFile } from "../files/write-file.js";

/**
 * Writes a file completely or not at all. Creates its folder if necessary.
 * @throws EuarError "io.write"
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    writeFile(path, content);
  } catch (cause) {
    throw writeError(path, cause);
  }
}
