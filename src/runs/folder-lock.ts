import { rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../core/errors.js";
import { readSmallText } from "../data/files/read-small-file.js";
import { createFile } from "../data/files/write-file.js";

const FILE = "run.lock";

/**
 * Folders that this process is writing. A lock with our number that is not here was left by an earlier
 * process of that number.
 */
const held = new Set<string>();

/**
 * Keeps a second process from writing the same run folder. The lock names its process, so that one left by a
 * process that was killed is seen through; it does not name what is done, for it is gone when that is done.
 */
export class FolderLock {
  private constructor(private readonly folder: string) {}

  /** @throws ConfigError "config.conflict" while somebody else is writing the folder */
  static check(folder: string): void {
    const owner = ownerOf(folder);
    if (owner !== undefined && isAlive(folder, owner)) throw taken(folder, owner);
  }

  /**
   * Takes the lock of a folder that exists. @throws ConfigError "config.conflict" while somebody else is
   * writing it
   */
  static take(folder: string): FolderLock {
    FolderLock.check(folder);
    rmSync(join(folder, FILE), { force: true });
    if (!createFile(join(folder, FILE), `${process.pid} ${hostname()}\n`))
      throw taken(folder, ownerOf(folder));
    held.add(folder);
    return new FolderLock(folder);
  }

  release(): void {
    held.delete(this.folder);
    rmSync(join(this.folder, FILE), { force: true });
  }
}

interface Owner {
  readonly pid: number;
  readonly host: string;
}

function ownerOf(folder: string): Owner | undefined {
  try {
    const [pid = "", host = ""] = readSmallText(join(folder, FILE)).trim().split(" ");
    return /^\d{1,10}$/.test(pid) ? { pid: Number(pid), host } : undefined;
  } catch {
    return undefined; // no lock
  }
}

/** Of a process on another machine nothing can be known: it counts as alive. */
function isAlive(folder: string, { pid, host }: Owner): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return held.has(folder);
  try {
    process.kill(pid, 0); // sends nothing
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function taken(folder: string, owner: Owner | undefined): ConfigError {
  const who =
    owner === undefined
      ? "another process"
      : owner.host === hostname()
        ? `process ${owner.pid}`
        : `process ${owner.pid} on ${owner.host}`;
  return new ConfigError("config.conflict", `${folder} is being written by ${who}`, {
    hint: `Wait until it is done, or choose another --out. If that process is gone, delete ${join(folder, FILE)}.`,
  });
}
