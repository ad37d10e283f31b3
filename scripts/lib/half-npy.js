// Stores arrays of numbers with 16 bits each, for data that are shipped.

const view = new DataView(new ArrayBuffer(4));

/** Returns the bits of the nearest number with 16 bits; ties go to even. Numbers below 6e-5 become 0. */
export function halfBits(value) {
  view.setFloat32(0, value);
  const bits = view.getInt32(0);
  const sign = (bits >>> 16) & 0x8000;
  const rest = bits & 0x7fffffff;
  if (rest < 0x38800000) return sign;
  if (rest >= 0x477ff000) throw new RangeError(`${value} is too large for 16 bits`);
  return sign | ((rest - 0x38000000 + 0xfff + ((rest >> 13) & 1)) >> 13);
}

/**
 * Converts a .npy file of version 1 with 32-bit numbers to 16 bits.
 * @param {Buffer} bytes the file
 * @returns {Buffer} the new file; the same bytes for any other type
 */
export function halfNpy(bytes) {
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.subarray(10, start).toString("latin1");
  if (!header.includes("'<f4'")) return bytes;
  const numbers = (bytes.length - start) / 4;
  const result = Buffer.alloc(start + 2 * numbers);
  bytes.copy(result, 0, 0, 10);
  result.write(header.replace("'<f4'", "'<f2'"), 10, "latin1");
  for (let i = 0; i < numbers; i++)
    result.writeUInt16LE(halfBits(bytes.readFloatLE(start + 4 * i)), start + 2 * i);
  return result;
}
