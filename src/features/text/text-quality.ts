import { type Problem, type Quality, qualityOf } from "../quality.js";
import type { TextProblem } from "./text-problems.js";
import { normaliseText } from "./unigram-tokenizer.js";

/** Fewer words than this say little by themselves. */
const SHORT_WORDS = 2;
/** Share of words that carry no text, above which a text is called garbled. */
const GARBLED = 0.25;
/** Share of unknown letters and signs, above which a text is doubted: one sign among words is no matter. */
const UNKNOWN = 0.1;
/** Fewer words than this do not show a share. */
const FEWEST_WORDS = 3;

export interface TokenCounts {
  /** How many tokens the text has. */
  readonly tokens: number;
  /** How many of them the encoder reads. */
  readonly read: number;
  /**
   * [words] tokens of each whitespace-separated word of the normalised text in small letters, if the
   * tokenizer tells.
   */
  readonly perWord?: readonly number[];
  /**
   * Share of the text that the encoder has no tokens for, in [0, 1]; left out where its tokenizer knows every
   * text.
   */
  readonly unknownShare?: number;
}

/**
 * What can be seen to be wrong with a text before an encoder reads it: empty, a single word, cut off,
 * unknown to the encoder, garbled. Garbled means that many of its words are blanks ("_", "###"), overwritten with signs ("n?t",
 * "wor##"), wrongly decoded bytes, letters that cannot be read aloud, or words that the tokenizer knows only
 * letter by letter.
 */
export function textQuality(
  text: string,
  { tokens, read, perWord = [], unknownShare }: TokenCounts,
): Quality {
  const words = normaliseText(text)
    .split(" ")
    .filter((word) => word !== "");
  const spoilt = words.filter((word, i) => isSpoilt(word) || isFragmented(word, perWord[i] ?? 0)).length;
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
      message: `${(100 * unknownShare).toFixed(0)}% of it is in letters or signs that the encoder does not know`,
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

/** Blank marks that stand where a word was. */
const BLANK = /^(?:_+|#+|\*+|\uFFFD+|\[?(?:unk|mask|pad|redacted)\]?|<(?:unk|mask|pad)>)$/iu;
/** The replacement character, and what UTF-8 looks like when read as Latin-1 or Windows-1252. */
const MOJIBAKE = /\uFFFD|[\u00C2\u00C3][\u0080-\u00BF]|\u00E2[\u0080\u20AC]/u;
/** Signs where letters were: "n?t", "d@@@k", "wor##". One sign in one word is people's own masking. */
const OVERWRITTEN = /[a-z][#%*?]+[a-z]|[a-z][#%&*@]{2,}/iu;
const LINK_OR_TAG = /^(?:https?:|www\.|[@#&])|\.(?:com|org|net)\b|\//iu;

function isSpoilt(word: string): boolean {
  if (BLANK.test(word) || MOJIBAKE.test(word)) return true;
  if (LINK_OR_TAG.test(word)) return false;
  if (OVERWRITTEN.test(word)) return true;
  return word.split(/[^a-zA-Z]+/u).some((run) => run.length >= 4 && !isPronounceable(run.toLowerCase()));
}

/**
 * Whether a run of Latin letters could be read aloud: a vowel is there, and no more than four consonants
 * stand together. Runs of one repeated letter ("sooooo", "hmmmm") are people's emphasis.
 */
function isPronounceable(run: string): boolean {
  const single = run.replace(/(.)\1+/g, "$1");
  if (single.length < 4) return true;
  return /[aeiouy]/.test(single) && !/[^aeiouy]{5}/.test(single);
}

/** Tokens for each letter; English words have fewer than half of it, words of shuffled letters more. */
const FRAGMENTED = 0.55;

function isFragmented(word: string, tokens: number): boolean {
  const letters = /^[^a-zA-Z]*([a-zA-Z]{4,})[^a-zA-Z]*$/.exec(word)?.[1]?.length ?? 0;
  return letters > 0 && !LINK_OR_TAG.test(word) && !/(.)\1\1/.test(word) && tokens / letters > FRAGMENTED;
}
