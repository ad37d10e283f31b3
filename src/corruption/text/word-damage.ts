import { foldIn, type RandomKey } from "../../core/random.js";
import { growingSet } from "../growing-parts.js";
import type { MediaDamage } from "../media-damage.js";
import { type Text, textDamage } from "./text-damage.js";

/** Word of a span that a corruption has chosen. */
export interface ChosenWord {
  /** All words of the span. */
  readonly words: readonly string[];
  /** Index of the word in the span. */
  readonly index: number;
  /** Key for draws of the change. All words of a span have the same key. */
  readonly choices: RandomKey;
}

interface WordKind {
  readonly summary: string;
  /** Returns the changed word; an empty one removes it. */
  readonly change: (word: string, chosen: ChosenWord) => string;
}

/**
 * Makes a kind of corruption of texts that changes a fraction of the words. The fraction equals the severity.
 * A larger severity changes the words of a smaller one, and more.
 */
export function wordDamage({ summary, change }: WordKind): MediaDamage<Text> {
  return textDamage({
    summary,
    unit: "share of words",
    amountAt: (severity) => severity,
    corrupt: (words, share, key) => {
      const chosen = growingSet(words.length, share, key);
      const choices = foldIn(key, 1);
      return words.map((word, index) =>
        chosen[index] === 1 ? change(word, { words, index, choices }) : word,
      );
    },
  });
}
