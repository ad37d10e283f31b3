import { defined } from "../../../core/defined.js";
import { address } from "../../backends/wasm/heap.js";
import { unaryCodes } from "../elementwise/constants.js";
import { dropoutThreshold } from "../elementwise/dropout-threshold.js";
import type { WasmParts } from "../wasm-parts.js";
import { calls } from "./calls.js";
import type { Packing, SequencesKernels } from "./contract.js";

/** Calls `visit` for each sample that has rows. */
function forEachSample(packing: Packing, visit: (sample: number, first: number, rows: number) => void): void {
  const starts = packing.starts.view;
  for (let b = 0; b < packing.samples; b++) {
    const first = defined(starts[b]);
    const rows = defined(starts[b + 1]) - first;
    if (rows > 0) visit(b, first, rows);
  }
}

export function wasm(parts: WasmParts): SequencesKernels {
  const { kernels } = parts;
  /** out += a b for a [m, k] and b [k, n], all addresses. */
  const addProduct = (a: number, b: number, out: number, m: number, n: number, k: number): void => {
    kernels.gemm(a, b, out, m, n, k, 0, 0, 1);
  };

  return {
    ...calls(parts),

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
        addProduct(w + 4 * first, from + 4 * first * width, into, 1, width, rows);
      });
    },

    poolRowsBackward(dout, weights, packing, width, da) {
      const from = address(dout, packing.samples * width);
      const into = address(da, packing.rows * width);
      const w = address(weights, packing.rows);
      forEachSample(packing, (b, first, rows) => {
        addProduct(w + 4 * first, from + 4 * b * width, into + 4 * first * width, rows, width, 1);
      });
    },

    activationBackward(op, a, rows, width, dout, da, dbias) {
      const n = rows * width;
      const into = address(da, n);
      kernels.activationBackward(unaryCodes[op], address(a, n), address(dout, n), n, into);
      if (dbias) kernels.columnSums(into, rows, width, address(dbias, width));
    },
  };
}
