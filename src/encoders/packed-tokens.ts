import { defined } from "../core/defined.js";
import { randomKey } from "../core/random.js";
import type { SampleDraws } from "../nn/sample-draws.js";
import { type DropoutSource, packedDropout } from "../tensor/ops/dropout.js";
import type { Packing } from "../tensor/kernels/sequences/contract.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";

/** Texts as token ids, concatenated without padding. Sizes: B texts, R tokens in total. */
export interface PackedTokens {
  /** Token ids, [R]. */
  readonly ids: Int32Array;
  /**
   * Start of each text, [B + 1]: text b has the tokens starts[b] .. starts[b + 1] - 1. A missing text has
   * none.
   */
  readonly starts: Int32Array;
  /** Segment of each token, [R]. Absent: all 0. */
  readonly segments?: Int32Array | undefined;
}

/** Returns the number of tokens of text b. */
export function lengthOf({ starts }: PackedTokens, b: number): number {
  return defined(starts[b + 1]) - defined(starts[b]);
}

/** Returns the number of tokens of the longest text. */
export function longestOf(tokens: PackedTokens): number {
  let longest = 0;
  for (let b = 0; b + 1 < tokens.starts.length; b++) longest = Math.max(longest, lengthOf(tokens, b));
  return longest;
}

/** Packs lists of ids. */
export function packTokens(texts: readonly ArrayLike<number>[]): PackedTokens {
  const starts = new Int32Array(texts.length + 1);
  texts.forEach((text, b) => {
    starts[b + 1] = defined(starts[b]) + text.length;
  });
  const ids = new Int32Array(defined(starts[texts.length]));
  texts.forEach((text, b) => {
    ids.set(text, starts[b]);
  });
  return { ids, starts };
}

/**
 * Applies dropout to rows of tokens in training. The mask of a text does not depend on the other texts of its
 * batch.
 */
export function dropoutOfTokens(
  tape: Tape,
  x: Tensor,
  rate: number,
  purpose: string,
  { packing, draws }: TokenContext,
): Tensor {
  if (!draws.training || rate === 0) return x;
  return packedDropout(tape, x, rate, sourceOf(purpose, draws), packing);
}

/** Data that every operation on the tokens of a batch needs. */
export interface TokenContext {
  readonly packing: Packing;
  readonly draws: SampleDraws;
}

/** Returns the source of the random draws of one place in the model. */
export function sourceOf(purpose: string, { seed, step, sampleIndex }: SampleDraws): DropoutSource {
  return { key: randomKey(seed, `dropout/${purpose}`), step, sampleIndex };
}
