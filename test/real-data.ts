import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * Folder of the research data, which must not be copied into the repository. Set EUAR_DATA to use another
 * folder.
 */
const folder = resolve(process.env["EUAR_DATA"] ?? join(import.meta.dirname, "..", "..", "shared", "data"));

/** Returns the absolute path of a real data file or folder. It need not exist. */
export function realData(relative: string): string {
  return join(folder, relative);
}

/** Tells whether a real data file is missing, for `describe.skipIf`. Prints a message if it is. */
export function isAbsent(relative: string): boolean {
  const path = realData(relative);
  if (existsSync(path)) return false;
  console.warn(
    `Skipped: ${path} is absent; set EUAR_DATA to the folder of the real data to run these tests.`,
  );
  return true;
}
