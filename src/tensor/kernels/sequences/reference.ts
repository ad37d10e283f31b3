import { exp } from "../../../core/math.js";
import { type RandomKey, uniformAt } from "../../../core/random.js";
import type { IntBuffer } from "../../buffers.js";
import type { Columns, Packing, PackedAttentionSettings, SequencesKernels } from "./contract.js";
import { add, at } from "../../backends/reference/access.js";
import { activationDerivative } from "../elementwise/reference.js";
import { reference as reductions } from "../reductions/reference.js";

function forEachSample(packing: Packing, visit: (sample: number, first: number, rows: number) => void): void {
  const starts = packing.starts.view;
  for (let b = 0; b < packing.samples; b++) visit(b, at(starts, b), at(starts, b + 1) - at(starts, b));
}

function keyAt(keys: IntBuffer, sample: number): RandomKey {
  return { k0: at(keys.view, 2 * sample), k1: at(keys.view, 2 * sample + 1) };
}

/** Offset of column `head * depth + d` in a row. */
function place({ start, stride }: Columns, row: number, column: number): number {
  return start + row * stride + column;
}

/** Relative position bias for the distance j - i; 0 without a bias. */
function biasOf({ bias, heads }: PackedAttentionSettings, head: number, distance: number): number {
  if (!bias) return 0;
  return at(bias.table.view, at(bias.bucketOf.view, distance + bias.reach) * heads + head);
}

/** Dropout factor of a weight: 0 or 1 / (1 - rate). */
function keptFactor(
  { dropout }: PackedAttentionSettings,
  sample: number,
  rows: number,
  head: number,
  i: number,
  j: number,
): number {
  if (!dropout) return 1;
  const kept = uniformAt(keyAt(dropout.keys, sample), (head * rows + i) * rows + j) >= dropout.rate;
  return kept ? 1 / (1 - dropout.rate) : 0;
}

type Scored = PackedAttentionSettings & { readonly query: Columns; readonly key: Columns };

/** Scores of one query, [rows]. */
function scoresOf(call: Scored, head: number, first: number, rows: number, i: number): Float64Array {
  const { query, key, depth, scale } = call;
  return Float64Array.from({ length: rows }, (_, j) => {
    let dot = 0;
    for (let d = head * depth; d < (head + 1) * depth; d++)
      dot +=
        at(query.buffer.view, place(query, first + i, d)) * at(key.buffer.view, place(key, first + j, d));
    return scale * dot + biasOf(call, head, j - i);
  });
}

type Attention = Pick<SequencesKernels, "packedAttention" | "packedAttentionBackward">;

const attention: Attention = {
  packedAttention(call) {
    const { packing, heads, depth, value, out, largest, sum } = call;
    forEachSample(packing, (b, first, rows) => {
      for (let h = 0; h < heads; h++) {
        for (let i = 0; i < rows; i++) {
          const scores = scoresOf(call, h, first, rows, i);
          const top = scores.reduce((best, score) => Math.max(best, score), -Infinity);
          const powers = scores.map((score) => exp(score - top));
          const total = powers.reduce((running, power) => running + power, 0);
          largest.view[(first + i) * heads + h] = top;
          sum.view[(first + i) * heads + h] = total;
          for (let d = h * depth; d < (h + 1) * depth; d++) {
            let mixed = 0;
            for (let j = 0; j < rows; j++)
              mixed +=
                (at(powers, j) / total) *
                keptFactor(call, b, rows, h, i, j) *
                at(value.buffer.view, place(value, first + j, d));
            out.view[(first + i) * heads * depth + d] = mixed;
          }
        }
      }
    });
  },

  packedAttentionBackward(call) {
    const { packing, heads, depth, scale, bias, query, key, value, largest, sum, dout } = call;
    const { dquery, dkey, dvalue, dtable } = call;
    for (let h = 0; h < heads; h++) {
      const ofDistance = new Float64Array(bias ? 2 * bias.reach + 1 : 0);
      forEachSample(packing, (b, first, rows) => {
        for (let i = 0; i < rows; i++) {
          const row = (first + i) * heads;
          const weights = scoresOf(call, h, first, rows, i).map(
            (score) => exp(score - at(largest.view, row + h)) / at(sum.view, row + h),
          );
          const kept = weights.map((_, j) => keptFactor(call, b, rows, h, i, j));
          const dweights = weights.map((_, j) => {
            let dot = 0;
            for (let d = h * depth; d < (h + 1) * depth; d++)
              dot += at(dout.view, row * depth + d) * at(value.buffer.view, place(value, first + j, d));
            return dot * at(kept, j);
          });
          const mean = weights.reduce((running, weight, j) => running + weight * at(dweights, j), 0);
          for (let j = 0; j < rows; j++) {
            const dscore = at(weights, j) * (at(dweights, j) - mean);
            if (bias) add(ofDistance, j - i + bias.reach, dscore);
            for (let d = h * depth; d < (h + 1) * depth; d++) {
              const [q, k, v] = [
                place(query, first + i, d),
                place(key, first + j, d),
                place(dvalue, first + j, d),
              ];
              add(dquery.buffer.view, place(dquery, first + i, d), scale * dscore * at(key.buffer.view, k));
              add(dkey.buffer.view, place(dkey, first + j, d), scale * dscore * at(query.buffer.view, q));
              add(dvalue.buffer.view, v, at(weights, j) * at(kept, j) * at(dout.view, row * depth + d));
            }
          }
        }
      });
      if (!bias || !dtable) continue;
      ofDistance.forEach((total, i) => {
        add(dtable.view, at(bias.bucketOf.view, i) * heads + h, total);
      });
    }
  },
};

export const reference: SequencesKernels = {
  ...attention,

  packedDropout(a, packing, width, keys, rate, out) {
    forEachSample(packing, (b, first, rows) => {
      const key = keyAt(keys, b);
      for (let i = 0; i < rows * width; i++) {
        const value = at(a.view, first * width + i);
        out.view[first * width + i] = uniformAt(key, i) >= rate ? value / (1 - rate) : 0;
      }
    });
  },

  poolRows(a, weights, packing, width, out) {
    forEachSample(packing, (b, first, rows) => {
      for (let j = 0; j < width; j++) {
        let sum = 0;
        for (let r = first; r < first + rows; r++) sum += at(weights.view, r) * at(a.view, r * width + j);
        out.view[b * width + j] = sum;
      }
    });
  },

  poolRowsBackward(dout, weights, packing, width, da) {
    forEachSample(packing, (b, first, rows) => {
      for (let r = first; r < first + rows; r++) {
        for (let j = 0; j < width; j++)
          add(da.view, r * width + j, at(weights.view, r) * at(dout.view, b * width + j));
      }
    });
  },

  activationBackward(op, a, rows, width, dout, da, dbias) {
    const derivative = activationDerivative(op);
    for (let i = 0; i < rows * width; i++) da.view[i] = at(dout.view, i) * derivative(at(a.view, i));
    if (dbias) reductions.columnSums(da, rows, width, dbias);
  },
};
