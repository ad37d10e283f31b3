import { fstatSync, writeFileSync } from "node:fs";
import { Writable } from "node:stream";

/**
 * Returns a stream into an open regular file that fails where not all of a piece can be written; undefined
 * for pipes, terminals and closed handles. Node's own stream for files drops the rest of a short write, and
 * the result would be cut without a word.
 */
export function fileStream(handle: number): Writable | undefined {
  if (!isFile(handle)) return undefined;
  return new Writable({
    decodeStrings: false,
    write(piece: string | Uint8Array, _encoding, done) {
      try {
        writeFileSync(handle, piece);
        done();
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
}

function isFile(handle: number): boolean {
  try {
    return fstatSync(handle).isFile();
  } catch {
    return false; // closed
  }
}
