import { defined } from "../../core/defined.js";
import { DataError } from "../../core/errors.js";
import { ByteCursor, possibleLengths, type ByteData } from "./byte-data.js";
import type { ByteSource } from "./byte-source.js";
import { decodeNumbers, type Dtype, isStoredAsFloat32 } from "./dtype.js";

/**
 * Maximum number of empty strings. They take no bytes, so the size of the file does not bound their number.
 */
const MOST_EMPTY_ELEMENTS = 1e7;

/** Numpy array in its file. Elements are decoded when they are read. */
export class NdArray {
  readonly count: number;

  /**
   * @param place place of the array, for messages, e.g. `file.pkl: train/text`
   * @throws DataError "data.format" if the number of bytes does not fit the shape
   */
  constructor(
    readonly source: ByteSource,
    readonly dtype: Dtype,
    readonly shape: readonly number[],
    readonly fortran: boolean,
    readonly data: ByteData,
    readonly place: string,
  ) {
    this.count = elementCount(shape, place);
    const [least, most] = possibleLengths(data);
    const needed = this.count * dtype.size;
    if (needed < least || needed > most || (dtype.size === 0 && this.count > MOST_EMPTY_ELEMENTS)) {
      throw new DataError(
        "data.format",
        `${place}: an array of shape ${showShape(shape)} and type ${dtype.code} needs ${needed} bytes, ` +
          `but has ${most}.`,
        {
          hint: "The file is damaged or was written by an incompatible program: save it again.",
        },
      );
    }
  }
}

/**
 * Returns the product of a shape.
 * @throws DataError "data.format" for a hostile shape
 */
export function elementCount(shape: readonly number[], place: string): number {
  if (shape.length > 32)
    throw new DataError(
      "data.format",
      `${place}: an array of ${shape.length} dimensions is not an array of features.`,
    );
  let count = 1;
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0)
      throw new DataError("data.format", `${place}: a dimension cannot have the size ${size}.`);
    count *= size;
  }
  if (!Number.isSafeInteger(count))
    throw new DataError(
      "data.format",
      `${place}: an array of shape ${showShape(shape)} is impossibly large.`,
    );
  return count;
}

/** Formats a shape like numpy: "(2, 3)". */
export function showShape(shape: readonly number[]): string {
  return shape.length === 1 ? `(${defined(shape[0])},)` : `(${shape.join(", ")})`;
}

/**
 * Allocates a Float32Array.
 * @throws DataError "data.invalid-value" if there is not enough memory
 */
export function allocateFloats(count: number, place: string): Float32Array {
  try {
    return new Float32Array(count);
  } catch (cause) {
    throw new DataError("data.invalid-value", `${place}: there is no memory for ${count} numbers at once.`, {
      hint: 'Read fewer modalities, or read sequences as one mean per sample (pool "mean").',
      cause,
    });
  }
}

const CHUNK_ELEMENTS = 1 << 18;

/** Reads the elements of an array one after the other, in stored order. */
export class NumberReader {
  private readonly cursor: ByteCursor;
  constructor(private readonly array: NdArray) {
    this.cursor = new ByteCursor(array.source, array.data, array.place);
  }
  /** Decodes the next `count` elements into `out` from index `start`. */
  next(count: number, out: Float32Array | Float64Array, start = 0): void {
    const { dtype, place } = this.array;
    const direct = isStoredAsFloat32(dtype) && out instanceof Float32Array;
    for (let done = 0; done < count;) {
      const piece = Math.min(count - done, CHUNK_ELEMENTS);
      const first = start + done;
      if (direct) this.cursor.takeInto(new Uint8Array(out.buffer, out.byteOffset + 4 * first, 4 * piece));
      else decodeNumbers(dtype, this.cursor.take(piece * dtype.size), piece, out, first, place);
      done += piece;
    }
  }
}

/** Reads all elements as numbers, in C order for any order in the file. */
export function readNumbers(array: NdArray): Float64Array {
  const stored = new Float64Array(array.count);
  new NumberReader(array).next(array.count, stored);
  return toCOrder(array, stored, (count) => new Float64Array(count));
}

/** Reads numbers like {@link readNumbers}, in single precision. */
export function readFloats(array: NdArray): Float32Array {
  const stored = allocateFloats(array.count, array.place);
  new NumberReader(array).next(array.count, stored);
  return toCOrder(array, stored, (count) => allocateFloats(count, array.place));
}

function toCOrder<Floats extends Float32Array | Float64Array>(
  array: NdArray,
  stored: Floats,
  allocate: (count: number) => Floats,
): Floats {
  const { shape } = array;
  if (!array.fortran || shape.length < 2 || array.count === 0) return stored;
  const strides = cStrides(shape);
  const index = new Array<number>(shape.length).fill(0);
  const out = allocate(array.count);
  let target = 0;
  for (let i = 0; i < array.count; i++) {
    out[target] = defined(stored[i]);
    for (let axis = 0; axis < shape.length; axis++) {
      const next = defined(index[axis]) + 1;
      target += defined(strides[axis]);
      if (next < defined(shape[axis])) {
        index[axis] = next;
        break;
      }
      target -= next * defined(strides[axis]);
      index[axis] = 0;
    }
  }
  return out;
}

function cStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--)
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  return strides;
}

/** Reads an array of fixed-length strings (numpy "S" and "U"). Removes trailing NULs. */
export function readStrings(array: NdArray): string[] {
  const { dtype } = array;
  if (dtype.kind !== "S" && dtype.kind !== "U") {
    throw new DataError(
      "data.format",
      `${array.place}: strings were expected, but the array has the element type ${dtype.code}.`,
    );
  }
  const cursor = new ByteCursor(array.source, array.data, array.place);
  return Array.from({ length: array.count }, () => {
    const bytes = cursor.take(dtype.size);
    return dtype.kind === "S" ? latin1Text(bytes).replace(/\0+$/, "") : utf32Text(bytes, dtype.littleEndian);
  });
}

/** Decodes one character per byte. */
export function latin1Text(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += 8192)
    text += String.fromCharCode(...bytes.subarray(start, start + 8192));
  return text;
}

function utf32Text(bytes: Uint8Array, little: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = "";
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = view.getUint32(at, little);
    if (point === 0) break;
    text += point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
  }
  return text;
}
