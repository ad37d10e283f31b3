import { buffer, flag, type KernelFamily, moves, optionalBuffer, splitRows, value } from "../entry.js";
import { DEPTH } from "./constants.js";

const shape = "{ m, n, k, transposeA = false, transposeB = false, accumulate = false }";

/** Nanoseconds per multiplication and addition. */
const PRODUCT = 0.07;
/** Number of rows of a tile of the output. */
const TILE = 4;

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
      split: [
        {
          kernel: "gemmPart",
          units: "m",
          block: TILE,
          steps: { a: { flag: "transposeA", set: [4], unset: [4, "k"] }, out: [4, "n"] },
          also: { stride: "m" },
          nanoseconds: [[PRODUCT, "m", "n", "k"]],
          work: "transposed",
        },
      ],
    },
    /** Some rows of a product; `stride` is the number of all rows. */
    gemmPart: {
      assembly: "gemm",
      numbers: {
        a: value(),
        b: value(),
        out: value(),
        m: value(),
        n: value(),
        k: value(),
        transposeA: value(),
        transposed: value(),
        accumulate: value(),
        stride: value(),
      },
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
      split: splitRows(
        "count",
        { a: [4, "m", "k"], b: [4, "k", "n"], out: [4, "m", "n"] },
        [PRODUCT, "m", "n", "k"],
        { work: "transposed" },
      ),
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
      split: splitRows("m", { a: [4, "k"], out: [4, "n"] }, [PRODUCT, "k", "n"], { block: TILE }),
    },
  },
} as const satisfies KernelFamily;
