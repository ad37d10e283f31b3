import { existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
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

/** @throws ConfigError "config.conflict" for a folder in or around the data that are read */
export function requireApart(out: string, source: string): void {
  const path = lstatSync(source, { throwIfNoEntry: false });
  if (path === undefined) return; // not a path, or one that reading will complain of
  const real = realpathSync(source);
  const data = lstatSync(real).isDirectory() ? real : real.endsWith(".json") ? dirname(real) : real;
  const target = existsSync(out) ? realpathSync(out) : resolve(out);
  if (!isWithin(target, data) && !isWithin(data, target)) return;
  throw new ConfigError("config.conflict", `${out} and the data set ${source} are in one another`, {
    hint: "Write the copy somewhere else.",
  });
}

/**
 * Refuses an output in the folder that the input is read from, or that folder itself: what is written would be
 * read as data the next time, and a write could replace the data. @param source a folder, a description in it
 * (dataset.json), or anything else, which holds no folder
 * @throws ConfigError "config.conflict"
 */
export function requireOutside(out: string, source: string): void {
  if (lstatSync(source, { throwIfNoEntry: false }) === undefined || !existsSync(source)) return;
  const real = realpathSync(source);
  const data = real.endsWith(".json") ? dirname(real) : real;
  if (!lstatSync(data).isDirectory() && realOf(out) !== data) return;
  if (!isWithin(realOf(out), data)) return;
  throw new ConfigError("config.conflict", `the output ${out} is ${source} itself, or lies in its folder`, {
    hint: "Choose an --out outside the folder of the data.",
  });
}

/** The real path of something that need not exist: that of its nearest folder that does, and the rest. */
function realOf(path: string): string {
  const full = resolve(path);
  if (existsSync(full)) return realpathSync(full);
  const parent = dirname(full);
  return parent === full ? full : join(realOf(parent), basename(full));
}

function isWithin(inner: string, outer: string): boolean {
  const way = relative(outer, inner);
  return way === "" || way.split(sep)[0] !== "..";
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
