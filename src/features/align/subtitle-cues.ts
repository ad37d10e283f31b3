import { defined } from "../../core/defined.js";
import { type RawWord, spreadWords } from "./sane-words.js";

export interface Cue {
  /** Text without markup. */
  readonly text: string;
  readonly words: readonly RawWord[];
}

/** Cue whose lines still have markup. */
interface WrittenCue {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

const TIMING = /^\s{0,9}([-\d:.,]{1,40})\s{0,9}-->\s{0,9}([-\d:.,]{1,40})(?:\s|$)/;
const INNER_TIME = /<([\d:.,]{1,40})>/;
const NUMBER_LINE = /^\s{0,9}\d{1,9}\s{0,9}$/;

/**
 * Reads the cues of a SubRip or WebVTT file (W3C WebVTT, sections 4 and 6). The formats differ in the text
 * between cues, which is skipped, and in markup, which is removed. A damaged cue does not affect others.
 *
 * WebVTT times within a cue (`one <00:00:01.500>two`) place its words exactly. Words of other cues share the
 * time of the cue in proportion to their lengths. Rolling captions repeat lines of the previous cue: each
 * word counts once, at the time of its first appearance.
 */
export function parseCues(text: string): Cue[] {
  const lines = text.split(/\r\n|\r|\n/);
  const cues: WrittenCue[] = [];
  for (let i = 0; i < lines.length; i++) {
    const timing = TIMING.exec(lines[i] ?? "");
    if (timing === null) continue;
    const body: string[] = [];
    while (i + 1 < lines.length && lines[i + 1] !== "" && !TIMING.test(lines[i + 1] ?? ""))
      body.push(lines[++i] ?? "");
    // Without an empty line, the next cue begins with its number, which is not text.
    if (TIMING.test(lines[i + 1] ?? "") && NUMBER_LINE.test(body.at(-1) ?? "")) body.pop();
    cues.push({
      start: parseTime(timing[1] ?? ""),
      end: parseTime(timing[2] ?? ""),
      lines: body.filter((line) => line.trim() !== ""),
    });
  }
  return unrolled(cues).map(({ start, end, lines: kept }) => cueOf(kept.join(" "), start, end));
}

/** Longest gap in seconds between a cue and one that directly follows it. */
const TOUCHING = 0.1;
/** Longest duration in seconds of a cue that only keeps text visible until the next line. */
const FLEETING = 0.05;
/** Fraction of cues that continue the previous one, from which captions count as rolling. */
const ROLLING = 0.5;

/**
 * Removes lines that a cue repeats from the previous one. Speakers may repeat words, so this happens only if
 * at least half of the cues continue the previous one and add text, or keep it for an instant.
 */
function unrolled(cues: readonly WrittenCue[]): readonly WrittenCue[] {
  const shown = cues.map(({ lines }) =>
    lines.map((line) =>
      plainText(line.replace(/<[\d:.,]{1,40}>/g, ""))
        .split(/\s+/)
        .join(" "),
    ),
  );
  const repeats = cues.map((cue, i) => {
    const [before, now] = [shown[i - 1] ?? [], shown[i] ?? []];
    return isNext(cues[i - 1], cue) ? repeatedLines(before, now) : 0;
  });
  const rolling = cues.filter(({ start, end, lines }, i) => {
    const repeated = defined(repeats[i]);
    return repeated > 0 && (repeated < lines.length || end - start <= FLEETING);
  });
  if (rolling.length === 0 || rolling.length < ROLLING * (cues.length - 1)) return cues;
  return cues.map((cue, i) => ({ ...cue, lines: cue.lines.slice(defined(repeats[i])) }));
}

function isNext(before: WrittenCue | undefined, { start }: WrittenCue): boolean {
  return before !== undefined && start >= before.start && start - before.end <= TOUCHING;
}

/** Counts the lines at the start of a cue that end the previous cue. */
function repeatedLines(before: readonly string[], now: readonly string[]): number {
  for (let count = Math.min(before.length, now.length, 8); count > 0; count--)
    if (before.slice(-count).every((line, i) => line === now[i])) return count;
  return 0;
}

/**
 * Parses [hours:]minutes:seconds[.fraction] with a comma or a point, in seconds. NaN for anything else.
 * SubRip specifies the comma and hours, but not every program follows.
 */
export function parseTime(text: string): number {
  const match = /^(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,9}))?$/.exec(text);
  if (match === null) return NaN;
  const [, hours = "0", minutes = "0", seconds = "0", fraction = "0"] = match;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(`0.${fraction}`);
}

function cueOf(body: string, start: number, end: number): Cue {
  const parts = body.split(INNER_TIME); // text, time, text, time, text ...
  const pieces = parts.flatMap((part, i) =>
    i % 2 === 1 ? [] : [{ text: plainText(part), start: i === 0 ? start : parseTime(parts[i - 1] ?? "") }],
  );
  const words = pieces.flatMap((piece, i) =>
    spreadWords(piece.text, piece.start, pieces[i + 1]?.start ?? end),
  );
  return { text: words.map((word) => word.text).join(" "), words };
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  nbsp: " ",
  quot: '"',
  apos: "'",
  lrm: "",
  rlm: "",
};

/**
 * Removes tags (<i>, <v Name>, <c.colour>, {\an8}) and resolves numeric entities and those of WebVTT. Keeps a
 * "<" that opens no tag.
 */
export function plainText(text: string): string {
  return text
    .replace(/<\/?[a-zA-Z][^<>]{0,200}>|\{\\[^{}]{0,200}\}/g, " ")
    .replace(
      /&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|([a-z]{2,4}));/g,
      (whole, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
        if (name !== undefined) return Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] ?? "") : whole;
        return characterOf(decimal === undefined ? parseInt(hex ?? "", 16) : Number(decimal));
      },
    )
    .trim();
}

/** Returns the character of a code point. Invalid ones become U+FFFD, as in HTML. */
function characterOf(code: number): string {
  const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : "\ufffd";
}
