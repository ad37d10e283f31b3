import { DataError } from "../../core/errors.js";
import type { ByteSource } from "./byte-source.js";

/** Bytes that any file may become. */
const FREE = 2 ** 26;
/** Bytes of memory per byte of the file beyond that. */
const FACTOR = 64;

/**
 * Refuses what would take far more memory than its file has bytes: a pickle can name one array or text any
 * number of times, and one long sequence pads all others. Allowed are 64 bytes per byte of the file, and 64
 * MiB.
 * @throws DataError "data.unsafe"
 */
export function requireInProportion(bytes: number, { size }: Pick<ByteSource, "size">, place: string): void {
  if (bytes <= FREE + FACTOR * size) return;
  throw new DataError(
    "data.unsafe",
    `${place}: it would take ${bytes} bytes of memory, but its file has only ${size}.`,
    {
      hint: `At most ${FACTOR} times the size of the file (and ${FREE} bytes) are read. Cut the longest sequences, or save arrays as one.`,
    },
  );
}
