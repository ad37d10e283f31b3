import { CheckpointError } from "../core/errors.js";
import { isRecord } from "../core/is-record.js";
import { parseJson } from "../core/parse-json.js";
import { misplacedFile } from "../data/formats/file-kind.js";

/**
 * Reads and writes the safetensors format.
 *
 * A file has a little-endian u64 header length, a JSON header { name: { dtype, shape, data_offsets },
 * __metadata__ }, then the values. Reading checks every length against the file before it allocates anything.
 */

/** Values of a stored tensor: dtype F32, F64, I32 or U8. */
export type TensorValues = Float32Array | Float64Array | Int32Array | Uint8Array;

/** Tensor of a safetensors file. The values are row-major. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly values: TensorValues;
}

/** Content of a safetensors file. */
export interface TensorFile {
  /** Tensors by name. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Texts by name, the header's `__metadata__`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Size in bytes of the largest file that one array can hold on every supported engine. */
export const LARGEST_TENSOR_FILE = 2 ** 32 - 1;

const OPEN_OBJECT = 0x7b;
const HEADER_LIMIT = 100_000_000; // the format's own limit
const BYTES = { F64: 8, F32: 4, I32: 4, U8: 1 } as const;
type Dtype = keyof typeof BYTES;

function dtypeOf(values: TensorValues): Dtype {
  if (values instanceof Float64Array) return "F64";
  if (values instanceof Float32Array) return "F32";
  return values instanceof Int32Array ? "I32" : "U8";
}

/** Serialises tensors and string metadata. Pads the header so that values start at a multiple of 8 bytes. */
export function writeSafetensors(file: TensorFile): Uint8Array {
  const pieces = safetensorsPieces(file);
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/**
 * Returns the file of {@link writeSafetensors} as its header and the bytes of each tensor, without a copy of
 * the values.
 */
export function safetensorsPieces(file: TensorFile): Uint8Array[] {
  const header: Record<string, unknown> = {};
  if (Object.keys(file.metadata).length > 0) header["__metadata__"] = file.metadata;
  let end = 0;
  for (const [name, { shape, values }] of file.tensors) {
    header[name] = { dtype: dtypeOf(values), shape, data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(text.length / 8) * 8;
  const start = new Uint8Array(8 + padded);
  new DataView(start.buffer).setBigUint64(0, BigInt(padded), true);
  start.fill(0x20, 8);
  start.set(text, 8);
  const values = [...file.tensors.values()].map(
    ({ values: { buffer, byteOffset, byteLength } }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
  return [start, ...values];
}

/** Largest number of tensors. A small header could name millions of empty tensors. */
const MOST_TENSORS = 100_000;

/**
 * Reads a safetensors file from memory. The tensors may share that memory, so do not change it afterwards.
 *
 * @param what name of the file, for messages
 * @throws CheckpointError "checkpoint.format" for any malformed file
 */
export function readSafetensors(bytes: Uint8Array, what: string): TensorFile {
  return decodeFile(readLayout(bytes, what), bytes);
}

/** Reads files one after another. Takes less time if they have the same header. */
export class SafetensorsReader {
  private last: { readonly layout: Layout; readonly header: Uint8Array; readonly size: number } | undefined;

  /** Does the same as {@link readSafetensors}. */
  read(bytes: Uint8Array, what: string): TensorFile {
    const { last } = this;
    if (last && bytes.length === last.size && startsWith(bytes, last.header))
      return decodeFile(last.layout, bytes);
    const layout = readLayout(bytes, what);
    this.last = { layout, header: bytes.slice(0, layout.from), size: bytes.length };
    return decodeFile(layout, bytes);
  }
}

function startsWith(bytes: Uint8Array, header: Uint8Array): boolean {
  for (let i = 0; i < header.length; i++) if (bytes[i] !== header[i]) return false;
  return true;
}

/** Content of a header. */
interface Layout {
  /** Size of the header with its length: the values start here. */
  readonly from: number;
  /** Tensors in the order of their values. */
  readonly tensors: readonly (Description & { readonly name: string })[];
  readonly metadata: Readonly<Record<string, string>>;
}

function decodeFile({ from, tensors, metadata }: Layout, bytes: Uint8Array): TensorFile {
  const data = bytes.subarray(from);
  const decoded = new Map<string, StoredTensor>();
  for (const { name, dtype, shape, start, end } of tensors)
    decoded.set(name, { shape, values: decode(dtype, data, start, end) });
  return { tensors: decoded, metadata };
}

function readLayout(bytes: Uint8Array, what: string): Layout {
  refuseOtherKinds(bytes, what);
  const headerLength = readHeaderLength(bytes, bytes.length, what);
  const header = parseHeader(bytes.subarray(8, 8 + headerLength), what);
  const from = 8 + headerLength;
  const size = bytes.length - from;
  let metadata: Record<string, string> = {};
  let covered = 0;
  const entries = Object.entries(header).filter(([name, entry]) => {
    if (name === "__metadata__") metadata = checkMetadata(entry, what);
    return name !== "__metadata__";
  });
  if (entries.length > MOST_TENSORS)
    fail(what, `it has ${entries.length} tensors, at most ${MOST_TENSORS} are read`);
  const described = entries
    .map(([name, entry]) => ({ name, ...describe(name, entry, size, what) }))
    .sort((a, b) => a.start - b.start);
  for (const { name, start, end } of described) {
    if (start !== covered)
      fail(
        what,
        `the values of "${name}" start at byte ${start}, expected ${covered}: ` +
          "tensors must not overlap or leave gaps",
      );
    covered = end;
  }
  if (covered !== size) fail(what, `its tensors take ${covered} bytes, the file holds ${size}`);
  return { from, tensors: described, metadata };
}

/**
 * Checks the start of a file: the header's length, and that a JSON object begins.
 *
 * @param start first bytes, at least 9 if the file has that many
 * @param size size of the whole file in bytes
 * @throws CheckpointError "checkpoint.format"
 */
export function checkHeader(start: Uint8Array, size: number, what: string): void {
  refuseOtherKinds(start, what);
  readHeaderLength(start, size, what);
  if (start[8] !== OPEN_OBJECT) fail(what, "its header is not a JSON object");
}

/** Refuses a file of another kind and names that kind. */
function refuseOtherKinds(start: Uint8Array, what: string): void {
  if (looksRight(start)) return;
  const misplaced = misplacedFile(start, what, {
    expected: ["safetensors", "text"],
    wanted: "a safetensors file",
  });
  if (misplaced !== undefined)
    throw new CheckpointError("checkpoint.format", misplaced.message, { hint: misplaced.hint });
}

/** Returns true if the file begins with a possible header length and a JSON object: no other kind does. */
function looksRight(start: Uint8Array): boolean {
  return start[8] === OPEN_OBJECT && start[4] === 0 && start[5] === 0 && start[6] === 0 && start[7] === 0;
}

function readHeaderLength(bytes: Uint8Array, size: number, what: string): number {
  if (size < 8) fail(what, `it has ${size} bytes, a header length needs 8`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(HEADER_LIMIT) || length > BigInt(size - 8)) {
    fail(what, `its header should have ${length} bytes, but the file has ${size}`);
  }
  return Number(length);
}

function parseHeader(bytes: Uint8Array, what: string): object {
  let header: unknown;
  try {
    header = parseJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new CheckpointError(
      "checkpoint.format",
      `${what} is not a safetensors file: its header is not ` + `JSON`,
      {
        cause,
        hint: HINT,
      },
    );
  }
  if (!isRecord(header)) fail(what, "its header is not a JSON object");
  return header;
}

interface Description {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

function describe(name: string, entry: unknown, available: number, what: string): Description {
  if (!isRecord(entry)) fail(what, `the entry of "${name}" is not an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isDtype(dtype))
    fail(
      what,
      `"${name}" has dtype ${JSON.stringify(dtype)}, expected one of ${Object.keys(BYTES).join(", ")}`,
    );
  if (!isIndexList(shape) || shape.length > 16) fail(what, `"${name}" has no valid shape`);
  if (!isIndexList(offsets) || offsets.length !== 2) fail(what, `"${name}" has no valid data_offsets`);
  const [start = 0, end = 0] = offsets;
  if (start > end || end > available)
    fail(what, `the values of "${name}" lie at bytes ${start} to ${end}, the file holds ${available}`);
  const size = shape.reduce((product, extent) => product * extent, BYTES[dtype]);
  if (size !== end - start)
    fail(
      what,
      `"${name}" of shape [${shape.join(", ")}] and type ${dtype} needs ${size} bytes, it has ${end - start}`,
    );
  return { dtype, shape, start, end };
}

function decode(dtype: Dtype, data: Uint8Array, start: number, end: number): TensorValues {
  const aligned = (data.byteOffset + start) % BYTES[dtype] === 0;
  // Typed arrays need aligned memory. `new Uint8Array` copies in one step; `from` would iterate, and
  // Buffer.slice returns a view.
  const alignedBytes = aligned ? data.subarray(start, end) : new Uint8Array(data.subarray(start, end));
  const count = (end - start) / BYTES[dtype];
  if (dtype === "F64") return new Float64Array(alignedBytes.buffer, alignedBytes.byteOffset, count);
  if (dtype === "F32") return new Float32Array(alignedBytes.buffer, alignedBytes.byteOffset, count);
  return dtype === "I32" ? new Int32Array(alignedBytes.buffer, alignedBytes.byteOffset, count) : alignedBytes;
}

function checkMetadata(entry: unknown, what: string): Record<string, string> {
  if (!isRecord(entry)) fail(what, "__metadata__ is not an object");
  const pairs = Object.entries(entry).map(([key, value]): [string, string] => {
    if (typeof value !== "string") fail(what, `__metadata__ entry "${key}" is not a string`);
    return [key, value];
  });
  return Object.fromEntries(pairs);
}

function isDtype(value: unknown): value is Dtype {
  return typeof value === "string" && Object.hasOwn(BYTES, value);
}

function isIndexList(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.every((item) => typeof item === "number" && Number.isSafeInteger(item) && item >= 0)
  );
}

const HINT = "The file is damaged or was not written by euar. Copy it again, or train again.";

function fail(what: string, reason: string): never {
  throw new CheckpointError("checkpoint.format", `${what} is not a valid safetensors file: ${reason}`, {
    hint: HINT,
  });
}
