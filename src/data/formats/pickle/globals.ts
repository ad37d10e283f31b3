import { defined } from "../../../core/defined.js";
import { ByteCursor, type ByteData } from "../byte-data.js";
import { decodeNumbers, parseDtype, withByteOrder } from "../dtype.js";
import { NdArray } from "../nd-array.js";
import type { PickleMachine } from "./machine.js";
import { latin1Bytes, shortText } from "./text.js";
import {
  describe,
  PyArray,
  PyBytes,
  PyDict,
  PyDtype,
  PyGlobal,
  PyList,
  PySet,
  PyText,
  PyTuple,
  type PyValue,
} from "./values.js";

/** Makes a data value from the arguments of a call in the pickle. */
type Constructor = (machine: PickleMachine, args: readonly PyValue[]) => PyValue;

function itemsOf(machine: PickleMachine, value: PyValue | undefined): PyValue[] {
  if (value === undefined) return [];
  if (value instanceof PyList || value instanceof PyTuple || value instanceof PySet) {
    machine.spend(value.items.length);
    return [...value.items];
  }
  return machine.wrongType("a list or tuple", value);
}

const makeDict: Constructor = (machine, args) => {
  const dict = new PyDict();
  for (const pair of itemsOf(machine, args[0])) {
    const [key, value] = pair instanceof PyList || pair instanceof PyTuple ? pair.items : [];
    if (key === undefined || value === undefined) return machine.wrongType("a pair of key and value", pair);
    setEntry(machine, dict, key, value);
  }
  return dict;
};

/** Puts one entry into a dict. Byte-string keys become strings. */
export function setEntry(machine: PickleMachine, dict: PyDict, key: PyValue, value: PyValue): void {
  dict.entries.set(shortText(machine, key) ?? key, value);
}

/** `bytes()` and `bytearray(x)`, and the `bytearray("text", "latin-1")` of protocol 2. */
const makeBytes: Constructor = (machine, args) => {
  const [content] = args;
  if (content === undefined) return new PyBytes({ kind: "memory", bytes: new Uint8Array(0) });
  if (content instanceof PyBytes) return content;
  return encode(machine, args);
};

/** `_codecs.encode(text, "latin1")`, which Python 3 writes for bytes in protocols 0 to 2. */
const encode: Constructor = (machine, [text, encoding]) => {
  const name = encoding === undefined ? undefined : shortText(machine, encoding);
  if (name === undefined || !["latin1", "latin-1", "iso-8859-1"].includes(name))
    machine.fail("data.format", "text can only be turned into bytes as latin1");
  if (text instanceof PyText)
    return new PyBytes({ kind: "latin1-text", offset: text.offset, length: text.length });
  if (typeof text !== "string") return machine.wrongType("a string", text);
  return new PyBytes({ kind: "memory", bytes: latin1Bytes(machine, text) });
};

const makeDtype: Constructor = (machine, args) => {
  const code = args[0] === undefined ? undefined : shortText(machine, args[0]);
  return code === undefined
    ? machine.wrongType("the name of an element type", args[0])
    : new PyDtype(parseDtype(code));
};

/** State of numpy.dtype: (version, byte order, subtype, names, fields, size, alignment, flags, ...). */
export function buildDtype(machine: PickleMachine, target: PyDtype, state: PyValue): void {
  const items =
    state instanceof PyTuple ? state.items : machine.wrongType("the state of an element type", state);
  const order = items[1] === undefined ? undefined : shortText(machine, items[1]);
  const plain = (items[2] ?? null) === null && (items[3] ?? null) === null && (items[4] ?? null) === null;
  target.dtype = plain
    ? withByteOrder(target.dtype, order ?? "|")
    : { kind: "other", size: 0, littleEndian: true, code: "structured" };
}

/**
 * `numpy.core.multiarray._reconstruct(numpy.ndarray, (0,), b"b")`: an empty array, which the next opcodes
 * fill.
 */
const reconstruct: Constructor = (machine, [type]) => {
  if (!(type instanceof PyGlobal) || type.name !== "numpy.ndarray")
    return machine.fail("data.unsafe", "only plain numpy arrays can be read");
  return new PyArray();
};

function shapeOf(machine: PickleMachine, value: PyValue | undefined): number[] {
  return itemsOf(machine, value).map((size) =>
    typeof size === "number" ? size : machine.wrongType("a size", size),
  );
}

/** State of numpy.ndarray: (version, shape, dtype, true for Fortran order, bytes or list of objects). */
export function buildArray(machine: PickleMachine, target: PyArray, state: PyValue): void {
  const all = state instanceof PyTuple ? state.items : machine.wrongType("the state of an array", state);
  const [shape, dtype, fortran, data] = all.length === 4 ? all : all.slice(1);
  if (!(dtype instanceof PyDtype)) return machine.wrongType("an element type", dtype);
  if (target.content !== undefined) machine.fail("data.format", "an array is filled twice");
  const sizes = shapeOf(machine, shape);
  if (data instanceof PyList) {
    target.content = { shape: sizes, items: data.items };
    return;
  }
  target.content = new NdArray(
    machine.source,
    dtype.dtype,
    sizes,
    fortran === true || fortran === 1,
    dataOf(machine, data),
    placeOf(machine),
  );
}

function dataOf(machine: PickleMachine, value: PyValue | undefined): ByteData {
  if (value instanceof PyBytes) return value.data;
  // Python 2 writes it as text
  if (typeof value === "string") return { kind: "memory", bytes: latin1Bytes(machine, value) };
  if (value instanceof PyText) return { kind: "latin1-text", offset: value.offset, length: value.length };
  return machine.wrongType("the bytes of an array", value);
}

function placeOf(machine: PickleMachine): string {
  return `${machine.source.name}: array at byte ${machine.opcodeAt}`;
}

/** `numpy.core.numeric._frombuffer(buffer, dtype, shape, order)` of protocol 5. */
const fromBuffer: Constructor = (machine, [buffer, dtype, shape, order]) => {
  if (!(dtype instanceof PyDtype)) return machine.wrongType("an element type", dtype);
  const array = new PyArray();
  const fortran = order !== undefined && shortText(machine, order) === "F";
  array.content = new NdArray(
    machine.source,
    dtype.dtype,
    shapeOf(machine, shape),
    fortran,
    dataOf(machine, buffer),
    placeOf(machine),
  );
  return array;
};

/** `numpy.core.multiarray.scalar(dtype, bytes)`. */
const scalar: Constructor = (machine, [dtype, value]) => {
  if (!(dtype instanceof PyDtype)) return machine.wrongType("an element type", dtype);
  if (dtype.dtype.kind === "O" && value !== undefined) return value;
  const place = placeOf(machine);
  const array = new NdArray(machine.source, dtype.dtype, [], false, dataOf(machine, value), place);
  const bytes = new ByteCursor(machine.source, array.data, place).take(dtype.dtype.size);
  if (dtype.dtype.kind === "S") {
    machine.spend(bytes.length);
    return new PyBytes({ kind: "memory", bytes: new Uint8Array(bytes) });
  }
  const out = new Float64Array(1);
  decodeNumbers(dtype.dtype, bytes, 1, out, 0, place);
  return dtype.dtype.kind === "b" ? out[0] === 1 : defined(out[0]);
};

const PLAIN: Readonly<Record<string, Constructor | undefined>> = {
  dict: makeDict,
  list: (machine, args) => new PyList(itemsOf(machine, args[0])),
  tuple: (machine, args) => new PyTuple(itemsOf(machine, args[0])),
  set: (machine, args) => new PySet(itemsOf(machine, args[0])),
  frozenset: (machine, args) => new PySet(itemsOf(machine, args[0])),
  bytearray: makeBytes,
  bytes: makeBytes,
  // Accepted only as the default factory of a defaultdict. They are never called.
  int: undefined,
  float: undefined,
  str: undefined,
  bool: undefined,
};

const ALLOWED = new Map<string, Constructor | undefined>([
  ["collections.OrderedDict", makeDict],
  ["collections.defaultdict", (machine, args) => makeDict(machine, args.slice(1))],
  ["_codecs.encode", encode],
  ["numpy.ndarray", undefined],
  ["numpy.dtype", makeDtype],
  ...["numpy.core", "numpy._core"].flatMap((core): [string, Constructor][] => [
    [`${core}.multiarray._reconstruct`, reconstruct],
    [`${core}.multiarray.scalar`, scalar],
    [`${core}.numeric._frombuffer`, fromBuffer],
  ]),
  ...["builtins", "__builtin__"].flatMap((module) =>
    Object.entries(PLAIN).map(([name, make]): [string, Constructor | undefined] => [
      `${module}.${name}`,
      make,
    ]),
  ),
]);

/**
 * Looks up a name. Imports nothing: only the names of the data constructors above are accepted.
 * @throws DataError "data.unsafe" for every other name
 */
export function findGlobal(machine: PickleMachine, module: string, name: string): PyGlobal {
  const full = `${module}.${name}`;
  if (!ALLOWED.has(full)) {
    const shown = JSON.stringify(full.length > 120 ? `${full.slice(0, 120)}...` : full);
    machine.fail(
      "data.unsafe",
      `the name ${shown} is not on the list of plain data types, so the file is refused`,
      "A pickle can run any program when it is loaded; this reader only accepts numbers, strings, " +
        "containers and numpy arrays. If you trust the file, load it in Python and save its arrays again.",
    );
  }
  return new PyGlobal(full);
}

/** Calls the constructor of a name in the allow-list. */
export function construct(machine: PickleMachine, callee: PyValue, args: readonly PyValue[]): PyValue {
  if (!(callee instanceof PyGlobal))
    return machine.fail("data.unsafe", `${describe(callee)} is called, but is not a function`);
  const make = ALLOWED.get(callee.name);
  return make === undefined
    ? machine.fail("data.unsafe", `the name ${callee.name} is allowed, but it must not be called`)
    : make(machine, args);
}
