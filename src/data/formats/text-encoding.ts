import { DataError } from "../../core/errors.js";

/** Windows-1252 from 0x80 to 0x9F. The five undefined codes are U+FFFD. */
const UPPER =
  "\u20ac\ufffd\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\ufffd\u017d\ufffd" +
  "\ufffd\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\ufffd\u017e\u0178";

/**
 * Decodes Windows-1252. The `TextDecoder` of several versions of Node reads this encoding as Latin-1, so
 * quotes, dashes and the euro sign would become control characters.
 */
export function windows1252Text(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += 8192)
    text += String.fromCharCode(...bytes.subarray(start, start + 8192));
  return text.replace(/[\u0080-\u009f]/g, (code) => UPPER[code.charCodeAt(0) - 0x80] ?? code);
}

/**
 * Decodes UTF-8, or UTF-16 with a byte order mark, and removes the mark. Returns undefined for other bytes.
 */
export function unicodeText(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Decodes text of an unknown encoding: as Unicode if it is valid, otherwise as Windows-1252. */
export function looseText(bytes: Uint8Array): string {
  return unicodeText(bytes) ?? windows1252Text(bytes);
}

/** Describes bytes that {@link unicodeText} does not read, with the line. */
export function oddEncoding(
  bytes: Uint8Array,
  name: string,
): { readonly message: string; readonly hint: string } {
  return {
    message: `${name}, line ${firstOddLine(bytes) ?? 1}: it is not valid UTF-8`,
    hint:
      "Save it again with the encoding UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8 IN > OUT " +
      "(with the actual encoding of the file).",
  };
}

/**
 * Decodes text as {@link unicodeText} does.
 *
 * @throws DataError "data.format" naming the line
 */
export function requireUnicode(bytes: Uint8Array, name: string): string {
  const text = unicodeText(bytes);
  if (text !== undefined) return text;
  const { message, hint } = oddEncoding(bytes, name);
  throw new DataError("data.format", `${message}.`, { hint });
}

/** Returns the number of the first line that is not UTF-8, from 1; undefined if all are. */
export function firstOddLine(bytes: Uint8Array): number | undefined {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let start = 0;
  for (let line = 1; start <= bytes.length; line++) {
    const end = bytes.indexOf(10, start);
    const stop = end < 0 ? bytes.length : end;
    try {
      decoder.decode(bytes.subarray(start, stop));
    } catch {
      return line;
    }
    start = stop + 1;
  }
  return undefined;
}
