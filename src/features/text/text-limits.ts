import { ConfigError, MediaError } from "../../core/errors.js";

/**
 * Longest text. Splitting into tokens takes memory in proportion to the text. No caption or transcript is
 * near this.
 */
const MAX_CHARACTERS = 2_000_000;

/** Largest `maxTokens` of Universal Sentence Encoder lite. */
export const LARGEST_MAX_TOKENS_USE = 4096;

/** @throws MediaError "media.too-large" */
export function checkTextLength(text: string): void {
  if (text.length <= MAX_CHARACTERS) return;
  throw new MediaError(
    "media.too-large",
    `the text has ${text.length} characters; the limit is ${MAX_CHARACTERS}`,
    {
      hint: "Split it, for example into its utterances.",
    },
  );
}

/** @throws ConfigError "config.invalid" */
export function checkMaxTokens(maxTokens: number, largest: number): void {
  if (Number.isInteger(maxTokens) && maxTokens >= 1 && maxTokens <= largest) return;
  throw new ConfigError(
    "config.invalid",
    `maxTokens must be a whole number from 1 to ${largest}, not ${maxTokens}`,
  );
}
