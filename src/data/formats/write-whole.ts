import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { writeError, writeFile } from "../files/write-file.js";

/**
 * Writes a file as a whole or not at all, and makes its folder where there is none.
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
