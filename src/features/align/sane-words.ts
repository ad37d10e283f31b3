import type { Word } from "../media.js";

/** Latest valid time in seconds: one day. */
const LATEST = 86_400;

/** Word in a source. Its times may be missing or invalid. */
export interface RawWord {
  readonly text: string;
  /** Start in seconds. */
  readonly start: unknown;
  readonly end: unknown;
}

/** Transcript in a file, before its words are checked. */
export interface RawTranscript {
  readonly text: string;
  readonly words: readonly RawWord[];
}

/**
 * Returns the words with valid times, in order of their start. A word with times that are not finite,
 * negative, reversed or beyond a day is dropped: it remains in the text, but has no time.
 */
export function saneWords(words: readonly RawWord[]): Word[] {
  const sane = words.flatMap(({ text, start, end }): Word[] => {
    const bare = text.trim();
    const isSane = bare !== "" && isTime(start) && isTime(end) && start <= end;
    return isSane ? [{ text: bare, start, end }] : [];
  });
  return sane.sort((a, b) => a.start - b.start || a.end - b.end);
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= LATEST;
}

/**
 * Divides the time of a line among its words by their number of letters. This is an approximation for lines
 * without word times.
 */
export function spreadWords(text: string, start: number, end: number): RawWord[] {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const letters = words.reduce((sum, word) => sum + word.length, 0);
  let before = 0;
  return words.map((word) => {
    const at = start + ((end - start) * before) / letters;
    before += word.length;
    return { text: word, start: at, end: start + ((end - start) * before) / letters };
  });
}
