import { wordDamage } from "./word-damage.js";

/** Words become `_`, as the literature after QMF blanks them. */
export const blankedWords = wordDamage({
  summary: "some words are blanked, each by a line",
  change: () => "_",
});

/** Words that are not there. */
export const removedWords = wordDamage({ summary: "some words are left out", change: () => "" });
