import { readdirSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";

/** Names of a folder that are looked through. */
const MOST_NAMES = 10_000;

/** Finds files whose names are near to those of missing ones. Reads each folder once. */
export class NearestFiles {
  private readonly folders = new Map<string, ReadonlyMap<string, readonly string[]>>();

  constructor(private readonly list: (folder: string) => string[] = namesIn) {}

  /**
   * Finds the file of the same folder whose name differs from a missing one's only in leading zeros, case,
   * signs between its parts or its ending: `1.mp4` and `0001.wav`. Tables lose leading zeros when a program
   * takes ids for numbers.
   * @returns undefined where there is none, or several that are equally near
   */
  find(path: string): string | undefined {
    const folder = dirname(path);
    const same = this.namesOf(folder).get(keyOf(basename(path))) ?? [];
    const [only, ...others] = same.length > 1 ? same.filter((name) => extname(name) === extname(path)) : same;
    return only === undefined || others.length > 0 ? undefined : join(folder, only);
  }

  /** Names by their keys. */
  private namesOf(folder: string): ReadonlyMap<string, readonly string[]> {
    const known = this.folders.get(folder);
    if (known !== undefined) return known;
    const names = new Map<string, string[]>();
    for (const name of this.list(folder)) {
      const same = names.get(keyOf(name));
      if (same === undefined) names.set(keyOf(name), [name]);
      else same.push(name);
    }
    this.folders.set(folder, names);
    return names;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).slice(0, MOST_NAMES);
  } catch {
    return []; // the folder is missing, which the error says
  }
}

function keyOf(name: string): string {
  const stem = name.slice(0, name.length - extname(name).length);
  return stem
    .toLowerCase()
    .replace(/[\s_\-.]+/g, " ")
    .replace(/(?<!\d)0+(?=\d)/g, "");
}
