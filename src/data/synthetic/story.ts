import { foldIn, normalAt, randomKey, uniformAt } from "../../core/random.js";
import type { SplitName } from "../dataset.js";

/**
 * Hidden causes of a sample. A speaker has an opinion (the label), and a manner of speaking that does not
 * depend on it: some people say everything gloomily or gladly.
 *
 * Words depend on both. Face and voice show the manner plainly, and the opinion only weakly. They do not show
 * the opinion at all if the manner contradicts it and is strong enough to reverse the words.
 */
export interface Story {
  /** The label: in [-3, 3], in steps of 0.2. */
  readonly sentiment: number;
  /** 0 for a neutral speaker, below 0 for a gloomy one, above 0 for a glad one. */
  readonly manner: number;
  /**
   * True if the manner reverses the sign of the words. Then the words alone mislead, face and voice alone do
   * not show the opinion, and all together show it.
   */
  readonly disagrees: boolean;
}

/** Weight of the manner in the words. */
export const MANNER_IN_WORDS = 1;
/** Fraction of speakers with a strong manner. */
const EXPRESSIVE = 0.27;

/** Draws the hidden causes of one clip. */
export function tellStory(seed: number, split: SplitName, index: number): Story {
  const key = foldIn(randomKey(seed, `synthetic/story/${split}`), index);
  const raw = 0.07 + 2.6 * (2 * uniformAt(key, 0) - 1) + 0.25 * normalAt(key, 1);
  const sentiment = Math.max(-15, Math.min(15, Math.round(raw * 5))) / 5 + 0; // + 0: no negative zero
  const direction = uniformAt(key, 4) < 0.5 ? -1 : 1;
  const strong = direction * (1 + 1.6 * uniformAt(key, 5));
  const manner = uniformAt(key, 6) < EXPRESSIVE ? strong : 0.25 * normalAt(key, 7);
  const disagrees =
    sentiment !== 0 && Math.sign(sentiment) !== Math.sign(sentiment + MANNER_IN_WORDS * manner);
  return { sentiment, manner, disagrees };
}
