import { defined } from "../../core/defined.js";
import type { Word } from "../media.js";

export interface Span {
  /** Start in seconds. */
  readonly start: number;
  readonly end: number;
}

/** Largest table that is aligned word by word. In larger ones, the words share the whole time evenly. */
const MAX_CELLS = 4_000_000;

/**
 * Finds the time of each word of a text.
 *
 * The words of the text and the timed words may differ in punctuation, case, or a word more or less. They are
 * matched by the longest common subsequence of their letters and digits. Unmatched words share the time
 * between their matched neighbours evenly.
 * @param words words of the text
 * @param timed words with times in seconds, in order of time
 * @returns a span for each of `words`; empty if `timed` is empty
 */
export function wordTimes(words: readonly string[], timed: readonly Word[]): Span[] {
  const first = timed[0];
  const last = timed.at(-1);
  if (!first || !last) return [];
  const matches =
    words.length * timed.length <= MAX_CELLS
      ? match(
          words.map(bare),
          timed.map(({ text }) => bare(text)),
        )
      : new Map<number, number>();
  const spans: Span[] = [];
  let at = 0;
  let from = first.start;
  while (at < words.length) {
    const partner = timed[matches.get(at) ?? -1];
    if (partner) {
      spans.push({ start: partner.start, end: partner.end });
      from = partner.end;
      at++;
      continue;
    }
    let until = at;
    while (until < words.length && !matches.has(until)) until++;
    const to = Math.max(from, timed[matches.get(until) ?? -1]?.start ?? last.end);
    const share = (to - from) / (until - at);
    for (let i = at; i < until; i++)
      spans.push({ start: from + (i - at) * share, end: from + (i - at + 1) * share });
    at = until;
  }
  return spans;
}

function bare(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** Finds the longest common subsequence of two lists: index in `a` -> index in `b`. */
function match(a: readonly string[], b: readonly string[]): Map<number, number> {
  const columns = b.length + 1;
  const length = new Int32Array((a.length + 1) * columns);
  const at = (i: number, j: number): number => defined(length[i * columns + j]);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i * columns + j] = same(a[i], b[j])
        ? 1 + at(i + 1, j + 1)
        : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs = new Map<number, number>();
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (same(a[i], b[j])) pairs.set(i++, j++);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}

function same(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a !== "" && a === b;
}
