import { foldIn, randomKey, uniformAt } from "../core/random.js";
import { drawName, type NoiseDraw } from "./image-noise.js";

/**
 * Blanked words at test time, as in the literature after QMF (Zhang et al., ICML 2023). Each word becomes `_`
 * with probability epsilon / 10. `exact`: in half of the texts only. `clean`: in every text.
 */
export const wordNoises = {
  "blank/exact": { hit: 0.5 },
  "blank/clean": { hit: 1 },
} as const;

/** Name of a noise on words, see {@link wordNoises}. */
export type WordNoiseName = keyof typeof wordNoises;

/**
 * Replaces some words of a text by `_`. A word is anything between white space, which stays.
 *
 * The result depends only on the preset, epsilon, seed, id and the text. A larger epsilon blanks the words
 * that a smaller one blanks, and more.
 * @param epsilon strength, from 0 (no change) to 10 (every word of an affected text)
 */
export function blankWords(text: string, preset: WordNoiseName, epsilon: number, draw: NoiseDraw): string {
  const own = randomKey(draw.seed, `${drawName(`word-noise/${preset}`, draw)}/${draw.id}`);
  if (uniformAt(foldIn(own, 0), 0) >= wordNoises[preset].hit) return text;
  const words = foldIn(own, 1);
  let word = 0;
  return text.replace(/\S+/gu, (given) => (uniformAt(words, word++) < epsilon / 10 ? "_" : given));
}
