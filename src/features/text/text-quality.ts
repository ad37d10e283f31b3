import { type Problem, type Quality, qualityOf } from "../quality.js";
import type { TextProblem } from "./text-problems.js";
import { normaliseText } from "./unigram-tokenizer.js";

/** A text with fewer words is short. */
const SHORT_WORDS = 2;
/** Fraction of unreadable words above which a text is garbled. */
const GARBLED = 0.25;
/**
 * Fraction of unknown letters and signs above which a text is doubted. One unknown sign among words does not
 * matter.
 */
const UNKNOWN = 0.1;
/** Fewest words for a meaningful fraction. */
const FEWEST_WORDS = 3;

export interface TokenCounts {
  /** Number of tokens of the text. */
  readonly tokens: number;
  /** Number of tokens that the encoder reads. */
  readonly read: number;
  /**
   * [words] number of tokens of each whitespace-separated word of the normalised, lower-cased text, if the
   * tokenizer counts them.
   */
  readonly perWord?: readonly number[];
  /**
   * Fraction of the text for which the encoder has no tokens, in [0, 1]; absent if its tokenizer knows every
   * text.
   */
  readonly unknownShare?: number;
}

/**
 * Measures the quality of a text before an encoder reads it. Finds empty, single-word, cut off, unknown and
 * garbled texts.
 *
 * A text is garbled if many of its words are blanks ("_", "###"), overwritten with signs ("n?t", "wor##"),
 * wrongly decoded bytes, unpronounceable letters, or words that the tokenizer only knows letter by letter.
 */
export function textQuality(
  text: string,
  { tokens, read, perWord = [], unknownShare }: TokenCounts,
): Quality {
  const words = normaliseText(text)
    .split(" ")
    .filter((word) => word !== "");
  const spoilt = words.filter((word, i) => isSpoilt(word) || isFragmented(word, perWord.at(i) ?? 0)).length;
  const spoiltShare = words.length === 0 ? 0 : spoilt / words.length;
  const measures = {
    words: words.length,
    tokens,
    tokensDropped: tokens - read,
    spoiltShare,
    ...(unknownShare !== undefined && { unknownShare }),
  };
  if (tokens === 0) return qualityOf(measures, [{ code: "text.empty", severity: 1, message: "it is empty" }]);
  const problems: Problem<TextProblem>[] = [];
  if (words.length < SHORT_WORDS)
    problems.push({ code: "text.short", severity: 0.3, message: "it has a single word" });
  if (spoiltShare > GARBLED && words.length >= FEWEST_WORDS) {
    problems.push({
      code: "text.garbled",
      severity: Math.min(1, spoiltShare),
      message: `it is garbled (${(100 * spoiltShare).toFixed(0)}% of its words cannot be read)`,
    });
  }
  if (unknownShare !== undefined && unknownShare > UNKNOWN) {
    problems.push({
      code: "text.unknown",
      severity: unknownShare,
      message: `the encoder does not know ${(100 * unknownShare).toFixed(0)}% of its letters and signs`,
    });
  }
  if (read < tokens)
    problems.push({
      code: "text.truncated",
      severity: (tokens - read) / tokens / 2,
      message: `only its first ${read} of ${tokens} tokens were read`,
    });
  return qualityOf(measures, problems);
}

/** Marks that replace a whole word. */
const BLANK = /^(?:_+|#+|\*+|\uFFFD+|\[?(?:unk|mask|pad|redacted)\]?|<(?:unk|mask|pad)>)$/iu;
/** Replacement character, and UTF-8 that was read as Latin-1 or Windows-1252. */
const MOJIBAKE = /\uFFFD|[\u00C2\u00C3][\u0080-\u00BF]|\u00E2[\u0080\u20AC]/u;
/**
 * Signs in place of letters: "n?t", "d@@@k", "wor##". People mask single letters on purpose, so one sign in
 * one word does not count.
 */
const OVERWRITTEN = /[a-z][#%*?]+[a-z]|[a-z][#%&*@]{2,}/iu;
const LINK_OR_TAG = /^(?:https?:|www\.|[@#&])|\.(?:com|org|net)\b|\//iu;

function isSpoilt(word: string): boolean {
  if (BLANK.test(word) || MOJIBAKE.test(word)) return true;
  if (LINK_OR_TAG.test(word)) return false;
  if (OVERWRITTEN.test(word)) return true;
  return word.split(/[^a-zA-Z]+/u).some((run) => run.length >= 4 && !isPronounceable(run.toLowerCase()));
}

/**
 * True if a run of Latin letters can be pronounced: it has a vowel, and at most four consonants in a row.
 * Runs of one repeated letter ("sooooo", "hmmmm") are emphasis.
 */
function isPronounceable(run: string): boolean {
  const single = run.replace(/(.)\1+/g, "$1");
  if (single.length < 4) return true;
  return /[aeiouy]/.test(single) && !/[^aeiouy]{5}/.test(single);
}

/**
 * Tokens per letter above which a word is fragmented. English words have less than half, shuffled letters
 * more.
 */
const FRAGMENTED = 0.55;

function isFragmented(word: string, tokens: number): boolean {
  const letters = /^[^a-zA-Z]*([a-zA-Z]{4,})[^a-zA-Z]*$/.exec(word)?.[1]?.length ?? 0;
  return letters > 0 && !LINK_OR_TAG.test(word) && !/(.)\1\1/.test(word) && tokens / letters > FRAGMENTED;
}
