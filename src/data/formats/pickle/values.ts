import type { ByteData } from "../byte-data.js";
import type { Dtype } from "../dtype.js";
import type { NdArray } from "../nd-array.js";

/** Value that this reader accepts in a pickle: data, never code. */
export type PyValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PyText
  | PyBytes
  | PyList
  | PyTuple
  | PySet
  | PyDict
  | PyDtype
  | PyArray
  | PyGlobal;

/** Long string that stays in the file, as UTF-8. */
export class PyText {
  constructor(
    readonly offset: number,
    readonly length: number,
  ) {}
}

/** `bytes`, `bytearray`, or a string of Python 2. */
export class PyBytes {
  constructor(readonly data: ByteData) {}
}

export class PyList {
  constructor(readonly items: PyValue[] = []) {}
}

export class PyTuple {
  constructor(readonly items: readonly PyValue[]) {}
}

export class PySet {
  constructor(readonly items: PyValue[] = []) {}
}

/**
 * `dict`, `OrderedDict`, `defaultdict`. Keys that are byte strings are converted to strings (latin-1). Other
 * objects are compared by identity.
 */
export class PyDict {
  constructor(readonly entries = new Map<PyValue, PyValue>()) {}
}

/** Mutable element type, because numpy sets the byte order after other objects may refer to it. */
export class PyDtype {
  constructor(public dtype: Dtype) {}
}

/** An array of Python objects. */
export interface ObjectArray {
  readonly shape: readonly number[];
  readonly items: readonly PyValue[];
}

/** Container of an array that is filled once, because numpy creates an array empty and fills it later. */
export class PyArray {
  content: NdArray | ObjectArray | undefined;
}

/** A name from the allow-list. */
export class PyGlobal {
  constructor(readonly name: string) {}
}

/** Describes a value for messages: "a list", "a dict", ... */
export function describe(value: PyValue | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "None";
  if (typeof value === "string" || value instanceof PyText) return "a string";
  if (typeof value === "boolean") return "a bool";
  if (typeof value === "number" || typeof value === "bigint") return "a number";
  if (value instanceof PyBytes) return "a byte string";
  if (value instanceof PyList) return `a list of ${value.items.length}`;
  if (value instanceof PyTuple) return `a tuple of ${value.items.length}`;
  if (value instanceof PySet) return "a set";
  if (value instanceof PyDict) return "a dict";
  if (value instanceof PyDtype) return "a dtype";
  return value instanceof PyArray ? "an array" : `the name ${value.name}`;
}
