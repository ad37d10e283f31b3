import type { Word } from "../media.js";

/** No transcript of a clip reaches beyond a day. */
const LATEST = 86_400;

/** A word as a source gives it; times may be missing or nonsense. */
export interface RawWord {
  readonly text: string;
  /** Seconds. */
  readonly start: unknown;
  readonly end: unknown;
}

/** A transcript as a file states it, before its words are checked. */
export interface RawTranscript {
  readonly text: string;
  readonly words: readonly RawWord[];
}

/**
 * Words with usable times, in order of their start. A word whose times are not finite, are negative, reversed
 * or beyond a day is left out: it stays in the transcript's text, and has no place on the clip.
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
 * The words of a line that is known as a whole: they share its time by their number of letters. An
 * approximation, for lack of better.
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
