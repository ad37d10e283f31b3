import { MediaError } from "../core/errors.js";
import { isRecord } from "../core/is-record.js";
import type { ByteSource } from "../data/formats/byte-source.js";

/** Position of a tensor in a safetensors file. */
export interface TensorPlace {
  readonly source: ByteSource;
  readonly dtype: FloatDtype | OtherDtype;
  readonly shape: readonly number[];
  /** Offset in the file, in bytes. */
  readonly offset: number;
  readonly length: number;
}

const BYTES = { F64: 8, F32: 4, F16: 2, BF16: 2 } as const;
export type FloatDtype = keyof typeof BYTES;
/** Types of the format that hold no real numbers, such as indices and quantised weights. */
const OTHER_DTYPES = [
  "I64",
  "I32",
  "I16",
  "I8",
  "U64",
  "U32",
  "U16",
  "U8",
  "BOOL",
  "F8_E4M3",
  "F8_E5M2",
] as const;
type OtherDtype = (typeof OTHER_DTYPES)[number];
/** Largest header that the format allows. */
const HEADER_LIMIT = 100_000_000;

/**
 * Lists the tensors of a safetensors file, from its header alone. Checks every position against the
 * file, so that later reads stay inside it.
 * @throws MediaError "media.damaged" for a header that is malformed or does not fit the file
 */
export function safetensorsIndex(source: ByteSource): Map<string, TensorPlace> {
  const header = readHeader(source);
  const start = header.end;
  const space = source.size - start;
  const places = new Map<string, TensorPlace>();
  const ranges: { name: string; from: number; to: number }[] = [];
  for (const [name, entry] of Object.entries(header.entries)) {
    if (name === "__metadata__") continue;
    const { dtype, shape, data_offsets: range } = isRecord(entry) ? entry : {};
    if (!isShape(shape) || !isRange(range))
      throw damaged(source, `its header does not state the position of "${name}"`);
    const [from, to] = range;
    if (to > space)
      throw damaged(source, `"${name}" ends at byte ${to} of ${space}, according to the header`);
    ranges.push({ name, from, to });
    if (!isDtype(dtype)) throw damaged(source, `"${name}" has the type ${JSON.stringify(dtype ?? null)}`);
    const size = shape.reduce((product, extent) => product * extent, 1);
    if (isFloat(dtype) && size * BYTES[dtype] !== to - from)
      throw damaged(
        source,
        `"${name}" of shape [${shape.join(", ")}] needs ${size * BYTES[dtype]} bytes, but its range ` +
          `has ${to - from}`,
      );
    places.set(name, { source, dtype, shape, offset: start + from, length: to - from });
  }
  ranges.sort((a, b) => a.from - b.from);
  ranges.forEach(({ name, from }, i) => {
    const before = ranges[i - 1];
    if (before && from < before.to) throw damaged(source, `"${before.name}" and "${name}" overlap`);
  });
  return places;
}

function readHeader(source: ByteSource): { entries: Record<string, unknown>; end: number } {
  if (source.size < 8) throw damaged(source, `it has ${source.size} bytes`);
  const first = source.read(0, 8);
  const length = new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(HEADER_LIMIT) || length > BigInt(source.size - 8))
    throw damaged(source, `it states a header of ${length} bytes in a file of ${source.size}`);
  let entries: unknown;
  try {
    const bytes = source.read(8, Number(length));
    entries = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw damaged(source, "its header is not JSON", cause);
  }
  if (!isRecord(entries)) throw damaged(source, "its header is not a JSON object");
  return { entries, end: 8 + Number(length) };
}

/** Returns a tensor's raw bytes. */
export function tensorBytes({ source, offset, length }: TensorPlace): Uint8Array {
  return source.read(offset, length);
}

/** Converts raw bytes to float32. float16 and bfloat16 are widened without loss. */
export function floatsOf(bytes: Uint8Array, dtype: FloatDtype): Float32Array {
  const count = bytes.length / BYTES[dtype];
  if (dtype === "F32" && bytes.byteOffset % 4 === 0)
    return new Float32Array(bytes.buffer, bytes.byteOffset, count);
  const out = new Float32Array(count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const words = new Uint32Array(out.buffer);
  for (let i = 0; i < count; i++) {
    if (dtype === "F32") out[i] = view.getFloat32(4 * i, true);
    else if (dtype === "F64") out[i] = view.getFloat64(8 * i, true);
    else if (dtype === "BF16") words[i] = view.getUint16(2 * i, true) << 16;
    else out[i] = halfToFloat(view.getUint16(2 * i, true));
  }
  return out;
}

/** Converts IEEE 754 binary16 to a number. */
function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Returns true for a float type, which can be read. */
export function isFloat(dtype: FloatDtype | OtherDtype): dtype is FloatDtype {
  return Object.hasOwn(BYTES, dtype);
}

function isDtype(value: unknown): value is FloatDtype | OtherDtype {
  return typeof value === "string" && [...Object.keys(BYTES), ...OTHER_DTYPES].includes(value);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= 8 && value.every(isCount);
}

function isRange(value: unknown): value is [number, number] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [from, to] = value as unknown[];
  return isCount(from) && isCount(to) && from <= to;
}

function damaged(source: ByteSource, reason: string, cause?: unknown): MediaError {
  return new MediaError("media.damaged", `${source.name} is not a valid safetensors file: ${reason}`, {
    hint: "Copy or download the encoder again.",
    ...(cause === undefined ? {} : { cause }),
  });
}
