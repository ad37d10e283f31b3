import { defined } from "../../core/defined.js";
import { DataError } from "../../core/errors.js";
import { type ByteSource, headOf } from "./byte-source.js";
import { parseDtype } from "./dtype.js";
import { requireKind } from "./file-kind.js";
import { latin1Text, NdArray } from "./nd-array.js";

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Longest header in bytes, as in numpy. Only structured types need longer ones. */
const LONGEST_HEADER = 10_000;

/**
 * Opens a .npy file of format 1.0, 2.0 or 3.0. Reads only the header.
 * @throws DataError "data.truncated" if it ends early, "data.unsafe" if it contains pickled objects,
 * otherwise "data.format"
 */
export function openNpy(source: ByteSource): NdArray {
  const start = source.read(0, 10);
  if (MAGIC.some((byte, i) => start[i] !== byte)) {
    requireKind(headOf(source), source.name, { expected: ["npy", "text"], wanted: "a NumPy array (.npy)" });
    throw new DataError("data.format", `${source.name} is not a .npy file.`, {
      hint: "Save the array with numpy.save.",
    });
  }
  const major = defined(start[6]);
  if (major < 1 || major > 3)
    throw new DataError(
      "data.format",
      `${source.name} has the .npy format ${major}, but this reader knows 1 to 3.`,
    );
  const wide = major > 1;
  const prefix = wide ? source.read(0, 12) : start;
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  if (length > LONGEST_HEADER)
    throw new DataError(
      "data.format",
      `${source.name} has a header of ${length} bytes, more than any array of numbers needs.`,
    );
  const header = parseHeader(latin1Text(source.read(prefix.length, length)), source.name);
  const dtype = parseDtype(header.descr);
  if (dtype.kind === "O") {
    throw new DataError(
      "data.unsafe",
      `${source.name} contains pickled Python objects, which are not read.`,
      {
        hint: "Save an array of numbers: array.astype('float32').",
      },
    );
  }
  const offset = prefix.length + length;
  return new NdArray(
    source,
    dtype,
    header.shape,
    header.fortran,
    { kind: "range", offset, length: source.size - offset },
    source.name,
  );
}

interface Header {
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
}

/** An entry of the header: its key, then a string, a boolean or the sizes of a shape. */
const ENTRY = [
  /\s*'(descr|fortran_order|shape)'\s*:\s*/,
  /(?:'([^']{1,40})'|(True|False)|\(((?:\s*\d+L?\s*,)*(?:\s*\d+L?)?)\s*\))/,
  /\s*(?:,\s*|$)/,
]
  .map(({ source }) => source)
  .join("");

/** Parses the header: a Python dict with three known keys, in any order. */
function parseHeader(text: string, name: string): Header {
  const bad = (what: string): never => {
    throw new DataError("data.format", `${name}: the .npy header ${what}.`, {
      hint: "Save the array again with numpy.save.",
    });
  };
  const body = /^\{(.*)\}\s*$/s.exec(text)?.[1] ?? bad("is not a dict");
  const entry = new RegExp(ENTRY, "y");
  const values = new Map<string, string>();
  while (entry.lastIndex < body.length) {
    const [, key = "", code, order, sizes] = entry.exec(body) ?? bad(oddity(body));
    const value = key === "descr" ? code : key === "shape" ? sizes : order;
    if (value === undefined) return bad(`has a "${key}" of another type`);
    if (values.has(key)) return bad(`has "${key}" twice`);
    values.set(key, value);
  }
  const descr = values.get("descr") ?? bad("names no plain element type");
  const order = values.get("fortran_order") ?? bad("does not say in which order the array is stored");
  const shape = values.get("shape") ?? bad("has no shape");
  const sizes = shape
    .split(",")
    .map((size) => size.trim().replace(/L$/, ""))
    .filter((size) => size !== "");
  return { descr, fortran: order === "True", shape: sizes.map(Number) };
}

/** Returns the problem with the entries of a header. */
function oddity(body: string): string {
  if (!/'descr'\s*:\s*'/.test(body)) return "names no plain element type";
  if (!/'shape'\s*:\s*\([\d\s,L]*\)/.test(body)) return "has no shape";
  return "is not one that numpy writes";
}
