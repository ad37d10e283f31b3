import { defined } from "../../../core/defined.js";
import { DataError } from "../../../core/errors.js";
import { ByteCursor } from "../byte-data.js";
import type { ByteSource } from "../byte-source.js";
import { latin1Text } from "../nd-array.js";
import { looseText } from "../text-encoding.js";
import type { PickleMachine } from "./machine.js";
import { PyBytes, PyText, type PyValue } from "./values.js";

const utf8 = new TextDecoder("utf-8", { fatal: true });
const loose = new TextDecoder("utf-8");

/** Largest number of bytes of a string that is decoded at once. Longer ones stay in the file. */
export const SHORT = 1 << 12;

/**
 * Decodes UTF-8. Python also writes halves of surrogate pairs, which become U+FFFD.
 * @throws DataError "data.format" for invalid UTF-8, because two ids or class names could become equal
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    if (hasSurrogate(bytes)) return loose.decode(bytes);
    throw new DataError("data.format", "A text of the pickle is not valid UTF-8.", {
      hint: "The file is damaged: save it again.",
      cause,
    });
  }
}

function hasSurrogate(bytes: Uint8Array): boolean {
  return bytes.some((byte, i) => byte === 0xed && (bytes.at(i + 1) ?? 0) >= 0xa0);
}

/** Returns a string, or a short byte string read as latin-1. Returns undefined for anything else. */
export function shortText(machine: PickleMachine, value: PyValue): string | undefined {
  if (typeof value === "string") return value;
  return value instanceof PyBytes && value.data.kind === "memory"
    ? latin1Text(value.data.bytes)
    : wholeText(machine.source, value, SHORT);
}

/**
 * Returns a string of at most `limit` bytes; undefined for anything else. Reads byte strings (of Python 2) as
 * UTF-8 if they are valid, otherwise as Windows-1252.
 */
export function wholeText(
  source: ByteSource,
  value: PyValue | undefined,
  limit = 1 << 26,
): string | undefined {
  if (typeof value === "string") return value;
  if (value instanceof PyText)
    return value.length <= limit ? decodeUtf8(source.read(value.offset, value.length)) : undefined;
  if (!(value instanceof PyBytes)) return undefined;
  const { data } = value;
  if (data.kind === "memory") return looseText(data.bytes);
  if (data.length > limit) return undefined;
  if (data.kind === "latin1-text") return decodeUtf8(source.read(data.offset, data.length));
  return looseText(new ByteCursor(source, data, source.name).take(data.length));
}

/** Encodes a string as latin-1. */
export function latin1Bytes(machine: PickleMachine, text: string): Uint8Array {
  machine.spend(text.length);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) machine.fail("data.format", "text that encodes bytes has a character above 255");
    bytes[i] = code;
  }
  return bytes;
}

const ESCAPES: Readonly<Record<string, number>> = {
  n: 10,
  r: 13,
  t: 9,
  "\\": 92,
  "'": 39,
  '"': 34,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
};

/** Decodes the quoted string of opcode STRING (a Python 2 repr). */
export function unquote(machine: PickleMachine, line: Uint8Array): Uint8Array {
  const quote = line[0];
  if (line.length < 2 || (quote !== 39 && quote !== 34) || line[line.length - 1] !== quote)
    machine.fail("data.format", "a string of protocol 0 is not quoted");
  const out = new Uint8Array(line.length);
  let written = 0;
  for (let i = 1; i < line.length - 1; i++) {
    let byte = defined(line[i]);
    if (byte === 92) {
      i += 1;
      const letter = String.fromCharCode(defined(line[i]));
      if (letter === "x") {
        byte = hexAt(machine, line, i + 1, 2);
        i += 2;
      } else byte = ESCAPES[letter] ?? machine.fail("data.format", `the escape \\${letter} is unknown`);
    }
    out[written++] = byte;
  }
  return out.slice(0, written);
}

function hexAt(machine: PickleMachine, line: Uint8Array, start: number, digits: number): number {
  const text = latin1Text(line.subarray(start, start + digits));
  return new RegExp(`^[0-9a-fA-F]{${digits}}$`).test(text)
    ? parseInt(text, 16)
    : machine.fail("data.format", "a hexadecimal escape is cut off");
}

/** Decodes the raw-unicode-escape text of opcode UNICODE: latin-1, with \uXXXX and \UXXXXXXXX. */
export function rawUnicode(machine: PickleMachine, line: Uint8Array): string {
  const parts: string[] = [];
  let plainFrom = 0;
  for (let i = line.indexOf(92); i >= 0 && i < line.length; i = line.indexOf(92, i)) {
    const digits = line[i + 1] === 117 ? 4 : line[i + 1] === 85 ? 8 : 0;
    if (digits === 0) {
      i += line[i + 1] === 92 ? 2 : 1;
      continue;
    }
    const point = hexAt(machine, line, i + 2, digits);
    if (point > 0x10ffff) machine.fail("data.format", "a character above U+10FFFF");
    parts.push(latin1Text(line.subarray(plainFrom, i)), String.fromCodePoint(point));
    i += 2 + digits;
    plainFrom = i;
  }
  parts.push(latin1Text(line.subarray(plainFrom)));
  return parts.join("");
}
