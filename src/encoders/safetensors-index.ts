import { MediaError } from "../core/errors.js";
import { isRecord } from "../core/is-record.js";
import type { ByteSource } from "../data/formats/byte-source.js";

/** Where a tensor lies in a safetensors file. */
export interface TensorPlace {
  readonly source: ByteSource;
  readonly dtype: FloatDtype;
  readonly shape: readonly number[];
  /** In the file, in bytes. */
  readonly offset: number;
  readonly length: number;
}

const BYTES = { F64: 8, F32: 4, F16: 2, BF16: 2 } as const;
export type FloatDtype = keyof typeof BYTES;
const OTHER_DTYPES = ["I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "BOOL"];
/** The format's own limit. */
const HEADER_LIMIT = 100_000_000;

/**
 * The tensors of floats of a safetensors file, from its header alone. Checks every place against the file, so
 * that reading one later cannot leave it.
 * @throws MediaError "media.damaged" for a header that is not well-formed or does not fit the file
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
      throw damaged(source, `its header does not say where "${name}" lies`);
    const [from, to] = range;
    if (to > space) throw damaged(source, `"${name}" is said to end at byte ${to} of ${space}`);
    ranges.push({ name, from, to });
    if (typeof dtype !== "string" || !Object.hasOwn(BYTES, dtype)) {
      if (typeof dtype === "string" && OTHER_DTYPES.includes(dtype)) continue;
      throw damaged(source, `"${name}" has the type ${JSON.stringify(dtype ?? null)}`);
    }
    const known = dtype as FloatDtype;
    const size = shape.reduce((product, extent) => product * extent, 1);
    if (size * BYTES[known] !== to - from)
      throw damaged(
        source,
        `"${name}" of shape [${shape.join(", ")}] needs ${size * BYTES[known]} bytes, its place has ${to - from}`,
      );
    places.set(name, { source, dtype: known, shape, offset: start + from, length: to - from });
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
    throw damaged(source, `it announces a header of ${length} bytes in a file of ${source.size}`);
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

/** A tensor's bytes as the file has them. */
export function tensorBytes({ source, offset, length }: TensorPlace): Uint8Array {
  return source.read(offset, length);
}

/** Values of float32, whatever the file's precision: float16 and bfloat16 are widened without loss. */
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

/** IEEE 754 binary16 to a number. */
function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
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
  return new MediaError("media.damaged", `${source.name} is no valid safetensors file: ${reason}`, {
    hint: "Copy or download the encoder again.",
    ...(cause === undefined ? {} : { cause }),
  });
}
