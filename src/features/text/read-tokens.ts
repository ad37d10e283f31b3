import { ConfigError } from "../../core/errors.js";
import type { TextMedia } from "../media.js";
import type { Quality } from "../quality.js";
import { inCase, type LetterCase } from "./letter-case.js";
import type { ModelTokenizer } from "./model-tokenizer.js";
import { checkTextLength } from "./text-limits.js";
import { textQuality } from "./text-quality.js";
import { normaliseText } from "./unigram-tokenizer.js";

/** A text as an encoder's tokenizer splits it. */
export interface ReadText {
  /** Ids of the text's own tokens, at most as many as there is room for; none for an empty text. */
  readonly tokens: readonly number[];
  readonly words: readonly string[];
  /** Number of tokens of each word, as far as `tokens` go. */
  readonly perWord: readonly number[];
  readonly quality: Quality;
}

/**
 * Splits a text into tokens and measures its quality.
 * @param room most tokens of the text itself
 * @throws MediaError "media.too-large" above 2 million characters, "media.damaged" as `ModelTokenizer.tokenize`
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
 * Number of tokens that a text may have by itself.
 * @param limit most tokens, those that the tokenizer adds included
 * @throws ConfigError "config.invalid" where the limit leaves no room for a text
 */
export function roomFor({ before, after }: ModelTokenizer, limit: number, adapter: string): number {
  const added = before.length + after.length;
  if (limit > added) return limit - added;
  throw new ConfigError("config.invalid", `${adapter}: maxTokens ${limit} leaves no room for a text`, {
    hint: `Its tokenizer adds ${added} tokens to every text.`,
  });
}
