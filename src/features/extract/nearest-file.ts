import { readdirSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";

/** Largest number of names that are searched in a folder. */
const MOST_NAMES = 10_000;

/** Finds existing files with a name similar to a missing one. Reads each folder once. */
export class NearestFiles {
  private readonly folders = new Map<string, ReadonlyMap<string, readonly string[]>>();

  constructor(private readonly list: (folder: string) => string[] = namesIn) {}

  /**
   * Finds the file in the same folder with a name that differs only in leading zeros, case, separators or
   * ending, e.g. `1.mp4` and `0001.wav`. Tables lose leading zeros when a program reads ids as numbers.
   * @returns undefined if there is none, or several equally similar ones
   */
  find(path: string): string | undefined {
    const folder = dirname(path);
    const same = this.namesOf(folder).get(keyOf(basename(path))) ?? [];
    const [only, ...others] = same.length > 1 ? same.filter((name) => extname(name) === extname(path)) : same;
    return only === undefined || others.length > 0 ? undefined : join(folder, only);
  }

  /** File names by their normalised form. */
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
    return []; // the folder is missing: the error of the file says so
  }
}

function keyOf(name: string): string {
  const stem = name.slice(0, name.length - extname(name).length);
  return stem
    .toLowerCase()
    .replace(/[\s_\-.]+/g, " ")
    .replace(/(?<!\d)0+(?=\d)/g, "");
}
