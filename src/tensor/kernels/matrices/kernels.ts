import { buffer, flag, type KernelFamily, moves, optionalBuffer, value } from "../entry.js";
import { DEPTH } from "./constants.js";

const shape = "{ m, n, k, transposeA = false, transposeB = false, accumulate = false }";

export const family = {
  constants: { DEPTH },
  uses: { "./constants.js": ["DEPTH"] },
  kernels: {
    gemm: {
      assembly: "gemm",
      native: "gemm::gemm",
      blocks: { gemm: "gemm::gemm_block" },
      method: `a, b, out, ${shape}`,
      numbers: {
        a: buffer("m * k"),
        b: buffer("k * n"),
        out: buffer("m * n"),
        m: value(),
        n: value(),
        k: value(),
        transposeA: flag(),
        transposed: value("transposeB ? heap.work(DEPTH * n) : 0"),
        accumulate: flag(),
      },
      cost: moves("m", "n", "k"),
    },
    batchedGemm: {
      assembly: "gemm",
      native: "gemm::batched_gemm",
      blocks: { batched_gemm: "gemm::batched_gemm_block" },
      method: `a, b, out, count, ${shape}`,
      numbers: {
        a: buffer("count * m * k"),
        b: buffer("count * k * n"),
        out: buffer("count * m * n"),
        count: value(),
        m: value(),
        n: value(),
        k: value(),
        transposeA: flag(),
        transposed: value("transposeB ? heap.work(DEPTH * n) : 0"),
        accumulate: flag(),
      },
      cost: moves("count", "m", "n", "k"),
    },
    linear: {
      assembly: "gemm",
      native: "gemm::linear",
      blocks: { linear: "gemm::linear_block" },
      method: "a, weight, bias, out, m, k, n",
      numbers: {
        a: buffer("m * k"),
        weight: buffer("k * n"),
        bias: optionalBuffer("n"),
        out: buffer("m * n"),
        m: value(),
        k: value(),
        n: value(),
      },
      cost: moves("m", "k", "n"),
    },
  },
} as const satisfies KernelFamily;
