import { ShapeError } from "../../core/errors.js";
import type { Tape } from "../tape.js";
import { formatShape, type Tensor } from "../tensor.js";
import { add, mul, scale } from "./elementwise.js";
import { matmul } from "./matmul.js";
import { permute, reshape } from "./shape-ops.js";
import { softmax } from "./softmax.js";

/** Options of {@link attention}. */
export interface AttentionOptions {
  /** Number of heads; divides the width of queries, keys and values. Default 1. */
  readonly heads?: number;
  /** [B, Tk], 1 = real key, 0 = padding. Absent: all real. */
  readonly keyMask?: ArrayLike<number>;
  /** Applied to the attention weights [B, heads, Tq, Tk], for dropout. */
  readonly onWeights?: (weights: Tensor) => Tensor;
}

/** Score of masked keys: so low that e^(score - maximum) is exactly 0, but finite so that no NaN arises. */
const MASKED = -1e30;

/**
 * Scaled dot-product attention (Vaswani et al. 2017): softmax(Q K^T / sqrt(d)) V per head, d = D / heads.
 *
 * Padded keys get weight exactly 0. A sample without real keys gives 0.
 * @param query [B, Tq, D]
 * @param key [B, Tk, D]
 * @param value [B, Tk, Dv]
 * @returns [B, Tq, Dv]
 * @throws ShapeError if the shapes, the heads or the mask do not fit
 */
export function attention(
  tape: Tape,
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: AttentionOptions = {},
): Tensor {
  const { heads = 1, keyMask, onWeights } = options;
  requireFit(query, key, value, heads, keyMask);
  const batch = query.extent(0);
  const queries = query.extent(1);
  const keys = key.extent(1);
  const depth = query.extent(2) / heads;

  const q = splitHeads(tape, query, heads); // [B * heads, Tq, d]
  const k = splitHeads(tape, key, heads); // [B * heads, Tk, d]
  const v = splitHeads(tape, value, heads); // [B * heads, Tk, dv]
  // [B * heads, Tq, Tk]
  const products = scale(tape, matmul(tape, q, k, { transposeB: true }), 1 / Math.sqrt(depth));
  let scores = reshape(tape, products, [batch, heads, queries, keys]); // [B, heads, Tq, Tk]
  if (keyMask)
    scores = add(
      tape,
      scores,
      tape.constant(
        Array.from(keyMask, (real) => (real ? 0 : MASKED)),
        [batch, 1, 1, keys],
      ),
    );
  let weights = softmax(tape, scores); // [B, heads, Tq, Tk]
  // A sample without real keys has equal weights now; the product makes them 0.
  if (keyMask)
    weights = mul(
      tape,
      weights,
      tape.constant(
        Array.from(keyMask, (real) => (real ? 1 : 0)),
        [batch, 1, 1, keys],
      ),
    );
  if (onWeights) weights = onWeights(weights);
  // [B * heads, Tq, dv]
  const mixed = matmul(tape, reshape(tape, weights, [batch * heads, queries, keys]), v);
  return mergeHeads(tape, mixed, heads);
}

/** [B, T, D] -> [B * heads, T, D / heads] */
function splitHeads(tape: Tape, x: Tensor, heads: number): Tensor {
  const [batch, steps, width] = [x.extent(0), x.extent(1), x.extent(2)];
  if (heads === 1) return x;
  const split = reshape(tape, x, [batch, steps, heads, width / heads]); // [B, T, heads, d]
  // [B * heads, T, d]
  return reshape(tape, permute(tape, split, [0, 2, 1, 3]), [batch * heads, steps, width / heads]);
}

/** [B * heads, T, d] -> [B, T, heads * d] */
function mergeHeads(tape: Tape, x: Tensor, heads: number): Tensor {
  const [batch, steps, depth] = [x.extent(0) / heads, x.extent(1), x.extent(2)];
  if (heads === 1) return x;
  const apart = reshape(tape, x, [batch, heads, steps, depth]); // [B, heads, T, d]
  // [B, T, heads * d]
  return reshape(tape, permute(tape, apart, [0, 2, 1, 3]), [batch, steps, heads * depth]);
}

function requireFit(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  heads: number,
  keyMask: ArrayLike<number> | undefined,
): void {
  const shapes =
    `query ${formatShape(query.shape)}, key ${formatShape(key.shape)}, ` +
    `value ${formatShape(value.shape)}`;
  if (query.shape.length !== 3 || key.shape.length !== 3 || value.shape.length !== 3) {
    throw new ShapeError(`attention: query, key and value must be [B, T, D], got ${shapes}`);
  }
  const [batch, , width] = query.shape;
  if (
    key.shape[0] !== batch ||
    value.shape[0] !== batch ||
    key.shape[2] !== width ||
    value.shape[1] !== key.shape[1]
  ) {
    throw new ShapeError(
      `attention: needs equal batches, query and key of equal width, as many values as keys; got ${shapes}`,
    );
  }
  if (key.shape[1] === 0) throw new ShapeError(`attention: needs at least one key, got ${shapes}`);
  if (
    !Number.isInteger(heads) ||
    heads < 1 ||
    query.extent(2) % heads !== 0 ||
    value.extent(2) % heads !== 0
  ) {
    throw new ShapeError(`attention: ${heads} heads do not divide the widths of ${shapes}`);
  }
  if (keyMask && keyMask.length !== key.extent(0) * key.extent(1)) {
    throw new ShapeError(
      `attention: a mask of ${keyMask.length} values does not fit keys ${formatShape(key.shape)}`,
      { hint: "The mask is [B, Tk]." },
    );
  }
}
