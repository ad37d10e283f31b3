import type { Backend, FloatBuffer } from "../../../backend.js";
import type { Columns, Packing } from "../contract.js";
import { adamSettings, input, type KernelCase } from "../../../testing/kernel-case.js";
import { filled, ints, keyBuffer } from "../../../testing/kernel-inputs.js";

/** Packing of samples with the given numbers of rows. */
function packingOf(b: Backend, lengths: readonly number[]): Packing {
  const starts = [0];
  for (const length of lengths) starts.push((starts.at(-1) ?? 0) + length);
  return {
    samples: lengths.length,
    rows: starts.at(-1) ?? 0,
    longest: Math.max(0, ...lengths),
    starts: ints(b, starts),
  };
}

function attentionCases(): KernelCase[] {
  const sizes = [
    { lengths: [1], heads: 1, depth: 1 },
    { lengths: [5, 0, 17, 3], heads: 2, depth: 7 },
    { lengths: [50, 41, 12], heads: 4, depth: 12 },
    { lengths: [130, 64, 65, 7], heads: 3, depth: 32 },
  ];
  return sizes.flatMap(({ lengths, heads, depth }) =>
    [false, true].flatMap((biased) =>
      [0, 0.3].map((rate) => ({
        name:
          `attention over ${lengths.join(", ")} rows, ${heads} x ${depth}` +
          `${biased ? ", bias" : ""}${rate > 0 ? ", dropout" : ""}`,
        run: (b: Backend) => {
          const packing = packingOf(b, lengths);
          const width = heads * depth;
          const n = packing.rows * width;
          const reach = packing.longest + 2;
          const buckets = 9;
          const parts = input(b, "qkv", 3 * n);
          const dparts = input(b, "dqkv", 3 * n);
          const column = (buffer: FloatBuffer, i: number): Columns => ({
            buffer,
            start: i * width,
            stride: 3 * width,
          });
          const call = {
            packing,
            heads,
            depth,
            scale: 1 / Math.sqrt(depth),
            ...(biased && {
              bias: {
                table: input(b, "table", buckets * heads),
                buckets,
                bucketOf: ints(
                  b,
                  Array.from({ length: 2 * reach + 1 }, (_, i) => (i * 5) % buckets),
                ),
                reach,
              },
            }),
            ...(rate > 0 && { dropout: { rate, keys: keyBuffer(b, "drop", packing.samples) } }),
            query: column(parts, 0),
            key: column(parts, 1),
            value: column(parts, 2),
            largest: filled(b, packing.rows * heads),
            sum: filled(b, packing.rows * heads),
          };
          const out = filled(b, n);
          b.packedAttention({ ...call, out });
          const dtable = input(b, "dtable", buckets * heads);
          b.packedAttentionBackward({
            ...call,
            dout: input(b, "dout", n),
            dquery: column(dparts, 0),
            dkey: column(dparts, 1),
            dvalue: column(dparts, 2),
            ...(biased && { dtable }),
          });
          return [out, call.largest, call.sum, dparts, dtable];
        },
      })),
    ),
  );
}

function transformerCases(): KernelCase[] {
  return [
    [3, 5],
    [40, 31],
    [300, 768],
  ].map(([rows = 0, width = 0]) => ({
    name: `transformer rows ${rows} x ${width}`,
    run: (b) => {
      const n = rows * width;
      const [a, c] = [input(b, "a", n), input(b, "c", n)];
      const [gain, bias] = [input(b, "gain", width), input(b, "bias", width)];
      const [sum, out, mean, inverse] = [filled(b, n), filled(b, n), filled(b, rows), filled(b, rows)];
      const norm = { a: sum, rows, width, gain, bias, epsilon: 1e-5, out, mean, inverseStd: inverse };
      b.addLayerNorm({ ...norm, left: a, right: c });
      const activations = (["relu", "gelu", "geluErf"] as const).flatMap((op) => {
        const [da, dbias] = [filled(b, n), input(b, "db", width)];
        b.activationBackward(op, a, rows, width, c, da, dbias);
        const [inPlace, total] = [input(b, "c", n), input(b, "db", width)];
        b.activationBackward(op, a, rows, width, inPlace, inPlace, total);
        return [da, dbias, inPlace, total];
      });
      const packing = packingOf(b, [1, rows - 1]);
      const pooled = filled(b, 2 * width);
      b.poolRows(a, input(b, "weights", rows), packing, width, pooled);
      const dpooled = input(b, "dpooled", n);
      b.poolRowsBackward(pooled, input(b, "weights", rows), packing, width, dpooled);
      const kept = filled(b, n);
      b.packedDropout(a, packing, width, keyBuffer(b, "keys", 2), 0.2, kept);
      const state = {
        weight: input(b, "w", 50 * width),
        firstMoment: filled(b, 50 * width),
        secondMoment: filled(b, 50 * width),
      };
      const settings = adamSettings({ weightDecay: 0.01, gradientScale: 0.3 });
      b.adamRows(state, c, ints(b, [0, 7, 49]), 3, width, ints(b, [1, 5, 2]), settings);
      return [
        sum,
        out,
        mean,
        inverse,
        ...activations,
        pooled,
        dpooled,
        kept,
        state.weight,
        state.firstMoment,
        state.secondMoment,
      ];
    },
  }));
}

/** Uses of the kernels of packed sequences and transformer layers. */
export function cases(): KernelCase[] {
  return [...attentionCases(), ...transformerCases()];
}
