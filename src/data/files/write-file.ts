import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { threadId } from "node:worker_threads";
import { causeText } from "../../core/cause-text.js";
import { EuarError } from "../../core/errors.js";

/**
 * Writes a file completely or not at all. Writes the content to a temporary file in the same folder, syncs it
 * to the disk, checks its size and then renames it. After a failure, an existing file is unchanged. Follows a
 * symbolic link, and keeps the permissions and the owner of the file that it replaces.
 *
 * @param path in a folder that exists
 * @param content a text, bytes, or pieces of bytes in their order
 * @throws EuarError "io.write" naming the file, for example on a full disk or beyond a limit of file sizes
 */
export function writeFile(path: string, content: string | Uint8Array | readonly Uint8Array[]): void {
  writing(path, () => {
    const target = existsSync(path) ? realpathSync(path) : path;
    const temporary = temporaryName(target);
    try {
      fill(temporary, content, target);
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    syncFolder(dirname(target));
  });
}

/**
 * Copies a file completely or not at all, as {@link writeFile}.
 *
 * @throws EuarError "io.write" naming the copy
 */
export function copyFileWhole(source: string, path: string): void {
  writing(path, () => {
    const temporary = temporaryName(path);
    try {
      copyFileSync(source, temporary);
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    syncFolder(dirname(path));
  });
}

/**
 * Writes a file that is removed before the process ends. Does not wait for the disk.
 *
 * @throws EuarError "io.write" naming the file
 */
export function writeScratchFile(path: string, content: string | Uint8Array): void {
  writing(path, () => {
    writeFileSync(path, content);
  });
}

/**
 * Appends text to a file. After a failure, the file is unchanged.
 * @throws EuarError "io.write" naming the file
 */
export function appendToFile(path: string, text: string): void {
  writing(path, () => {
    const before = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    try {
      appendFileSync(path, text);
    } catch (error) {
      if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) truncateSync(path, before);
      throw error;
    }
  });
}

/**
 * Creates a small file that must not exist yet.
 * @returns false if a file of that name exists
 * @throws EuarError "io.write" naming the file
 */
export function createFile(path: string, text: string): boolean {
  return writing(path, () => {
    try {
      writeFileSync(path, text, { flag: "wx" });
      return true;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
      throw error;
    }
  });
}

/**
 * Runs a function that writes `path`.
 * @throws EuarError "io.write" for every error of the file system; an EuarError is thrown unchanged
 */
export function writing<Result>(path: string, act: () => Result): Result {
  try {
    return act();
  } catch (cause) {
    throw writeError(path, cause);
  }
}

/** Returns the error "io.write" of a file that cannot be written. Returns an EuarError unchanged. */
export function writeError(path: string, cause: unknown): EuarError {
  if (cause instanceof EuarError) return cause;
  return new EuarError("io.write", `${path} cannot be written: ${causeText(cause)}`, {
    hint: "Check the path, its permissions, the space left on the disk and `ulimit -f`.",
    cause,
  });
}

/**
 * Returns true if `name` is the temporary file of a process that was killed while it wrote the file `of`.
 * Both are names without folder.
 */
export function isUnfinished(name: string, of: string): boolean {
  return name.startsWith(`${of}.`) && /^\d+(-\d+-\d+\.tmp)?$/.test(name.slice(of.length + 1));
}

/** Largest number of bytes per system call. A call accepts less than 2 GiB. */
const LARGEST_PIECE = 2 ** 30;

let written = 0;

/** Returns a name that no other process or thread writes to. */
function temporaryName(path: string): string {
  written += 1;
  return `${path}.${process.pid}-${threadId}-${written}.tmp`;
}

function fill(path: string, content: string | Uint8Array | readonly Uint8Array[], replaced: string): void {
  const handle = openSync(path, "wx");
  try {
    const whole = typeof content === "string" ? Buffer.from(content) : content;
    let expected = 0;
    for (const bytes of whole instanceof Uint8Array ? [whole] : whole) {
      for (let done = 0; done < bytes.length;)
        done += writeSync(handle, bytes, done, Math.min(bytes.length - done, LARGEST_PIECE));
      expected += bytes.length;
    }
    const { size } = fstatSync(handle);
    if (size !== expected) throw new Error(`${size} of ${expected} bytes arrived`);
    keepOwner(handle, replaced);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function keepOwner(handle: number, replaced: string): void {
  const found = statSync(replaced, { throwIfNoEntry: false });
  if (found === undefined) return;
  fchmodSync(handle, found.mode & 0o7777);
  try {
    fchownSync(handle, found.uid, found.gid);
  } catch {
    // only the superuser may change the owner
  }
}

/** Syncs the folder, so that the new name survives a crash. Some file systems cannot sync a folder. */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, "r");
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // the file itself is synced
  }
}
