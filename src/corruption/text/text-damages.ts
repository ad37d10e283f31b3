import type { MediaDamage } from "../media-damage.js";
import { blankedWords, removedWords } from "./lost-words.js";
import { noPunctuation } from "./no-punctuation.js";
import { otherLanguage } from "./other-language.js";
import { recognitionErrors } from "./recognition-errors.js";
import { replacedWords } from "./replace-words.js";
import type { Text } from "./text-damage.js";
import { truncated } from "./truncated.js";
import { typos } from "./typos.js";
import { wrongText } from "./wrong-text.js";

/** Kinds of corruption of texts, by name. docs/damage.md describes them. */
export const textDamages = {
  "blank-words": blankedWords,
  "remove-words": removedWords,
  "replace-words": replacedWords,
  typos,
  "recognition-errors": recognitionErrors,
  "no-punctuation": noPunctuation,
  truncated,
  "other-language": otherLanguage,
  "wrong-text": wrongText,
} as const satisfies Readonly<Record<string, MediaDamage<Text>>>;
