import { wordDamage } from "./word-damage.js";

/** Punctuation and capital letters are lost, as in the output of many recognisers of speech. */
export const noPunctuation = wordDamage({
  summary: "punctuation and capital letters are lost",
  change: plain,
});

/** Removes the punctuation and capital letters of a word. Keeps apostrophes inside it. */
function plain(word: string): string {
  return word.replaceAll(/(?<!\p{L})['’]|['’](?!\p{L})|(?!['’])\p{P}/gu, "").toLowerCase();
}
