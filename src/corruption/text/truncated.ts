import { textDamage } from "./text-damage.js";

/** The last words are cut off. */
export const truncated = textDamage({
  summary: "the end is cut off",
  unit: "share of words",
  amountAt: (severity) => severity,
  corrupt: (words, share) => {
    const kept = words.length - Math.round(share * words.length);
    return words.map((word, i) => (i < kept ? word : ""));
  },
});
