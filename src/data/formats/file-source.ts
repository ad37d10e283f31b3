import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { DataError } from "../../core/errors.js";
import { type ByteSource, checkRange, headOf } from "./byte-source.js";

/** {@link ByteSource} of an open file. */
export interface FileSource extends ByteSource {
  close(): void;
}

/**
 * Opens a file for random access.
 * @throws DataError "data.not-found" if it cannot be opened, "data.format" if it is not a regular file
 */
export function openFileSource(path: string): FileSource {
  const handle = openOrExplain(path);
  const stats = fstatSync(handle);
  if (!stats.isFile()) {
    closeSync(handle);
    throw notRegular(path);
  }
  const size = stats.size;
  return {
    name: path,
    size,
    read(offset, length) {
      checkRange(path, size, offset, length);
      const bytes = new Uint8Array(length);
      readFully(handle, path, offset, bytes);
      return bytes;
    },
    readInto(offset, into) {
      checkRange(path, size, offset, into.length);
      readFully(handle, path, offset, into);
    },
    close() {
      closeSync(handle);
    },
  };
}

/**
 * Reads the first bytes of a file, by which its format is recognised.
 * @throws DataError as {@link openFileSource}
 */
export function readHead(path: string): Uint8Array {
  return withFileSource(path, headOf);
}

function notRegular(path: string): DataError {
  return new DataError("data.format", `${path} is not a regular file.`, {
    hint: "Give the path of a data file.",
  });
}

/** Opens a file, calls `use` and always closes the file. */
export function withFileSource<Result>(path: string, use: (source: ByteSource) => Result): Result {
  const source = openFileSource(path);
  try {
    return use(source);
  } finally {
    source.close();
  }
}

function openOrExplain(path: string): number {
  // Checked before opening, because opening a named pipe waits for a writer. Opens without waiting, in case
  // the file becomes a pipe after the check.
  if (statsOf(path)?.isFile() === false) throw notRegular(path);
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw cannotOpen(path, cause);
  }
}

/**
 * Looks up a path and follows links. Returns undefined if nothing is there.
 * @throws DataError "data.not-found" for a path that cannot be looked up: too long, with a zero byte, in a
 * loop of links, or in a folder that may not be read
 */
export function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw cannotOpen(path, cause);
  }
}

function cannotOpen(path: string, cause: unknown): DataError {
  const reason = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown reason";
  const missing = reason === "ENOENT" || reason === "ENOTDIR";
  return new DataError(
    "data.not-found",
    missing ? `${path} does not exist.` : `${shownPath(path)} cannot be opened for reading (${reason}).`,
    {
      hint: missing ? "Check the path." : "Check the path, its length and the permissions.",
      cause,
    },
  );
}

/** Returns a path for a message: without control characters, at most a few lines long. */
function shownPath(path: string): string {
  const plain = /[\0-\x1f]/.test(path) ? JSON.stringify(path) : path;
  return plain.length <= 300 ? plain : `${plain.slice(0, 300)}... (${path.length} characters)`;
}

function readFully(handle: number, path: string, offset: number, bytes: Uint8Array): void {
  const { length } = bytes;
  let done = 0;
  while (done < length) {
    const count = readSync(handle, bytes, done, Math.min(length - done, 1 << 28), offset + done);
    if (count === 0) {
      throw new DataError(
        "data.truncated",
        `${path}: ${length} bytes were expected at byte ${offset}, but only ${done} were read.`,
        {
          hint: "The file became shorter while it was read: try again when no program writes to it.",
        },
      );
    }
    done += count;
  }
}
