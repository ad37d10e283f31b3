import { defined } from "../../core/defined.js";
import { foldIn, integerAt, type RandomKey } from "../../core/random.js";
import { growingSet } from "../growing-parts.js";
import { textDamage } from "./text-damage.js";
import { KEYBOARD_ROWS } from "./word-lists.js";

/** Mistyped letters: replaced by a neighbouring key, missing, doubled, or swapped with the next one. */
export const typos = textDamage({
  summary: "letters are mistyped: a neighbouring key, one letter too few or too many, or two swapped",
  unit: "share of letters",
  amountAt: (severity) => 0.4 * severity,
  corrupt: (words, share, key) => {
    const letters = words.map((word) => Array.from(word));
    const count = letters.reduce((sum, { length }) => sum + length, 0);
    const chosen = growingSet(count, share, key);
    const choices = foldIn(key, 1);
    let at = 0;
    return letters.map((word) => {
      const start = at;
      at += word.length;
      return mistyped(word, (i) => chosen[start + i] === 1, { key: choices, start });
    });
  },
});

interface Draws {
  readonly key: RandomKey;
  /** Number of letters before the word. */
  readonly start: number;
}

function mistyped(letters: readonly string[], isHit: (i: number) => boolean, { key, start }: Draws): string {
  let result = "";
  for (let i = 0; i < letters.length; i++) {
    const letter = defined(letters[i]);
    if (!isHit(i) || !/\p{L}/u.test(letter)) {
      result += letter;
      continue;
    }
    const own = foldIn(key, start + i);
    const next = letters[i + 1];
    const neighbours = neighboursOf(letter);
    const slip = integerAt(own, 0, 4);
    if (slip === 0 && letters.length > 1) continue;
    if (slip === 1 && next !== undefined && next !== letter) {
      result += next + letter;
      i += 1;
    } else if (slip === 2 || neighbours.length === 0) result += letter + letter;
    else result += neighbours[integerAt(own, 1, neighbours.length)] ?? letter;
  }
  return result;
}

/** Returns the letters of the keys next to a letter's, in its case. */
function neighboursOf(letter: string): string[] {
  const lower = letter.toLowerCase();
  const row = KEYBOARD_ROWS.findIndex((keys) => keys.includes(lower));
  if (row < 0) return [];
  const place = defined(KEYBOARD_ROWS[row]).indexOf(lower);
  // each row is half a key further right than the row above
  const places = [
    [row, place - 1],
    [row, place + 1],
    [row - 1, place],
    [row - 1, place + 1],
    [row + 1, place - 1],
    [row + 1, place],
  ] as const;
  const found = places.flatMap(([r, p]) => {
    const key = p < 0 ? undefined : KEYBOARD_ROWS[r]?.[p];
    return key === undefined ? [] : [key];
  });
  return letter === lower ? found : found.map((key) => key.toUpperCase());
}
