const PREFIX = 10;
const ALIGNMENT = 64;

/**
 * The header of a .npy file (format 1.0) of a C-ordered array: the elements follow it. Its length depends on
 * the number of sizes and on `room` alone, so that a file whose first size is not known yet gets its header
 * last, in the same place.
 * @param code element type as numpy writes it, e.g. "<f4"
 * @param room least number of bytes, header included
 */
export function npyHeader(code: "<f4" | "|u1", shape: readonly number[], room = 128): Uint8Array {
  const dict = `{'descr': '${code}', 'fortran_order': False, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const total = Math.max(room, Math.ceil((PREFIX + dict.length + 1) / ALIGNMENT) * ALIGNMENT);
  const text = `${dict.padEnd(total - PREFIX - 1)}\n`;
  const bytes = new Uint8Array(total);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length & 255, text.length >> 8]);
  bytes.set(
    Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
    PREFIX,
  );
  return bytes;
}
