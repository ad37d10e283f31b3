import { wordDamage } from "./word-damage.js";

/** Punctuation and capital letters are lost, as in the output of many recognisers of speech. */
export const noPunctuation = wordDamage({
  summary: "punctuation and capital letters are lost",
  change: plain,
});

/** Apostrophes within a word stay. */
function plain(word: string): string {
  return word.replaceAll(/(?<!\p{L})['’]|['’](?!\p{L})|(?!['’])\p{P}/gu, "").toLowerCase();
}
