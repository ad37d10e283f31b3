import { address } from "../../backends/wasm/heap.js";
import type { WasmParts } from "../wasm-parts.js";
import { calls } from "./calls.js";
import type { ReductionsKernels } from "./contract.js";

export function wasm(parts: WasmParts): ReductionsKernels {
  const { kernels } = parts;
  return {
    ...calls(parts),

    reduce(op, a, { outer, axis, inner }, out) {
      const from = address(a, outer * axis * inner);
      const to = address(out, outer * inner);
      if (op === "max") kernels.reduceMax(from, outer, axis, inner, to);
      else kernels.reduceSum(from, outer, axis, inner, op === "mean" ? 1 / axis : 1, to);
    },

    reduceBackward(op, a, { outer, axis, inner }, dout, da) {
      const size = outer * axis * inner;
      const d = address(dout, outer * inner);
      const into = address(da, size);
      if (op === "max") kernels.reduceMaxBackward(address(a, size), outer, axis, inner, d, into);
      else kernels.reduceSumBackward(d, outer, axis, inner, op === "mean" ? 1 / axis : 1, into);
    },
  };
}
