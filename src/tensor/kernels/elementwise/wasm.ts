import { address } from "../../backends/wasm/heap.js";
import type { WasmParts } from "../wasm-parts.js";
import { calls } from "./calls.js";
import type { ElementwiseKernels } from "./contract.js";

export function wasm(parts: WasmParts): ElementwiseKernels {
  const { kernels } = parts;
  return {
    ...calls(parts),

    copy(a, aOffset, out, outOffset, count, accumulate = false) {
      const from = address(a, aOffset + count) + 4 * aOffset;
      const to = address(out, outOffset + count) + 4 * outOffset;
      if (accumulate) kernels.addRange(from, to, count);
      else kernels.copyRange(from, to, count);
    },
  };
}
