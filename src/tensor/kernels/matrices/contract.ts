import type { FloatBuffer } from "../../buffers.js";

/** Sizes and storage of a matrix product: out [m, n] = a [m, k] b [k, n]. */
export interface GemmShape {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** a is stored [k, m] instead of [m, k]. */
  readonly transposeA?: boolean;
  /** b is stored [n, k] instead of [k, n]. */
  readonly transposeB?: boolean;
  /** Add to `out` instead of overwriting it. */
  readonly accumulate?: boolean;
}

/** Matrix products. */
export interface MatricesKernels {
  /** Matrix product, out = a b. See {@link GemmShape}. */
  gemm(a: FloatBuffer, b: FloatBuffer, out: FloatBuffer, shape: GemmShape): void;
  /** `count` independent products of consecutive [m,k] x [k,n] matrices. */
  batchedGemm(a: FloatBuffer, b: FloatBuffer, out: FloatBuffer, count: number, shape: GemmShape): void;
  /** out[r] = a[r] W + bias for a [m, k] and W [k, n], in one pass. */
  linear(
    a: FloatBuffer,
    weight: FloatBuffer,
    bias: FloatBuffer | undefined,
    out: FloatBuffer,
    m: number,
    k: number,
    n: number,
  ): void;
}
