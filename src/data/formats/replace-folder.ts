import { existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { ConfigError } from "../../core/errors.js";
import { SPLIT_NAMES } from "../dataset.js";
import { readSmallText } from "../files/read-small-file.js";
import { writing } from "../files/write-file.js";
import { parseDescription } from "./description.js";

/**
 * Fills a folder completely or not at all: `fill` writes into a temporary folder, which is then renamed.
 * @throws ConfigError "config.conflict" as {@link requireReplaceable}; EuarError "io.write"; errors of `fill`
 */
export async function replaceFolder(
  out: string,
  overwrite: boolean,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  requireReplaceable(out, overwrite);
  const target = existsSync(out) ? realpathSync(out) : resolve(out);
  const [fresh, old] = [`${target}.${process.pid}.tmp`, `${target}.${process.pid}.old`];
  try {
    writing(out, () => mkdirSync(fresh, { recursive: true }));
    await fill(fresh);
    writing(out, () => {
      if (existsSync(target)) renameSync(target, old);
      try {
        renameSync(fresh, target);
      } catch (error) {
        if (existsSync(old)) renameSync(old, target);
        throw error;
      }
      rmSync(old, { recursive: true, force: true });
    });
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/**
 * Refuses a folder that must not be filled. An empty folder can be filled. With `overwrite`, a folder that
 * contains only a corrupted copy can be replaced. So only data that can be made again are lost.
 * @throws ConfigError "config.conflict"
 */
export function requireReplaceable(out: string, overwrite: boolean): void {
  if (lstatSync(out, { throwIfNoEntry: false }) === undefined) return;
  const conflict = (problem: string, hint: string): ConfigError =>
    new ConfigError("config.conflict", `${out} ${problem}`, { hint });
  if (!existsSync(out) || !lstatSync(realpathSync(out)).isDirectory())
    throw conflict("is not a folder", "Choose another --out.");
  const entries = readdirSync(out);
  if (entries.length === 0) return;
  if (!isCorruptedCopy(out, entries))
    throw conflict(
      "contains other files than those of a corrupted copy of a data set",
      "Choose another --out; this one is never replaced.",
    );
  if (!overwrite)
    throw conflict(
      "contains a corrupted copy of a data set",
      "Choose another --out, or replace it with --overwrite.",
    );
}

function isCorruptedCopy(folder: string, entries: readonly string[]): boolean {
  const own: readonly string[] = ["dataset.json", ...SPLIT_NAMES];
  if (!entries.includes("dataset.json") || !entries.every((entry) => own.includes(entry))) return false;
  try {
    const file = join(folder, "dataset.json");
    return (parseDescription(readSmallText(file), file).corruption ?? []).length > 0;
  } catch {
    return false; // not readable as a corrupted copy
  }
}
