import { DataError } from "../../core/errors.js";

/**
 * A numpy element type. Kinds: float, signed, unsigned, boolean, bytes, unicode, object, and everything else.
 */
export interface Dtype {
  readonly kind: "f" | "i" | "u" | "b" | "S" | "U" | "O" | "other";
  /** Bytes per element. */
  readonly size: number;
  readonly littleEndian: boolean;
  /** Name in numpy, e.g. "<f4". */
  readonly code: string;
}

const SIZES: Readonly<Record<string, readonly number[]>> = {
  f: [2, 4, 8],
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  b: [1],
};
const SHORT_CODES: Readonly<Record<string, string>> = {
  "?": "b1",
  d: "f8",
  f: "f4",
  e: "f2",
  l: "i8",
  q: "i8",
  h: "i2",
};

/**
 * Parses "<f4", "f8", "|b1", ">i2", "S10", "<U7", "O", "|O8", ... Unknown types get the kind "other", and are
 * an error only when they are read.
 */
export function parseDtype(text: string): Dtype {
  const match = /^([<>|=]?)([a-zA-Z?])(\d{0,9})$/.exec(text);
  if (match === null) return { kind: "other", size: 0, littleEndian: true, code: text };
  const order = match[1] ?? "";
  const spelled = (match[2] ?? "") + (match[3] ?? "");
  const body = SHORT_CODES[spelled] ?? spelled;
  const letter = body[0] ?? "";
  const digits = body.slice(1);
  const littleEndian = order !== ">";
  const code = `${order === "" ? "<" : order}${body}`;
  const number = digits === "" ? 0 : Number(digits);
  if (letter === "O") return { kind: "O", size: 8, littleEndian, code };
  if (letter === "S" || letter === "a") return { kind: "S", size: number, littleEndian, code };
  if (letter === "U") return { kind: "U", size: number * 4, littleEndian, code };
  if (isNumberLetter(letter) && SIZES[letter]?.includes(number))
    return { kind: letter, size: number, littleEndian, code };
  return { kind: "other", size: number, littleEndian, code: text };
}

function isNumberLetter(letter: string): letter is "f" | "i" | "u" | "b" {
  return letter === "f" || letter === "i" || letter === "u" || letter === "b";
}

/** Returns the same type with another byte order. */
export function withByteOrder(dtype: Dtype, order: string): Dtype {
  if (order !== "<" && order !== ">") return dtype;
  return { ...dtype, littleEndian: order === "<", code: order + dtype.code.replace(/^[<>|=]/, "") };
}

const HOST_IS_LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Converts a half-precision number to a double. */
export function halfToNumber(bits: number): number {
  const sign = (bits & 0x8000) !== 0 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return (sign * fraction) / 16777216; // subnormal: fraction * 2^-24
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return (sign * (1 + fraction / 1024) * (1 << exponent)) / 32768; // 2^(exponent - 15)
}

type Reader = (view: DataView, offset: number, little: boolean) => number;

const READERS: Readonly<Record<string, Reader>> = {
  f2: (view, at, little) => halfToNumber(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  b1: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
};

/** Returns true if the bytes are those of a Float32Array on this machine. */
export function isStoredAsFloat32({ kind, size, littleEndian }: Dtype): boolean {
  return kind === "f" && size === 4 && littleEndian && HOST_IS_LITTLE;
}

type Viewer = (buffer: ArrayBufferLike, offset: number, count: number) => Float32Array | Float64Array;

/** Typed arrays that read a file's bytes directly if it has the byte order of this machine. */
const VIEWERS: Readonly<Record<string, Viewer>> = {
  f4: (buffer, offset, count) => new Float32Array(buffer, offset, count),
  f8: (buffer, offset, count) => new Float64Array(buffer, offset, count),
};

/**
 * Decodes `count` numbers into `out` from index `start`.
 * @throws DataError "data.format" if the type is not a number
 */
export function decodeNumbers(
  dtype: Dtype,
  bytes: Uint8Array,
  count: number,
  out: Float32Array | Float64Array,
  start: number,
  place: string,
): void {
  const read = READERS[`${dtype.kind}${dtype.size}`];
  if (read === undefined) {
    throw new DataError(
      "data.format",
      `${place}: numbers were expected, but the array has the element type ${dtype.code}.`,
      {
        hint: "Save it as float32 or float64.",
      },
    );
  }
  const viewed = VIEWERS[`${dtype.kind}${dtype.size}`];
  if (viewed !== undefined && dtype.littleEndian && HOST_IS_LITTLE) {
    const aligned = bytes.byteOffset % dtype.size === 0 ? bytes : new Uint8Array(bytes);
    out.set(viewed(aligned.buffer, aligned.byteOffset, count), start);
    return;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < count; i++) out[start + i] = read(view, i * dtype.size, dtype.littleEndian);
}
