import { foldIn, normalAt, randomKey, uniformAt } from "../../core/random.js";
import type { SplitName } from "../dataset.js";

/**
 * What a clip is about, before it is recorded. A speaker has an opinion (the label) and a manner of speaking
 * that has nothing to do with it:
 * some people say everything gloomily or gladly. Words take their colour from both. Face and voice show the
 * manner plainly, and the opinion only as a trace; when the manner is against the opinion and strong enough
 * to turn the words around, even that trace is hidden.
 */
export interface Story {
  /** The label: in [-3, 3], in steps of 0.2. */
  readonly sentiment: number;
  /** 0 for a plain speaker; large for a gloomy (negative) or glad (positive) one. */
  readonly manner: number;
  /**
   * The manner turns the words to the wrong side: words alone mislead, face and voice alone say nothing,
   * together they tell.
   */
  readonly disagrees: boolean;
}

/** How strongly the manner colours the words. */
export const MANNER_IN_WORDS = 1;
/** Share of speakers with a strong manner. */
const EXPRESSIVE = 0.27;

/** The story of one clip. */
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
