import { growingSet } from "../growing-parts.js";
import { textDamage } from "./text-damage.js";

/** Punctuation and capital letters are lost, as in the output of many recognisers of speech. */
export const noPunctuation = textDamage({
  summary: "punctuation and capital letters are lost",
  unit: "share of words",
  amountAt: (severity) => severity,
  corrupt: (words, share, key) => {
    const chosen = growingSet(words.length, share, key);
    return words.map((word, i) => (chosen[i] === 1 ? plain(word) : word));
  },
});

/** Apostrophes within a word stay. */
function plain(word: string): string {
  return word.replaceAll(/(?<!\p{L})['’]|['’](?!\p{L})|(?!['’])\p{P}/gu, "").toLowerCase();
}
