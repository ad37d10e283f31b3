import { readdirSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";

/** Names of a folder that are looked through. */
const MOST_NAMES = 10_000;

/**
 * The file of the same folder whose name differs from a missing one's only in leading zeros, case, signs
 * between its parts or its ending: `1.mp4` and `0001.wav`. Tables lose leading zeros when a program takes ids
 * for numbers. Undefined where there is none, or several that are equally near.
 */
export function nearestFile(path: string): string | undefined {
  const folder = dirname(path);
  let names: string[];
  try {
    names = readdirSync(folder).slice(0, MOST_NAMES);
  } catch {
    return undefined; // the folder is missing, which the error says
  }
  const key = keyOf(basename(path));
  const same = names.filter((name) => keyOf(name) === key);
  const [only, ...others] = same.length > 1 ? same.filter((name) => extname(name) === extname(path)) : same;
  return only === undefined || others.length > 0 ? undefined : join(folder, only);
}

function keyOf(name: string): string {
  const stem = name.slice(0, name.length - extname(name).length);
  return stem
    .toLowerCase()
    .replace(/[\s_\-.]+/g, " ")
    .replace(/(?<!\d)0+(?=\d)/g, "");
}
