import { fstatSync, writeFileSync } from "node:fs";
import { Writable } from "node:stream";

/**
 * Returns a stream that writes to an open regular file. Undefined for pipes, terminals and closed handles.
 * The stream fails if a piece cannot be written completely. Node's own file stream drops the rest of a short
 * write, so the file would be truncated without an error.
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
