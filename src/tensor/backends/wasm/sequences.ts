import { EuarError } from "../../../core/errors.js";
import type {
  Activation,
  Columns,
  Packing,
  PackedAttentionSettings,
  SequenceKernels,
} from "../../sequence-kernels.js";
import { dropoutThreshold } from "./elementwise.js";
import { address, type Heap } from "./heap.js";
import type { Kernels } from "./kernels.js";

/** Number of queries in a block of scores. Must equal the number in kernels/packed-attention.ts. */
const QUERIES = 64;

/** Operation codes of kernels/elementwise.ts. */
const activationNumbers: Readonly<Record<Activation, number>> = { relu: 7, gelu: 8, geluErf: 12 };

/** Returns the address of the first row and the stride in bytes. */
function columns({ buffer, start, stride }: Columns, rows: number, width: number): [number, number] {
  const end = rows === 0 ? 0 : start + (rows - 1) * stride + width;
  return [address(buffer, end) + 4 * start, 4 * stride];
}

/** Calls `visit` for each sample that has rows. */
function forEachSample(packing: Packing, visit: (sample: number, first: number, rows: number) => void): void {
  const starts = packing.starts.view;
  for (let b = 0; b < packing.samples; b++) {
    const first = starts[b] ?? 0;
    const rows = (starts[b + 1] ?? 0) - first;
    if (rows > 0) visit(b, first, rows);
  }
}

export function sequences(kernels: Kernels, heap: Heap): SequenceKernels {
  /** Passes the settings of both directions to the kernels. */
  const begin = ({ packing, heads, depth, scale, bias, dropout }: PackedAttentionSettings): void => {
    const padded = Math.ceil(packing.longest / 4) * 4;
    if (bias && bias.reach < packing.longest - 1) {
      throw new EuarError(
        "internal",
        `packedAttention: a bias for distances up to ${bias.reach} and a sample of ${packing.longest} rows`,
      );
    }
    const work = heap.work(3 * QUERIES * padded + 2 * depth * padded + 2 * heads * (2 * padded + 4) + 16);
    kernels.attentionCall(
      address(packing.starts, packing.samples + 1),
      packing.samples,
      heads,
      depth,
      packing.longest,
      scale,
      dropout ? address(dropout.keys, 2 * packing.samples) : 0,
      dropout ? dropoutThreshold(dropout.rate) : 0,
      dropout ? 1 / (1 - dropout.rate) : 1,
      bias ? address(bias.table, bias.buckets * heads) : 0,
      bias ? address(bias.bucketOf, 2 * bias.reach + 1) : 0,
      bias ? bias.reach : 0,
      work,
    );
  };

  return {
    packedAttention(call) {
      const { packing, heads, depth, query, key, value, out, largest, sum } = call;
      const { rows } = packing;
      const width = heads * depth;
      begin(call);
      kernels.packedAttention(
        ...columns(query, rows, width),
        ...columns(key, rows, width),
        ...columns(value, rows, width),
        address(out, rows * width),
        address(largest, rows * heads),
        address(sum, rows * heads),
      );
    },

    packedAttentionBackward(call) {
      const { packing, heads, depth, query, key, value, largest, sum, dout, dquery, dkey, dvalue } = call;
      const { rows } = packing;
      const width = heads * depth;
      begin(call);
      kernels.packedAttentionBackward(
        ...columns(query, rows, width),
        ...columns(key, rows, width),
        ...columns(value, rows, width),
        address(largest, rows * heads),
        address(sum, rows * heads),
        address(dout, rows * width),
        ...columns(dquery, rows, width),
        ...columns(dkey, rows, width),
        ...columns(dvalue, rows, width),
        call.bias && call.dtable ? address(call.dtable, call.bias.buckets * heads) : 0,
      );
    },

    packedDropout(a, packing, width, keys, rate, out) {
      const from = address(a, packing.rows * width);
      const to = address(out, packing.rows * width);
      const ofSamples = address(keys, 2 * packing.samples);
      const threshold = dropoutThreshold(rate);
      forEachSample(packing, (b, first, rows) => {
        const o = 4 * first * width;
        kernels.dropout(from + o, 1, rows * width, ofSamples + 8 * b, threshold, 1 / (1 - rate), to + o);
      });
    },

    poolRows(a, weights, packing, width, out) {
      const from = address(a, packing.rows * width);
      const w = address(weights, packing.rows);
      kernels.fill(address(out, packing.samples * width), packing.samples * width, 0);
      forEachSample(packing, (b, first, rows) => {
        const into = address(out, 0) + 4 * b * width;
        kernels.gemm(w + 4 * first, from + 4 * first * width, into, 1, width, rows, 0, 0, 1);
      });
    },

    poolRowsBackward(dout, weights, packing, width, da) {
      const from = address(dout, packing.samples * width);
      const into = address(da, packing.rows * width);
      const w = address(weights, packing.rows);
      forEachSample(packing, (b, first, rows) => {
        kernels.gemm(w + 4 * first, from + 4 * b * width, into + 4 * first * width, rows, width, 1, 0, 0, 1);
      });
    },

    addLayerNorm({ left, right, a, rows, width, gain, bias, epsilon, out, mean, inverseStd }) {
      const n = rows * width;
      kernels.addLayerNorm(
        address(left, n),
        address(right, n),
        rows,
        width,
        address(gain, width),
        address(bias, width),
        epsilon,
        address(a, n),
        address(out, n),
        address(mean, rows),
        address(inverseStd, rows),
      );
    },

    activationBackward(op, a, rows, width, dout, da, dbias) {
      const n = rows * width;
      const into = address(da, n);
      kernels.activationBackward(activationNumbers[op], address(a, n), address(dout, n), n, into);
      if (dbias) kernels.columnSums(into, rows, width, address(dbias, width));
    },
  };
}
