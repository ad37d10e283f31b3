import { DataError } from "../../core/errors.js";

/** Random access to the bytes of a file, without holding the file in memory. */
export interface ByteSource {
  /** Path or another name of the file, for messages. */
  readonly name: string;
  /** Total number of bytes. */
  readonly size: number;
  /**
   * Returns exactly `length` bytes from `offset`. The caller must not change them.
   * @throws DataError "data.truncated" when the range leaves the file
   */
  read(offset: number, length: number): Uint8Array;
  /**
   * Fills `into` with the bytes from `offset` directly. Absent if `read` is as fast.
   * @throws DataError "data.truncated" when the range leaves the file
   */
  readInto?(offset: number, into: Uint8Array): void;
}

/** Number of bytes from the start of a file by which its format is recognised. */
export const KIND_BYTES = 4096;

/** Returns the first {@link KIND_BYTES} bytes, or all of a shorter file. */
export function headOf(source: ByteSource): Uint8Array {
  return source.read(0, Math.min(source.size, KIND_BYTES));
}

/** Returns a source of bytes that are in memory, for example an ArrayBuffer in the browser. */
export function memorySource(bytes: Uint8Array, name = "buffer"): ByteSource {
  const size = bytes.length;
  // a Node Buffer's slice() would share memory
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, size);
  return {
    name,
    size,
    read(offset, length) {
      checkRange(name, size, offset, length);
      return plain.subarray(offset, offset + length);
    },
  };
}

/**
 * @throws DataError "data.truncated" when `offset .. offset + length` is not inside a file of `size` bytes
 */
export function checkRange(name: string, size: number, offset: number, length: number): void {
  if (offset >= 0 && length >= 0 && offset + length <= size) return;
  throw new DataError(
    "data.truncated",
    `${name}: ${length} bytes were expected at byte ${offset}, but the file ends at byte ${size}.`,
    {
      hint: "The file seems to be cut off: copy or download it again.",
    },
  );
}
