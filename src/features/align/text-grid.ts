import { type RawTranscript, type RawWord, spreadWords } from "./sane-words.js";

interface Tier {
  readonly name: string;
  readonly words: readonly RawWord[];
}

/** Labels that aligners use for silence and noise. */
const SILENCE = /^(sil|sp|spn|<eps>|<unk>|<sil>|silence|\s*)$/i;

/**
 * Reads the words of a Praat TextGrid, in its long or short form: from the interval tiers whose name ends in
 * "word" or "words" (aligners write one per speaker), otherwise from the first interval tier. Like Praat,
 * reads only strings, numbers and flags that stand alone.
 * @returns undefined without an interval tier
 */
export function readTextGrid(text: string): RawTranscript | undefined {
  const tiers = tiersOf(tokensOf(text));
  const named = tiers.filter(({ name }) => /words?$/i.test(name.trim()));
  const taken = named.length > 0 ? named : tiers.slice(0, 1);
  if (taken.length === 0) return undefined;
  const words = taken.flatMap((tier) => tier.words);
  const ordered = words.sort((a, b) => Number(a.start) - Number(b.start));
  return { text: ordered.map((word) => word.text).join(" "), words: ordered };
}

type Token = string | number;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? "";
    if (character === '"') {
      const [value, end] = quoted(text, at);
      tokens.push(value);
      at = end;
    } else if (/\s/.test(character)) at += 1;
    else {
      let end = at;
      while (end < text.length && !/[\s"]/.test(text[end] ?? "")) end += 1;
      const word = text.slice(at, end);
      if (word.startsWith("!")) end = lineEnd(text, at);
      else if (word.length < 40 && /^-?\d+(\.\d*)?(e[-+]?\d+)?$/i.test(word)) tokens.push(Number(word));
      at = end;
    }
  }
  return tokens;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

/** Reads a string, in which a doubled quote is one quote, and the position after it. */
function quoted(text: string, start: number): [string, number] {
  let end = start + 1;
  for (;;) {
    const quote = text.indexOf('"', end);
    if (quote < 0) return [text.slice(start + 1), text.length];
    if (text[quote + 1] !== '"') return [text.slice(start + 1, quote).replaceAll('""', '"'), quote + 1];
    end = quote + 2;
  }
}

/** Reads the interval tiers. A damaged tier ends where its tokens end. */
function tiersOf(tokens: readonly Token[]): Tier[] {
  const tiers: Tier[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] !== "IntervalTier") continue;
    const [name, count] = [tokens[i + 1], tokens[i + 4]];
    if (typeof name !== "string" || typeof count !== "number") continue;
    const words: RawWord[] = [];
    let at = i + 5;
    for (let n = 0; n < count && at + 2 < tokens.length; n++, at += 3) {
      const [start, end, label] = [tokens[at], tokens[at + 1], tokens[at + 2]];
      if (typeof start !== "number" || typeof end !== "number" || typeof label !== "string") break;
      if (!SILENCE.test(label)) words.push(...spreadWords(label, start, end));
    }
    tiers.push({ name, words });
    i = at - 1;
  }
  return tiers;
}
