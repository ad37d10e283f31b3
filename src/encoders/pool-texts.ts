import { defined } from "../core/defined.js";
import { packingOf } from "../tensor/ops/packing.js";
import { meanWeights, poolRows } from "../tensor/ops/pool-rows.js";
import { max } from "../tensor/ops/reductions.js";
import { gatherRows, reshape } from "../tensor/ops/shape-ops.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { lengthOf, longestOf, type PackedTokens } from "./packed-tokens.js";

/** Poolings. mean: mean of all tokens; cls: the first token; max: the largest value of each feature. */
export const textPoolings = ["mean", "cls", "max"] as const;

export type TextPooling = (typeof textPoolings)[number];

/**
 * Pools the states of a text's tokens into one vector.
 * @param states [R, H]
 * @returns [B, H]; zeros for a missing text
 */
export function poolTexts(tape: Tape, tokens: PackedTokens, states: Tensor, pooling: TextPooling): Tensor {
  if (pooling === "mean") {
    const packing = packingOf(tape, tokens.starts);
    return poolRows(tape, states, meanWeights(packing), packing);
  }
  const batch = tokens.starts.length - 1;
  const firsts = Int32Array.from({ length: batch }, (_, b) =>
    lengthOf(tokens, b) > 0 ? defined(tokens.starts[b]) : -1,
  );
  if (pooling === "cls") return gatherRows(tape, states, firsts);
  const steps = Math.max(longestOf(tokens), 1);
  const rows = new Int32Array(batch * steps);
  firsts.forEach((first, b) => {
    // repeating the first token does not change the largest value
    rows.fill(first, b * steps, (b + 1) * steps);
    for (let t = 0; t < lengthOf(tokens, b); t++) rows[b * steps + t] = first + t;
  });
  const padded = reshape(tape, gatherRows(tape, states, rows), [batch, steps, states.extent(1)]); // [B, T, H]
  return max(tape, padded, 1);
}
