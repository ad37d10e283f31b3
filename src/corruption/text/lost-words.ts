import { wordDamage } from "./word-damage.js";

/** Words become `_`, as in the literature after QMF. */
export const blankedWords = wordDamage({
  summary: "some words are replaced by a blank line",
  change: () => "_",
});

/** Words that are removed. */
export const removedWords = wordDamage({ summary: "some words are removed", change: () => "" });
