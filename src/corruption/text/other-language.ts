import { defined } from "../../core/defined.js";
import { integerAt } from "../../core/random.js";
import { GERMAN } from "./word-lists.js";
import { wordDamage } from "./word-damage.js";
import { withCore } from "./word-parts.js";

const germanWords = Object.values(GERMAN);

/**
 * Words in German. A common English word becomes its translation, any other word a drawn word of the list.
 */
export const otherLanguage = wordDamage({
  summary: "some words are in another language (German)",
  change: (word, { index, choices }) => {
    const any = defined(germanWords[integerAt(choices, index, germanWords.length)]);
    return withCore(word, (core) => (Object.hasOwn(GERMAN, core) ? (GERMAN[core] ?? any) : any));
  },
});
