import { growingSet } from "../growing-parts.js";
import { textDamage } from "./text-damage.js";

/** Words become `_`, as the literature after QMF blanks them. */
export const blankedWords = textDamage({
  summary: "some words are blanked, each by a line",
  unit: "share of words",
  amountAt: (severity) => severity,
  corrupt: (words, share, key) => {
    const chosen = growingSet(words.length, share, key);
    return words.map((word, i) => (chosen[i] === 1 ? "_" : word));
  },
});

/** Words that are not there. */
export const removedWords = textDamage({
  summary: "some words are left out",
  unit: "share of words",
  amountAt: (severity) => severity,
  corrupt: (words, share, key) => {
    const chosen = growingSet(words.length, share, key);
    return words.map((word, i) => (chosen[i] === 1 ? "" : word));
  },
});
