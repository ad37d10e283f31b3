import { uniformAt } from "../../core/random.js";
import { wordDamage } from "./word-damage.js";

/** Words become the word before or after them. */
export const replacedWords = wordDamage({
  summary: "some words are replaced by the word before or after them",
  change: (word, { words, index, choices }) => {
    const step = uniformAt(choices, index) < 0.5 ? -1 : 1;
    return words[index + step] ?? words[index - step] ?? word; // a single word has no neighbour
  },
});
