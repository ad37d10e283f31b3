import { existsSync, lstatSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { ConfigError } from "../../core/errors.js";

/**
 * Refuses an output folder that contains the input data, or that lies in their folder.
 * @throws ConfigError "config.conflict"
 */
export function requireApart(out: string, source: string): void {
  const path = lstatSync(source, { throwIfNoEntry: false });
  if (path === undefined) return; // not a path, or a path that the reader will refuse
  const real = realpathSync(source);
  const data = lstatSync(real).isDirectory() ? real : real.endsWith(".json") ? dirname(real) : real;
  const target = existsSync(out) ? realpathSync(out) : resolve(out);
  if (!isWithin(target, data) && !isWithin(data, target)) return;
  throw new ConfigError("config.conflict", `one of ${out} and the data set ${source} contains the other`, {
    hint: "Choose another folder for the copy.",
  });
}

/**
 * Refuses an output in the input's folder, or that folder itself. The output could replace data, and would be
 * read as data the next time.
 * @param source a folder, or a description in it (dataset.json). Anything else is accepted.
 * @throws ConfigError "config.conflict"
 */
export function requireOutside(out: string, source: string): void {
  if (lstatSync(source, { throwIfNoEntry: false }) === undefined || !existsSync(source)) return;
  const real = realpathSync(source);
  const data = real.endsWith(".json") ? dirname(real) : real;
  if (!lstatSync(data).isDirectory() && realPlace(out) !== data) return;
  if (!isWithin(realPlace(out), data)) return;
  throw new ConfigError("config.conflict", `the output ${out} is ${source} itself, or lies in its folder`, {
    hint: "Choose an --out outside the folder of the data.",
  });
}

/**
 * Returns the real path of a file that may not exist: the real path of its nearest existing folder, and the
 * rest.
 */
export function realPlace(path: string): string {
  const full = resolve(path);
  if (existsSync(full)) return realpathSync(full);
  const parent = dirname(full);
  return parent === full ? full : join(realPlace(parent), basename(full));
}

function isWithin(inner: string, outer: string): boolean {
  const way = relative(outer, inner);
  return way === "" || way.split(sep)[0] !== "..";
}
