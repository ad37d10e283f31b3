import type { SampleDraws } from "../nn/sample-draws.js";

/** Texts as token ids, one after the other without padding. Sizes: B texts, R tokens of all of them. */
export interface PackedTokens {
  /** [R] */
  readonly ids: Int32Array;
  /** [B + 1]: text b owns tokens starts[b] .. starts[b + 1] - 1. An absent text owns none. */
  readonly starts: Int32Array;
  /** [R] segment of each token; absent: all 0. */
  readonly segments?: Int32Array | undefined;
}

/** Tokens of text b. */
export function lengthOf({ starts }: PackedTokens, b: number): number {
  return (starts[b + 1] ?? 0) - (starts[b] ?? 0);
}

/** Number of tokens of the longest text. */
export function longestOf(tokens: PackedTokens): number {
  let longest = 0;
  for (let b = 0; b + 1 < tokens.starts.length; b++) longest = Math.max(longest, lengthOf(tokens, b));
  return longest;
}

/** Packs lists of ids. */
export function packTokens(texts: readonly ArrayLike<number>[]): PackedTokens {
  const starts = new Int32Array(texts.length + 1);
  texts.forEach((text, b) => {
    starts[b + 1] = (starts[b] ?? 0) + text.length;
  });
  const ids = new Int32Array(starts[texts.length] ?? 0);
  texts.forEach((text, b) => {
    ids.set(text, starts[b]);
  });
  return { ids, starts };
}

/** Tokens of one text never reach this number, so that (sample, token) is one index. */
const MOST_TOKENS = 2 ** 16;

/** Draws keyed by each token's own sample and place, so that a mask does not depend on the batch. [R] rows */
export function tokenDraws(tokens: PackedTokens, draws: SampleDraws): SampleDraws {
  const sampleIndex = new Float64Array(tokens.ids.length);
  for (let b = 0; b + 1 < tokens.starts.length; b++) {
    const start = tokens.starts[b] ?? 0;
    for (let t = 0; t < lengthOf(tokens, b); t++)
      sampleIndex[start + t] = (draws.sampleIndex[b] ?? 0) * MOST_TOKENS + t;
  }
  return { ...draws, sampleIndex };
}
