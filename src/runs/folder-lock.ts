import { rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../core/errors.js";
import { readSmallText } from "../data/files/read-small-file.js";
import { createFile } from "../data/files/write-file.js";

const FILE = "run.lock";

/**
 * Folders that this process is writing. A lock with this process's id but not in this set was left by an
 * earlier process with the same id.
 */
const heldFolders = new Set<string>();

/**
 * Lock file that keeps a second process from writing the same run folder.
 *
 * It names the process, so that the lock of a killed process can be ignored.
 */
export class FolderLock {
  private constructor(private readonly folder: string) {}

  /**
   * Checks that no other process is writing the folder.
   *
   * @throws ConfigError "config.conflict" if another process is writing it
   */
  static check(folder: string): void {
    const owner = ownerOf(folder);
    if (owner !== undefined && isAlive(folder, owner)) throw taken(folder, owner);
  }

  /**
   * Locks an existing folder.
   *
   * @throws ConfigError "config.conflict" if another process is writing it
   */
  static take(folder: string): FolderLock {
    FolderLock.check(folder);
    rmSync(join(folder, FILE), { force: true });
    if (!createFile(join(folder, FILE), `${process.pid} ${hostname()}\n`))
      throw taken(folder, ownerOf(folder));
    heldFolders.add(folder);
    return new FolderLock(folder);
  }

  release(): void {
    heldFolders.delete(this.folder);
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

/** Returns true if the owner still runs. A process on another machine counts as running. */
function isAlive(folder: string, { pid, host }: Owner): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return heldFolders.has(folder);
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
    hint:
      `Wait until it is done, or choose another --out. If that process is gone, delete ` +
      `${join(folder, FILE)}.`,
  });
}
