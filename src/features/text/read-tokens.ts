import { ConfigError } from "../../core/errors.js";
import type { TextMedia } from "../media.js";
import type { Quality } from "../quality.js";
import { inCase, type LetterCase } from "./letter-case.js";
import type { ModelTokenizer } from "./model-tokenizer.js";
import { checkTextLength } from "./text-limits.js";
import { textQuality } from "./text-quality.js";
import { normaliseText } from "./unigram-tokenizer.js";

/** Text, split by an encoder's tokenizer. */
export interface ReadText {
  /** Ids of the text, without added ones, at most `room`. Empty for an empty text. */
  readonly tokens: readonly number[];
  readonly words: readonly string[];
  /** Number of tokens of each word, up to the end of `tokens`. */
  readonly perWord: readonly number[];
  readonly quality: Quality;
}

/**
 * Splits a text into tokens and measures its quality.
 * @param room largest number of tokens, without added ones
 * @throws MediaError "media.too-large" above 2 million characters, "media.damaged" as
 * `ModelTokenizer.tokenize`
 */
export function readTokens(
  { text: raw }: TextMedia,
  tokenizer: ModelTokenizer,
  { letterCase, room }: { readonly letterCase: LetterCase; readonly room: number },
): ReadText {
  checkTextLength(raw);
  const text = inCase(raw, letterCase);
  const words = normaliseText(text).split(" ");
  const all = words[0] === "" ? [] : tokenizer.tokenize(text);
  const tokens = all.slice(0, room);
  const perWord = tokens.length === 0 ? [] : tokenizer.tokensPerWord(words, tokens.length);
  const counts = { tokens: all.length, read: tokens.length, perWord, ...tokenizer.unknownShare(all) };
  return { tokens, words, perWord, quality: textQuality(raw, counts) };
}

/**
 * Returns the largest number of tokens of a text, without added ones.
 * @param limit largest number of tokens, including added ones
 * @throws ConfigError "config.invalid" if the limit leaves no room for a text
 */
export function roomFor({ before, after }: ModelTokenizer, limit: number, adapter: string): number {
  const added = before.length + after.length;
  if (limit > added) return limit - added;
  throw new ConfigError("config.invalid", `${adapter}: maxTokens ${limit} leaves no room for a text`, {
    hint: `Its tokenizer adds ${added} tokens to every text.`,
  });
}
