import { DataError } from "../../core/errors.js";
import type { ByteSource } from "./byte-source.js";

/** Bytes of memory that every file may take. */
const FREE = 2 ** 26;
/** Further bytes of memory per byte of the file. */
const FACTOR = 64;

/**
 * Refuses content that would take far more memory than its file has bytes. A pickle can refer to one array or
 * text any number of times, and one long sequence pads all others. The limit is 64 MiB plus 64 bytes per byte
 * of the file.
 * @throws DataError "data.unsafe"
 */
export function requireInProportion(bytes: number, { size }: Pick<ByteSource, "size">, place: string): void {
  if (bytes <= FREE + FACTOR * size) return;
  throw new DataError(
    "data.unsafe",
    `${place}: it would take ${bytes} bytes of memory, but its file has only ${size} bytes.`,
    {
      hint:
        `The limit is ${FACTOR} times the size of the file plus ${FREE} bytes. Cut the longest ` +
        "sequences, or save arrays as one.",
    },
  );
}
