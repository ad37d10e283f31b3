import { defined } from "../../core/defined.js";
import { foldIn, uniformAt } from "../../core/random.js";
import { growingSet } from "../growing-parts.js";
import { textDamage } from "./text-damage.js";

/** Words become the word before or after them. */
export const replacedWords = textDamage({
  summary: "some words are replaced by the word before or after them",
  unit: "share of words",
  amountAt: (severity) => severity,
  corrupt: (words, share, key) => {
    if (words.length < 2) return words;
    const chosen = growingSet(words.length, share, key);
    const sides = foldIn(key, 1);
    return words.map((word, i) => {
      if (chosen[i] !== 1) return word;
      const step = uniformAt(sides, i) < 0.5 ? -1 : 1;
      return defined(words[i + step] ?? words[i - step]);
    });
  },
});
