import { dropoutIn, type SampleDraws } from "../nn/sample-draws.js";
import { add, scale } from "../tensor/ops/elementwise.js";
import { matmul } from "../tensor/ops/matmul.js";
import { gatherRows, permute, reshape } from "../tensor/ops/shape-ops.js";
import { softmax } from "../tensor/ops/softmax.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { lengthOf, longestOf, type PackedTokens } from "./packed-tokens.js";

export interface PackedAttentionOptions {
  readonly heads: number;
  /** [heads, T, T] added to the scores, T the longest text; absent: none. */
  readonly bias?: Tensor | undefined;
  /** Rate of dropout on the attention weights. */
  readonly dropout: number;
  /** Purpose of the draws, a place in the model. */
  readonly purpose: string;
}

/** Low enough that e^(score - maximum) is exactly 0, finite so that no NaN can arise. */
const MASKED = -1e30;

/**
 * Attention inside each text of a packed batch: softmax(Q K^T / sqrt(d) + bias) V per head, d = H / heads.
 * Written as a composition of padded operations: its values do not depend on what else is in the batch.
 * @param query [R, H]
 * @param key [R, H]
 * @param value [R, H]
 * @returns [R, H]
 */
export function packedAttention(
  tape: Tape,
  tokens: PackedTokens,
  [query, key, value]: readonly [Tensor, Tensor, Tensor],
  { heads, bias, dropout, purpose }: PackedAttentionOptions,
  draws: SampleDraws,
): Tensor {
  const batch = tokens.starts.length - 1;
  const steps = longestOf(tokens);
  const width = query.extent(1);
  const depth = width / heads;
  const padded = paddedRows(tokens, steps);
  const split = (x: Tensor): Tensor => {
    const apart = reshape(tape, gatherRows(tape, x, padded), [batch, steps, heads, depth]); // [B, T, heads, d]
    // [B * heads, T, d]
    return reshape(tape, permute(tape, apart, [0, 2, 1, 3]), [batch * heads, steps, depth]);
  };
  const products = matmul(tape, split(query), split(key), { transposeB: true }); // [B * heads, T, T]
  let scores = reshape(tape, scale(tape, products, 1 / Math.sqrt(depth)), [batch, heads, steps, steps]);
  if (bias) scores = add(tape, scores, reshape(tape, bias, [1, heads, steps, steps]));
  scores = add(tape, scores, tape.constant(keyMask(padded), [batch, 1, 1, steps])); // [B, heads, T, T]
  const rows = batch * heads * steps;
  const weights = dropoutIn(
    tape,
    reshape(tape, softmax(tape, scores), [rows, steps]),
    dropout,
    purpose,
    draws.training && dropout > 0 ? weightDraws(draws, heads, steps) : draws,
  );
  const mixed = matmul(tape, reshape(tape, weights, [batch * heads, steps, steps]), split(value));
  const merged = permute(tape, reshape(tape, mixed, [batch, heads, steps, depth]), [0, 2, 1, 3]);
  const flat = reshape(tape, merged, [batch * steps, width]); // [B * T, H]
  return gatherRows(tape, flat, packedRows(tokens, steps)); // [R, H]
}

/** [B * T]: the packed row of each padded place, -1 for padding. */
function paddedRows(tokens: PackedTokens, steps: number): Int32Array {
  const batch = tokens.starts.length - 1;
  const rows = new Int32Array(batch * steps).fill(-1);
  for (let b = 0; b < batch; b++)
    for (let t = 0; t < lengthOf(tokens, b); t++) rows[b * steps + t] = (tokens.starts[b] ?? 0) + t;
  return rows;
}

/** [R]: the padded place of each packed row. */
function packedRows(tokens: PackedTokens, steps: number): Int32Array {
  const rows = new Int32Array(tokens.ids.length);
  for (let b = 0; b + 1 < tokens.starts.length; b++)
    for (let t = 0; t < lengthOf(tokens, b); t++) rows[(tokens.starts[b] ?? 0) + t] = b * steps + t;
  return rows;
}

function keyMask(padded: Int32Array): Float32Array {
  return Float32Array.from(padded, (row) => (row < 0 ? MASKED : 0));
}

/** One key for each row of weights: by sample, head and query, whatever the padding. */
function weightDraws(draws: SampleDraws, heads: number, steps: number): SampleDraws {
  const sampleIndex = new Float64Array(draws.sampleIndex.length * heads * steps);
  let at = 0;
  for (let b = 0; b < draws.sampleIndex.length; b++)
    for (let h = 0; h < heads; h++)
      for (let t = 0; t < steps; t++)
        sampleIndex[at++] = ((draws.sampleIndex[b] ?? 0) * 2 ** 10 + h) * 2 ** 14 + t;
  return { ...draws, sampleIndex };
}
