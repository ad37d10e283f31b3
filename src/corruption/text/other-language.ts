import { defined } from "../../core/defined.js";
import { integerAt } from "../../core/random.js";
import { GERMAN } from "./word-lists.js";
import { wordDamage } from "./word-damage.js";
import { withCore } from "./word-parts.js";

const germanWords = Object.values(GERMAN);

/** Words in German: the translation of a common English word, any word of the list for another one. */
export const otherLanguage = wordDamage({
  summary: "some words are in another language (German)",
  change: (word, { index, choices }) => {
    const any = defined(germanWords[integerAt(choices, index, germanWords.length)]);
    return withCore(word, (core) => (Object.hasOwn(GERMAN, core) ? (GERMAN[core] ?? any) : any));
  },
});
