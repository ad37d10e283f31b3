import { DataError } from "../../../core/errors.js";
import { requireInProportion } from "../expansion-limit.js";
import type { ByteSource } from "../byte-source.js";
import { NdArray, readNumbers, readStrings, showShape } from "../nd-array.js";
import { wholeText } from "./text.js";
import { describe, PyArray, PyBytes, PyDict, PyList, PyText, PyTuple, type PyValue } from "./values.js";

/**
 * Returns a value as a dict with string keys.
 * @throws DataError "data.format" naming the place, for another value
 */
export function asDict(value: PyValue | undefined, place: string): PyDict {
  if (value instanceof PyDict) return value;
  throw new DataError("data.format", `${place}: a dict was expected, but there is ${describe(value)}.`);
}

/** Returns the string keys of a dict, in order. */
export function stringKeys(dict: PyDict): string[] {
  return [...dict.entries.keys()].filter((key) => typeof key === "string");
}

/** Returns the items of a list, tuple or array of objects; undefined for anything else. */
export function itemsOf(value: PyValue | undefined): readonly PyValue[] | undefined {
  if (value instanceof PyList || value instanceof PyTuple) return value.items;
  return value instanceof PyArray && value.content !== undefined && !(value.content instanceof NdArray)
    ? value.content.items
    : undefined;
}

/** Returns the value if it is an array of numbers or strings; otherwise undefined. */
export function arrayOf(value: PyValue | undefined): NdArray | undefined {
  return value instanceof PyArray && value.content instanceof NdArray ? value.content : undefined;
}

/** Returns true for an array of floating-point numbers. */
export function isFloatArray(value: PyValue | undefined): boolean {
  return arrayOf(value)?.dtype.kind === "f";
}

/** Returns the number of a number, a bool, or an array of one number; undefined for anything else. */
export function numberOf(value: PyValue | undefined): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "boolean" || typeof value === "bigint") return Number(value);
  const array = arrayOf(value);
  return array?.count === 1 && array.dtype.kind !== "S" && array.dtype.kind !== "U"
    ? readNumbers(array)[0]
    : undefined;
}

/** Numbers in rows: [N, columns], from an array of shape (N,), (N, K) or (N, 1, 1), or a list of numbers. */
export interface NumberColumns {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** @throws DataError "data.format" for anything else */
export function numbersOf(value: PyValue | undefined, place: string): NumberColumns {
  const array = arrayOf(value);
  if (array !== undefined) {
    const rows = array.shape.at(0) ?? 0;
    if (array.shape.length === 0)
      throw new DataError(
        "data.format",
        `${place}: one number per sample was expected, but there is a single number.`,
      );
    const columns = array.shape.slice(1).reduce((product, size) => product * size, 1);
    if (array.shape.filter((size, axis) => axis > 0 && size > 1).length > 1) {
      throw new DataError(
        "data.format",
        `${place}: labels must have the shape (N,) or (N, targets), but have ${showShape(array.shape)}.`,
      );
    }
    return { rows, columns, values: readNumbers(array) };
  }
  const items = itemsOf(value);
  if (items === undefined)
    throw new DataError(
      "data.format",
      `${place}: a list of numbers was expected, but there is ${describe(value)}.`,
    );
  const values = Float64Array.from(items, (item, i) => {
    const number = numberOf(item);
    if (number !== undefined) return number;
    throw new DataError("data.format", `${place}: item ${i} should be a number, but is ${describe(item)}.`);
  });
  return { rows: items.length, columns: 1, values };
}

/**
 * Reads one string per item of a list or array. Numbers are written as digits. The parts of an item are
 * joined by "_".
 * @param labels expected number of items, checked before the first is read; default: no check
 * @throws DataError "data.format" for anything else
 */
export function stringsOf(
  source: ByteSource,
  value: PyValue | undefined,
  place: string,
  labels?: number,
): string[] {
  const requireCount = (count: number): void => {
    if (labels !== undefined && count !== labels)
      throw new DataError("data.format", `${place}: there are ${count} items, but ${labels} labels.`);
  };
  const array = arrayOf(value);
  if (array !== undefined) {
    requireCount(array.shape[0] ?? 1);
    return rowTexts(array, place);
  }
  const items = itemsOf(value);
  if (items === undefined)
    throw new DataError(
      "data.format",
      `${place}: a list of strings was expected, but there is ${describe(value)}.`,
    );
  requireCount(items.length);
  let characters = 0;
  return items.map((item, i) => {
    const text = textOf(source, item) ?? joined(source, item, place) ?? unreadable(place, i, item);
    characters += text.length;
    requireInProportion(characters, source, place);
    return text;
  });
}

/** Reads one string per row of an array of shape (N,) or (N, K). Joins the K parts by "_". */
function rowTexts(array: NdArray, place: string): string[] {
  const { dtype, shape } = array;
  const inner = shape.slice(1).filter((size) => size !== 1);
  if (inner.length > 1)
    throw new DataError(
      "data.format",
      `${place}: strings must have the shape (N,) or (N, K), but have ${showShape(shape)}.`,
      { hint: "Store one string per sample." },
    );
  const texts =
    dtype.kind === "S" || dtype.kind === "U" ? readStrings(array) : Array.from(readNumbers(array), String);
  const width = inner[0] ?? 1;
  if (width === 1) return texts;
  return Array.from({ length: shape.at(0) ?? 0 }, (_, row) =>
    texts.slice(row * width, (row + 1) * width).join("_"),
  );
}

function textOf(source: ByteSource, value: PyValue | undefined): string | undefined {
  if (value instanceof PyText || value instanceof PyBytes) return wholeText(source, value);
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "bigint" ? String(value) : undefined;
}

function joined(source: ByteSource, value: PyValue, place: string): string | undefined {
  let characters = 0;
  const parts = itemsOf(value)?.map((item) => {
    const text = textOf(source, item);
    characters += text?.length ?? 0;
    requireInProportion(characters, source, place);
    return text;
  });
  return parts?.every((part) => part !== undefined) === true ? parts.join("_") : undefined;
}

function unreadable(place: string, i: number, value: PyValue): never {
  throw new DataError("data.format", `${place}: item ${i} should be a string, but is ${describe(value)}.`);
}
