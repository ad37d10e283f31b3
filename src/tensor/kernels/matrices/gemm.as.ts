// Dense products.
import { product } from "../../../../kernels/product";

/** Matrix product. `transposed`: DEPTH x n floats of work space if b is stored [n, k], else 0. */
export function gemm(
  a: usize,
  b: usize,
  out: usize,
  m: usize,
  n: usize,
  k: usize,
  transposeA: bool,
  transposed: usize,
  accumulate: bool,
): void {
  gemmPart(a, b, out, m, n, k, transposeA, transposed, accumulate, m);
}

/** `m` rows of the product. If a is stored [k, m], its rows are `stride` floats apart. */
export function gemmPart(
  a: usize,
  b: usize,
  out: usize,
  m: usize,
  n: usize,
  k: usize,
  transposeA: bool,
  transposed: usize,
  accumulate: bool,
  stride: usize,
): void {
  if (!accumulate) memory.fill(out, 0, (m * n) << 2);
  const rowStride: usize = transposeA ? 4 : k << 2;
  const columnStride: usize = transposeA ? stride << 2 : 4;
  product(a, 0, rowStride, columnStride, b, (transposed != 0 ? k : n) << 2, transposed, out, n << 2, m, n, k);
}

export function batchedGemm(
  a: usize,
  b: usize,
  out: usize,
  count: usize,
  m: usize,
  n: usize,
  k: usize,
  transposeA: bool,
  transposed: usize,
  accumulate: bool,
): void {
  for (let i: usize = 0; i < count; i++) {
    gemm(a, b, out, m, n, k, transposeA, transposed, accumulate);
    a += (m * k) << 2;
    b += (k * n) << 2;
    out += (m * n) << 2;
  }
}

/** out = a W + bias. `bias` may be 0 (none). */
export function linear(a: usize, weight: usize, bias: usize, out: usize, m: usize, k: usize, n: usize): void {
  const bytes = n << 2;
  if (bias == 0) memory.fill(out, 0, m * bytes);
  else for (let i: usize = 0; i < m; i++) memory.copy(out + i * bytes, bias, bytes);
  product(a, 0, k << 2, 4, weight, bytes, 0, out, bytes, m, n, k);
}
