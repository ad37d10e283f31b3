// Written by scripts/write-kernel-table.js from src/tensor/kernels/. Do not edit.

import { address } from "../../backends/wasm/heap.js";
import type { WasmParts } from "../wasm-parts.js";
import { DEPTH } from "./constants.js";
import type { MatricesKernels } from "./contract.js";

/** Methods that are one call of a kernel. */
export function calls(parts: WasmParts): Pick<MatricesKernels, "gemm" | "batchedGemm" | "linear"> {
  const { kernels, heap } = parts;
  return {
    gemm(a, b, out, { m, n, k, transposeA = false, transposeB = false, accumulate = false }) {
      kernels.gemm(
        address(a, m * k),
        address(b, k * n),
        address(out, m * n),
        m,
        n,
        k,
        Number(transposeA),
        transposeB ? heap.work(DEPTH * n) : 0,
        Number(accumulate),
      );
    },

    batchedGemm(a, b, out, count, { m, n, k, transposeA = false, transposeB = false, accumulate = false }) {
      kernels.batchedGemm(
        address(a, count * m * k),
        address(b, count * k * n),
        address(out, count * m * n),
        count,
        m,
        n,
        k,
        Number(transposeA),
        transposeB ? heap.work(DEPTH * n) : 0,
        Number(accumulate),
      );
    },

    linear(a, weight, bias, out, m, k, n) {
      kernels.linear(
        address(a, m * k),
        address(weight, k * n),
        bias ? address(bias, n) : 0,
        address(out, m * n),
        m,
        k,
        n,
      );
    },
  };
}
