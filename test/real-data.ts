import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** Where research data live that may not be copied into the repository. Set EUAR_DATA to look elsewhere. */
const folder = resolve(process.env["EUAR_DATA"] ?? join(import.meta.dirname, "..", "..", "shared", "data"));

/** Absolute path of a real data file or folder; it need not exist. */
export function realData(relative: string): string {
  return join(folder, relative);
}

/** For `describe.skipIf`: says so once, clearly, when a real data file is absent. */
export function isAbsent(relative: string): boolean {
  const path = realData(relative);
  if (existsSync(path)) return false;
  console.warn(
    `Skipped: ${path} is absent; set EUAR_DATA to the folder of the real data to run these tests.`,
  );
  return true;
}
