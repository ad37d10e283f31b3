import { readdirSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DataError } from "../../core/errors.js";

/** A file that has arrived as a whole. */
export interface ArrivedFile {
  readonly path: string;
  readonly name: string;
  /** Differs when the file was written anew. */
  readonly version: string;
}

/** Names of clips and pictures; others (transcripts, unfinished downloads) are left alone. */
const ENDINGS: ReadonlySet<string> = new Set([
  ...[".mp4", ".mkv", ".webm", ".mov", ".avi", ".m4v", ".mpg", ".mpeg", ".flv", ".ts", ".3gp"],
  ...[".wav", ".flac", ".mp3", ".m4a", ".ogg", ".opus", ".aac"],
  ...[".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff", ".avif"],
]);

/**
 * Clips and pictures of a folder, those that are there and those that arrive, oldest name first; a file that
 * is written anew arrives again. A file has arrived when its size and time stayed the same for one look. By
 * looking rather than by events of the file system, which network folders do not send.
 * @param isDone whether a file was scored before
 * @param interval seconds between looks
 * @throws DataError "data.not-found" for a folder that cannot be listed at the start; later it may go and
 * come back
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

function requireFolder(folder: string): void {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (!stats?.isDirectory())
    throw new DataError("data.not-found", `${folder} is not a folder that can be watched`, {
      hint: "Check the path given to --watch.",
    });
}

/** What changes when a file changes, by name. */
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
