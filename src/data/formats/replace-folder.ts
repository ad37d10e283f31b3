import { existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { ConfigError } from "../../core/errors.js";
import { SPLIT_NAMES } from "../dataset.js";
import { readSmallText } from "../files/read-small-file.js";
import { writing } from "../files/write-file.js";
import { parseDescription } from "./description.js";

/**
 * Fills a folder as a whole or not at all: `fill` writes into a new folder beside it, which then takes its
 * name.
 * @throws ConfigError "config.conflict" as {@link requireReplaceable}; EuarError "io.write"; what `fill`
 * throws
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
 * Only an empty folder is filled unasked, and only a corrupted copy, with nothing else in it, is replaced
 * when asked: nothing that cannot be made again is lost.
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
      "holds something that is not a corrupted copy of a data set, or more than that",
      "Choose another --out; this one is never replaced.",
    );
  if (!overwrite)
    throw conflict(
      "holds a corrupted copy of a data set",
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
    return false; // whatever it is, it is not ours
  }
}
