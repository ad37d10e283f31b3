import { readdirSync, statSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigError, DataError } from "../../core/errors.js";
import { realPlace } from "../../data/files/output-place.js";
import { transcriptEndings } from "../../features/align/transcript-endings.js";

/** File that has arrived completely. */
export interface ArrivedFile {
  readonly path: string;
  readonly name: string;
  /** Changes when the file is rewritten. */
  readonly version: string;
}

/** File extensions of clips and pictures. Other files (transcripts, unfinished downloads) are ignored. */
const ENDINGS: ReadonlySet<string> = new Set([
  ...[".mp4", ".mkv", ".webm", ".mov", ".avi", ".m4v", ".mpg", ".mpeg", ".flv", ".ts", ".3gp"],
  ...[".wav", ".flac", ".mp3", ".m4a", ".ogg", ".opus", ".aac"],
  ...[".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff", ".avif"],
]);

/**
 * Yields the clips and pictures in a folder, and those that arrive later, oldest first. A rewritten file is
 * yielded again. A file has arrived when its size and time did not change between two scans. Scans the folder
 * repeatedly, because network folders do not send file system events.
 * @param isDone returns true if a file was scored before
 * @param interval seconds between scans
 * @throws DataError "data.not-found" if the folder cannot be listed at the start; later it may disappear and
 * return
 */
export async function* watchFolder(
  folder: string,
  interval: number,
  isDone: (file: ArrivedFile) => boolean,
  signal: AbortSignal,
): AsyncGenerator<ArrivedFile> {
  let before = new Map<string, string>();
  const given = new Set<string>();
  requireFolder(folder);
  while (!signal.aborted) {
    const now = versionsIn(folder);
    for (const [name, version] of now) {
      const file = { path: join(folder, name), name, version };
      const key = `${name}\0${version}`;
      if (before.get(name) !== version || given.has(key)) continue;
      given.add(key);
      if (!isDone(file)) yield file;
    }
    before = now;
    await sleep(interval * 1000, undefined, { signal }).catch(() => undefined);
  }
}

/**
 * Refuses a results file that would be read as input: a file in the folder with the extension of a clip, a
 * picture or a transcript.
 * @throws ConfigError "config.conflict"
 */
export function requireNoInput(out: string, folder: string): void {
  const ending = extname(out).toLowerCase();
  const isRead = ENDINGS.has(ending) || transcriptEndings.some((known) => known.toLowerCase() === ending);
  if (!isRead || realPlace(dirname(out)) !== realPlace(folder)) return;
  throw new ConfigError(
    "config.conflict",
    `euar predict: --out ${out} lies in the folder that is watched, where a file ending in ${ending} is ` +
      "input",
    { hint: "Let its name end in .jsonl, or write it to another folder." },
  );
}

function requireFolder(folder: string): void {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (!stats?.isDirectory())
    throw new DataError("data.not-found", `${folder} is not a folder that can be watched`, {
      hint: "Check the path given to --watch.",
    });
}

/** Returns the size and time of each file, by name. Both identify a version of the file. */
function versionsIn(folder: string): Map<string, string> {
  const versions = new Map<string, string>();
  for (const name of namesIn(folder)) {
    if (name.startsWith(".") || !ENDINGS.has(extname(name).toLowerCase())) continue;
    const stats = statSync(join(folder, name), { throwIfNoEntry: false });
    if (stats?.isFile() === true) versions.set(name, `${stats.size}:${Math.round(stats.mtimeMs)}`);
  }
  return versions;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
