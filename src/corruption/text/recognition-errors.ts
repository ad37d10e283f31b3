import { defined } from "../../core/defined.js";
import { foldIn, integerAt, type RandomKey, uniformAt } from "../../core/random.js";
import { HOMOPHONES, SIMILAR_SOUNDS } from "./word-lists.js";
import { wordDamage } from "./word-damage.js";
import { withCore } from "./word-parts.js";

/** Words that a speech recogniser mishears. */
export const recognitionErrors = wordDamage({
  summary:
    "some words are misheard: a word that sounds alike, similar sounds, or a short word that is missed",
  change: (word, { index, choices }) => withCore(word, (core) => misheard(core, foldIn(choices, index))),
});

/** Longest word that a recogniser may miss, in letters. */
const SHORT = 3;

function misheard(core: string, key: RandomKey): string {
  const alike = (HOMOPHONES.find((group) => group.includes(core)) ?? []).filter((word) => word !== core);
  if (alike.length > 0) return defined(alike[integerAt(key, 0, alike.length)]);
  const similar = withSimilarSound(core, key);
  return core.length <= SHORT && (similar === core || uniformAt(key, 1) < 0.5) ? "" : similar;
}

/** Replaces one sound of a word by a similar one. */
function withSimilarSound(core: string, key: RandomKey): string {
  const places = SIMILAR_SOUNDS.flatMap(([from, to]) =>
    Array.from(core.matchAll(new RegExp(from, "gu")), ({ index }) => ({ index, from, to })),
  );
  if (places.length === 0) return core;
  const { index, from, to } = defined(places[integerAt(key, 2, places.length)]);
  return core.slice(0, index) + to + core.slice(index + from.length);
}
