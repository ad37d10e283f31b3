const PREFIX = 10;
const ALIGNMENT = 64;

/**
 * Returns the header of a .npy file (format 1.0) of a C-ordered array. The elements follow it. Its length
 * depends only on the number of sizes and on `room`, so the header can be rewritten when the first size is
 * known.
 * @param code numpy's code of the element type, e.g. "<f4"
 * @param room minimum length of the header in bytes
 */
export function npyHeader(code: "<f4" | "|u1", shape: readonly number[], room = 128): Uint8Array {
  const dict =
    `{'descr': '${code}', 'fortran_order': False, 'shape': ` +
    `(${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
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
