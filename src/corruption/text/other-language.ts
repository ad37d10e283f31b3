import { defined } from "../../core/defined.js";
import { foldIn, integerAt } from "../../core/random.js";
import { growingSet } from "../growing-parts.js";
import { textDamage } from "./text-damage.js";
import { GERMAN } from "./word-lists.js";
import { withCore } from "./word-parts.js";

const germanWords = Object.values(GERMAN);

/** Words in German: the translation of a common English word, any word of the list for another one. */
export const otherLanguage = textDamage({
  summary: "some words are in another language (German)",
  unit: "share of words",
  amountAt: (severity) => severity,
  corrupt: (words, share, key) => {
    const chosen = growingSet(words.length, share, key);
    const choices = foldIn(key, 1);
    return words.map((word, i) => {
      if (chosen[i] !== 1) return word;
      const any = defined(germanWords[integerAt(choices, i, germanWords.length)]);
      return withCore(word, (core) => (Object.hasOwn(GERMAN, core) ? (GERMAN[core] ?? any) : any));
    });
  },
});
