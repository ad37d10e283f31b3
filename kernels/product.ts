// Matrix products. All of them use `panels`, which multiplies 1 to 4 packed rows with a block of b.
//
// History of groupedLinear, as speed-up over three scalar loops, for N = 8, batch 16 / N = 32, batch 16 / N =
// 8, batch 256 (bench/kernels/run.js; kernels/variants has the versions):
//   row by row, four columns at a time                               5.9 /  9.5 /  7.7
//   register tiles of 1 x 48                                         8.3 /  9.4 / 10.6
//   2 x 24                                                           9.6 / 10.4 / 14.7
//   3 x 16                                                          11.2 / 10.8 / 17.4
//   4 x 12                                                          10.8 / 11.1 / 18.5
//   blocks of 64 rows of W, and streams for up to 3 samples         12.1 / 13.7 / 19.6
// The last row is 88 %, 74 % and 100 % of the bound. Since then, blocks are touched before they are
// multiplied, and tiles are 4 x 8, whose sums stay in registers.
import { DEPTH } from "./constants";
import { cornerTile, packedRows } from "./room";
import { tile1x1, tile2x1, tile3x1, tile4x1, tile4x2 } from "./tile";
import { stream1, stream2, stream3 } from "./stream";
import { storeTail } from "./vector";

/**
 * Packs `depth` columns of up to 4 rows, starting at the given addresses, as [depth][rows]. Columns of a row
 * are `step` bytes apart.
 */
// @ts-ignore: decorator
@inline
function pack(
  rows: usize, p0: usize, p1: usize, p2: usize, p3: usize, step: usize, depth: usize, to: usize,
): void {
  if (rows == 4) {
    if (step == 4) {
      for (; depth >= 4; depth -= 4) {
        const a = v128.load(p0);
        const b = v128.load(p1);
        const c = v128.load(p2);
        const d = v128.load(p3);
        const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
        const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
        const ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
        const cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
        v128.store(to, v128.shuffle<i64>(ab, cd, 0, 2));
        v128.store(to, v128.shuffle<i64>(ab, cd, 1, 3), 16);
        v128.store(to, v128.shuffle<i64>(ab2, cd2, 0, 2), 32);
        v128.store(to, v128.shuffle<i64>(ab2, cd2, 1, 3), 48);
        p0 += 16;
        p1 += 16;
        p2 += 16;
        p3 += 16;
        to += 64;
      }
    }
    for (; depth > 0; depth--) {
      store<f32>(to, load<f32>(p0));
      store<f32>(to, load<f32>(p1), 4);
      store<f32>(to, load<f32>(p2), 8);
      store<f32>(to, load<f32>(p3), 12);
      p0 += step;
      p1 += step;
      p2 += step;
      p3 += step;
      to += 16;
    }
    return;
  }
  for (; depth > 0; depth--) {
    store<f32>(to, load<f32>(p0));
    if (rows > 1) store<f32>(to, load<f32>(p1), 4);
    if (rows > 2) store<f32>(to, load<f32>(p2), 8);
    p0 += step;
    p1 += step;
    p2 += step;
    to += rows << 2;
  }
}

// @ts-ignore: decorator
@inline
function narrow(rows: usize, a: usize, b: usize, ldb: usize, c: usize, ldc: usize, k: usize): void {
  if (rows == 4) tile4x1(a, b, ldb, c, ldc, k);
  else if (rows == 3) tile3x1(a, b, ldb, c, ldc, k);
  else if (rows == 2) tile2x1(a, b, ldb, c, ldc, k);
  else tile1x1(a, b, ldb, c, ldc, k);
}

/** c[rows, n] += a b for packed a [k][rows]. */
export function panels(
  rows: usize, a: usize, b: usize, ldb: usize, c: usize, ldc: usize, k: usize, n: usize,
): void {
  if (rows == 4) {
    for (; n >= 8; n -= 8) {
      tile4x2(a, b, ldb, c, ldc, k);
      b += 32;
      c += 32;
    }
  } else if (rows == 3) {
    stream3(a, b, ldb, c, ldc, k, n);
    return;
  } else if (rows == 2) {
    stream2(a, b, ldb, c, ldc, k, n);
    return;
  } else {
    stream1(a, b, ldb, c, ldc, k, n);
    return;
  }
  for (; n >= 4; n -= 4) {
    narrow(rows, a, b, ldb, c, ldc, k);
    b += 16;
    c += 16;
  }
  if (n > 0) {
    // Reading past the columns of b is allowed; writing past those of c is not.
    const corner = cornerTile();
    for (let r: usize = 0; r < rows; r++) v128.store(corner + (r << 4), v128.load(c + r * ldc));
    narrow(rows, a, b, ldb, corner, 16, k);
    for (let r: usize = 0; r < rows; r++) storeTail(c + r * ldc, v128.load(corner + (r << 4)), n);
  }
}

/**
 * Transposes a block: to[j, i] = from[i, j] for i < rows, j < columns, with strides in bytes. Squares of 4 x
 * 4 go through registers, in bands of 16 rows, so that whole cache lines are written.
 */
export function transposeBlock(
  from: usize, fromStride: usize, rows: usize, columns: usize, to: usize, toStride: usize,
): void {
  const wholeRows = rows & ~3;
  const wholeColumns = columns & ~3;
  for (let band: usize = 0; band < wholeRows; band += 16) {
    const end = min(band + 16, wholeRows);
    for (let j: usize = 0; j < wholeColumns; j += 4) {
      for (let i = band; i < end; i += 4) {
        const p = from + i * fromStride + (j << 2);
        const q = to + j * toStride + (i << 2);
        const a = v128.load(p);
        const b = v128.load(p + fromStride);
        const c = v128.load(p + 2 * fromStride);
        const d = v128.load(p + 3 * fromStride);
        const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
        const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
        const ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
        const cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
        v128.store(q, v128.shuffle<i64>(ab, cd, 0, 2));
        v128.store(q + toStride, v128.shuffle<i64>(ab, cd, 1, 3));
        v128.store(q + 2 * toStride, v128.shuffle<i64>(ab2, cd2, 0, 2));
        v128.store(q + 3 * toStride, v128.shuffle<i64>(ab2, cd2, 1, 3));
      }
    }
  }
  transposeEdge(from, fromStride, 0, wholeRows, wholeColumns, columns, to, toStride);
  transposeEdge(from, fromStride, wholeRows, rows, 0, columns, to, toStride);
}

/** Rows i0 .. i1 - 1 and columns j0 .. j1 - 1, one by one. */
function transposeEdge(
  from: usize, fromStride: usize, i0: usize, i1: usize, j0: usize, j1: usize, to: usize, toStride: usize,
): void {
  for (let i = i0; i < i1; i++) {
    for (let j = j0; j < j1; j++) {
      store<f32>(to + j * toStride + (i << 2), load<f32>(from + i * fromStride + (j << 2)));
    }
  }
}

/** Size in bytes of the largest block that is touched. A larger one would not stay in the cache. */
// @ts-ignore: decorator
@inline
const TOUCHED: usize = 1 << 16;

/** Keeps the loads of `touch` alive. */
let touched: i32 = 0;

/**
 * Loads one number of each cache line in memory order. Prefetchers follow this order, but not several rows at
 * once. Data from the last-level cache or from memory is then multiplied twice as fast.
 */
function touch(p: usize, bytes: usize): void {
  let a = 0;
  let b = 0;
  const end = p + bytes;
  for (; p + 128 <= end; p += 128) {
    a |= load<i32>(p);
    b |= load<i32>(p, 64);
  }
  if (p < end) a |= load<i32>(p);
  touched = a | b;
}

/**
 * c[m, n] += A b.
 *
 * Row i of A starts at a + index(i) * rowStride. index(i) is indices[i] if `indices` is given, else i.
 * Columns of A are columnStride bytes apart. b is [k, n] with row stride ldb. If `transposed` is given, b is
 * stored [n, k] with row stride ldb, and is transposed block by block into `transposed`, DEPTH x n floats.
 */
export function product(
  a: usize, indices: usize, rowStride: usize, columnStride: usize, b: usize, ldb: usize, transposed: usize,
  c: usize, ldc: usize,
  m: usize, n: usize, k: usize,
): void {
  const packed = packedRows();
  for (let k0: usize = 0; k0 < k; k0 += DEPTH) {
    const depth = min(DEPTH, k - k0);
    let block = b + k0 * ldb;
    let stride = ldb;
    if (transposed != 0) {
      transposeBlock(b + (k0 << 2), ldb, n, depth, transposed, n << 2);
      block = transposed;
      stride = n << 2;
    } else if (ldb == n << 2 && depth * ldb <= TOUCHED) {
      touch(block, depth * ldb);
    }
    const start = a + k0 * columnStride;
    for (let i: usize = 0; i < m; i += 4) {
      const rows = min<usize>(4, m - i);
      const p0 = start + place(indices, i) * rowStride;
      const p1 = rows > 1 ? start + place(indices, i + 1) * rowStride : p0;
      const p2 = rows > 2 ? start + place(indices, i + 2) * rowStride : p0;
      const p3 = rows > 3 ? start + place(indices, i + 3) * rowStride : p0;
      const single = rows == 1 && columnStride == 4; // is packed as it lies
      if (!single) pack(rows, p0, p1, p2, p3, columnStride, depth, packed);
      panels(rows, single ? p0 : packed, block, stride, c + i * ldc, ldc, depth, n);
    }
  }
}

// @ts-ignore: decorator
@inline
function place(indices: usize, i: usize): usize {
  return indices == 0 ? i : <usize>load<i32>(indices + (i << 2));
}
