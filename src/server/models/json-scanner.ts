import { defined } from "../../core/defined.js";
import { FloatList, isSpace } from "./float-list.js";

const QUOTE = 0x22;
const ZERO = 0x30;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_OBJECT = 0x7d;
/** Largest number of digits of a whole number. */
const DIGITS = 15;
/** Typical number of characters of a feature, with its comma. */
const CHARACTERS = 12;

/**
 * Reads the usual forms of JSON from their bytes, without text in between. A method returns undefined, or
 * false, for anything else: also for valid JSON in an unusual form. The caller must then use another parser.
 */
export class JsonScanner {
  private at = 0;
  private readonly floats: FloatList;

  private constructor(private readonly bytes: Uint8Array) {
    this.floats = new FloatList(Math.ceil(bytes.length / CHARACTERS));
  }

  /** Returns a scanner of an object. Undefined for bytes that do not end like one. */
  static of(bytes: Uint8Array): JsonScanner | undefined {
    let end = bytes.length;
    while (end > 0 && isSpace(defined(bytes[end - 1]))) end -= 1;
    // numbers and spaces end at the last bracket at the latest, so that no loop leaves the array
    return bytes[end - 1] === CLOSE_OBJECT ? new JsonScanner(bytes.subarray(0, end)) : undefined;
  }

  /** True if everything was read. */
  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  /** Skips spaces and this character. Returns false, and only skips spaces, if another one is next. */
  take(character: string): boolean {
    const found = this.next() === character.charCodeAt(0);
    if (found) this.at += 1;
    return found;
  }

  /** Reads a string of ASCII characters without escapes. */
  text(): string | undefined {
    if (this.next() !== QUOTE) return undefined;
    const start = this.at + 1;
    const end = this.bytes.indexOf(QUOTE, start);
    if (end < 0) return undefined;
    let text = "";
    for (let at = start; at < end; at++) {
      const byte = defined(this.bytes[at]);
      if (byte < 0x20 || byte > 0x7e || byte === BACKSLASH) return undefined;
      text += String.fromCharCode(byte);
    }
    this.at = end + 1;
    return text;
  }

  /** Reads a string and the colon after it. */
  key(): string | undefined {
    const key = this.text();
    return key !== undefined && this.take(":") ? key : undefined;
  }

  /** Reads a whole number of at most 15 digits. */
  integer(): number | undefined {
    this.next();
    const start = this.at;
    let end = start;
    while ((defined(this.bytes[end]) - ZERO) >>> 0 <= 9) end += 1;
    const length = end - start;
    if (length === 0 || length > DIGITS || (length > 1 && this.bytes[start] === ZERO)) return undefined;
    this.at = end;
    return Number(this.slice(start, end));
  }

  /** Reads null. Returns false, and reads nothing, if something else is next. */
  takeNull(): boolean {
    this.next();
    const found = this.slice(this.at, this.at + 4) === "null";
    if (found) this.at += 4;
    return found;
  }

  /** Reads a list of numbers, or a list of such lists. */
  vectors(): Float32Array | Float32Array[] | undefined {
    if (!this.take("[")) return undefined;
    if (this.next() !== OPEN_LIST) return this.numbers();
    const vectors: Float32Array[] = [];
    do {
      const vector = this.take("[") ? this.numbers() : undefined;
      if (!vector) return undefined;
      vectors.push(vector);
    } while (this.take(","));
    return this.take("]") ? vectors : undefined;
  }

  /** Reads the numbers of a list, and its closing bracket. */
  private numbers(): Float32Array | undefined {
    const end = this.floats.read(this.bytes, this.at);
    if (end < 0) return undefined;
    this.at = end;
    return this.floats.last;
  }

  /** Skips spaces and returns the next byte; -1 at the end. */
  private next(): number {
    while (this.at < this.bytes.length) {
      const byte = defined(this.bytes[this.at]);
      if (!isSpace(byte)) return byte;
      this.at += 1;
    }
    return -1;
  }

  private slice(start: number, end: number): string {
    return String.fromCharCode(...this.bytes.subarray(start, end));
  }
}
