// Written by scripts/write-kernel-table.js from src/tensor/kernels/. Do not edit.

import { address } from "../../backends/wasm/heap.js";
import type { WasmParts } from "../wasm-parts.js";
import { dropoutThreshold } from "../elementwise/dropout-threshold.js";
import { attentionWork } from "./attention-work.js";
import { columnsAt } from "./columns.js";
import type { SequencesKernels, PackedAttentionSettings } from "./contract.js";

function attentionCall({ kernels, heap }: WasmParts, call: PackedAttentionSettings): void {
  const { packing, heads, depth, scale, bias, dropout } = call;
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
    heap.work(attentionWork(call)),
  );
}

/** Methods that are one call of a kernel. */
export function calls(
  parts: WasmParts,
): Pick<SequencesKernels, "packedAttention" | "packedAttentionBackward"> {
  const { kernels } = parts;
  return {
    packedAttention(call) {
      const { packing, heads, depth, query, key, value, out, largest, sum } = call;
      const { rows } = packing;
      const width = heads * depth;
      attentionCall(parts, call);
      kernels.packedAttention(
        columnsAt(query, rows, width),
        4 * query.stride,
        columnsAt(key, rows, width),
        4 * key.stride,
        columnsAt(value, rows, width),
        4 * value.stride,
        address(out, rows * width),
        address(largest, rows * heads),
        address(sum, rows * heads),
      );
    },

    packedAttentionBackward(call) {
      const { packing, heads, depth, bias, query, key, value, largest, sum } = call;
      const { dout, dquery, dkey, dvalue, dtable } = call;
      const { rows } = packing;
      const width = heads * depth;
      attentionCall(parts, call);
      kernels.packedAttentionBackward(
        columnsAt(query, rows, width),
        4 * query.stride,
        columnsAt(key, rows, width),
        4 * key.stride,
        columnsAt(value, rows, width),
        4 * value.stride,
        address(largest, rows * heads),
        address(sum, rows * heads),
        address(dout, rows * width),
        columnsAt(dquery, rows, width),
        4 * dquery.stride,
        columnsAt(dkey, rows, width),
        4 * dkey.stride,
        columnsAt(dvalue, rows, width),
        4 * dvalue.stride,
        bias && dtable ? address(dtable, bias.buckets * heads) : 0,
      );
    },
  };
}
