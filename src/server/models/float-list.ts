import { defined } from "../../core/defined.js";

const SPACE = 0x20;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const BIG_E = 0x45;
const CLOSE_LIST = 0x5d;
const SMALL_E = 0x65;

/** Powers of ten that a double represents exactly. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Number of digits that always fit a double, and that fit a 32-bit integer. */
const DIGITS = 15;
const SMALL = 9;
/** Bound of the relative error of a value of which only the first 15 digits were used. */
const ERROR = 2e-14;
/** Largest number of characters of a number. */
const LONGEST = 100;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Reads lists of numbers in JSON as floats. */
export class FloatList {
  private values: Float32Array<ArrayBuffer>;
  private first = 0;
  private end = 0;
  /** Position after the last number. */
  private next = 0;

  /** @param expected number of floats in all lists, if the estimate is right */
  constructor(expected: number) {
    this.values = new Float32Array(expected);
  }

  /** Floats of the last list. */
  get last(): Float32Array {
    return this.values.subarray(this.first, this.end);
  }

  /**
   * Reads the numbers of a list, and its closing bracket. Each one has the bits of `Math.fround` of the
   * number that JSON.parse returns.
   *
   * JSON.parse finds the nearest double, which takes most of its time. A float needs fewer digits: the first
   * 15 decide, unless the value is very close to the middle between two floats.
   * @param bytes text that has a closing bracket at its end
   * @param from position after the opening bracket
   * @returns the position after the list; -1 for anything unusual, and for a number that no float holds
   */
  read(bytes: Uint8Array, from: number): number {
    let { values, end } = this;
    this.first = end;
    for (let at = from; ;) {
      const float = this.float(bytes, afterSpace(bytes, at));
      if (float - float !== 0) return -1; // infinite or NaN
      if (end === values.length) values = this.enlarge();
      values[end++] = float;
      at = afterSpace(bytes, this.next);
      const byte = defined(bytes[at]);
      at += 1;
      if (byte === CLOSE_LIST) {
        this.end = end;
        return at;
      }
      if (byte !== COMMA) return -1;
    }
  }

  private enlarge(): Float32Array<ArrayBuffer> {
    const more = new Float32Array(2 * this.values.length + 64);
    more.set(this.values);
    this.values = more;
    return more;
  }

  /** Reads a number, and sets `next` to the position after it. NaN for anything unusual. */
  private float(bytes: Uint8Array, start: number): number {
    let at = start;
    const isNegative = defined(bytes[at]) === MINUS;
    if (isNegative) at += 1;
    // value = (high * 10^(digits - 9) + low) / 10^decimals, where low has the digits after the ninth
    let high = 0;
    let low = 0;
    let digits = 0;
    let decimals = 0;
    let digit = defined(bytes[at]) - ZERO;
    let isUnusual = digit >>> 0 > 9;
    let isCut = false;
    if (digit === 0) digit = defined(bytes[++at]) - ZERO;
    else
      for (; digit >>> 0 <= 9 && digits < SMALL; digits++) {
        high = (high * 10 + digit) | 0;
        digit = defined(bytes[++at]) - ZERO;
      }
    if (digit === DOT - ZERO) {
      const point = ++at;
      digit = defined(bytes[at]) - ZERO;
      isUnusual ||= digit >>> 0 > 9;
      if (digits === 0) while (digit === 0) digit = defined(bytes[++at]) - ZERO;
      for (; digit >>> 0 <= 9 && digits < DIGITS; digits++) {
        if (digits < SMALL) high = (high * 10 + digit) | 0;
        else low = (low * 10 + digit) | 0;
        digit = defined(bytes[++at]) - ZERO;
      }
      decimals = at - point;
      isCut = digit >>> 0 <= 9;
      while (digit >>> 0 <= 9) digit = defined(bytes[++at]) - ZERO;
    }
    if (isUnusual || isMoreOfNumber(digit) || decimals >= POWERS.length) return this.slowly(bytes, start);
    const whole = high * defined(POWERS[Math.max(digits - SMALL, 0)]) + low;
    const value = whole / defined(POWERS[decimals]); // the nearest double, unless digits were cut
    if (isCut && isNearMiddle(value)) return this.slowly(bytes, start);
    this.next = at;
    return Math.fround(isNegative ? -value : value);
  }

  /** Does the same as JSON.parse. */
  private slowly(bytes: Uint8Array, start: number): number {
    let end = start;
    while (isNumeric(defined(bytes[end]))) end += 1;
    this.next = end;
    return Math.fround(parseNumber(bytes.subarray(start, end)));
  }
}

/**
 * Returns true if a value is so close to the middle between two floats that its error decides to which of
 * them it is rounded.
 */
function isNearMiddle(value: number): boolean {
  return Math.fround(value * (1 - ERROR)) !== Math.fround(value * (1 + ERROR));
}

/**
 * Returns true if a number goes on with a character.
 * @param digit code of the character minus that of 0
 */
function isMoreOfNumber(digit: number): boolean {
  return digit >>> 0 <= 9 || digit === SMALL_E - ZERO || digit === BIG_E - ZERO;
}

function afterSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isSpace(defined(bytes[at]))) at += 1;
  return at;
}

/** Returns true for the characters that JSON allows between values. */
export function isSpace(byte: number): boolean {
  return byte <= SPACE && (byte === SPACE || byte === 0x0a || byte === 0x0d || byte === 0x09);
}

function isNumeric(byte: number): boolean {
  const digit = byte - ZERO;
  return digit >>> 0 <= 9 || "+-.eE".includes(String.fromCharCode(byte));
}

/** Reads a number as JSON.parse does. NaN for other text. */
function parseNumber(bytes: Uint8Array): number {
  if (bytes.length > LONGEST) return NaN;
  const text = String.fromCharCode(...bytes);
  return NUMBER.test(text) ? Number(text) : NaN;
}
