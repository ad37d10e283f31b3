// Adam step of an expert with many pairs. Tiles of the gradient are summed over all pairs in registers and
// used immediately. The division of one tile overlaps with the products of the next, and no gradient is
// stored.
import {
  decaying, element, epsilonVector, gradientScale, keptOfSecond, restOfFirst, restOfSecond, stepVector,
} from "./adam-element.as";
import { BLOCK } from "../../../../kernels/constants";
import { addProduct } from "../../../../kernels/vector";
import { packColumnsTo } from "../experts/grouped.as";

/** 4 rows x 8 columns. x is packed with `step` bytes from pair to pair, d without gaps. */
// @ts-ignore: decorator
@inline
function tile4x2(
  decays: bool, w: usize, m: usize, v: usize, rowBytes: usize, x: usize, step: usize, d: usize, pairs: usize,
): void {
  let g0_0 = f32x4.splat(0);
  let g0_1 = f32x4.splat(0);
  let g1_0 = f32x4.splat(0);
  let g1_1 = f32x4.splat(0);
  let g2_0 = f32x4.splat(0);
  let g2_1 = f32x4.splat(0);
  let g3_0 = f32x4.splat(0);
  let g3_1 = f32x4.splat(0);
  for (const end = x + pairs * step; x < end; x += step) {
    const d0 = v128.load(d);
    const d1 = v128.load(d, 16);
    const s0 = v128.load32_splat(x);
    g0_0 = addProduct(g0_0, s0, d0);
    g0_1 = addProduct(g0_1, s0, d1);
    const s1 = v128.load32_splat(x, 4);
    g1_0 = addProduct(g1_0, s1, d0);
    g1_1 = addProduct(g1_1, s1, d1);
    const s2 = v128.load32_splat(x, 8);
    g2_0 = addProduct(g2_0, s2, d0);
    g2_1 = addProduct(g2_1, s2, d1);
    const s3 = v128.load32_splat(x, 12);
    g3_0 = addProduct(g3_0, s3, d0);
    g3_1 = addProduct(g3_1, s3, d1);
    d += 32;
  }
  const rest1 = restOfFirst();
  const keep2 = keptOfSecond();
  const rest2 = restOfSecond();
  const size = stepVector();
  const eps = epsilonVector();
  element(decays, w, m, v, g0_0, 0, rest1, keep2, rest2, size, eps, 0);
  element(decays, w, m, v, g0_1, 16, rest1, keep2, rest2, size, eps, 0);
  w += rowBytes;
  m += rowBytes;
  v += rowBytes;
  element(decays, w, m, v, g1_0, 0, rest1, keep2, rest2, size, eps, 0);
  element(decays, w, m, v, g1_1, 16, rest1, keep2, rest2, size, eps, 0);
  w += rowBytes;
  m += rowBytes;
  v += rowBytes;
  element(decays, w, m, v, g2_0, 0, rest1, keep2, rest2, size, eps, 0);
  element(decays, w, m, v, g2_1, 16, rest1, keep2, rest2, size, eps, 0);
  w += rowBytes;
  m += rowBytes;
  v += rowBytes;
  element(decays, w, m, v, g3_0, 0, rest1, keep2, rest2, size, eps, 0);
  element(decays, w, m, v, g3_1, 16, rest1, keep2, rest2, size, eps, 0);
}

/**
 * 4 rows x 4 columns, of which the last `last` (1 to 3, or 0 for all 4) exist. x is packed with `step` bytes
 * from pair to pair, d without gaps.
 */
// @ts-ignore: decorator
@inline
function tile4x1(
  decays: bool, w: usize, m: usize, v: usize, rowBytes: usize, x: usize, step: usize, d: usize, pairs: usize,
  last: usize,
): void {
  let g0_0 = f32x4.splat(0);
  let g1_0 = f32x4.splat(0);
  let g2_0 = f32x4.splat(0);
  let g3_0 = f32x4.splat(0);
  for (const end = x + pairs * step; x < end; x += step) {
    const d0 = v128.load(d);
    const s0 = v128.load32_splat(x);
    g0_0 = addProduct(g0_0, s0, d0);
    const s1 = v128.load32_splat(x, 4);
    g1_0 = addProduct(g1_0, s1, d0);
    const s2 = v128.load32_splat(x, 8);
    g2_0 = addProduct(g2_0, s2, d0);
    const s3 = v128.load32_splat(x, 12);
    g3_0 = addProduct(g3_0, s3, d0);
    d += 16;
  }
  const rest1 = restOfFirst();
  const keep2 = keptOfSecond();
  const rest2 = restOfSecond();
  const size = stepVector();
  const eps = epsilonVector();
  element(decays, w, m, v, g0_0, 0, rest1, keep2, rest2, size, eps, last);
  w += rowBytes;
  m += rowBytes;
  v += rowBytes;
  element(decays, w, m, v, g1_0, 0, rest1, keep2, rest2, size, eps, last);
  w += rowBytes;
  m += rowBytes;
  v += rowBytes;
  element(decays, w, m, v, g2_0, 0, rest1, keep2, rest2, size, eps, last);
  w += rowBytes;
  m += rowBytes;
  v += rowBytes;
  element(decays, w, m, v, g3_0, 0, rest1, keep2, rest2, size, eps, last);
}

/**
 * 2 rows x 16 columns: 8 sums and 8 independent updates. x is packed with `step` bytes from pair to pair, d
 * without gaps.
 */
// @ts-ignore: decorator
@inline
function tile2x4(
  decays: bool, w: usize, m: usize, v: usize, rowBytes: usize, x: usize, step: usize, d: usize, pairs: usize,
): void {
  let g0_0 = f32x4.splat(0);
  let g0_1 = f32x4.splat(0);
  let g0_2 = f32x4.splat(0);
  let g0_3 = f32x4.splat(0);
  let g1_0 = f32x4.splat(0);
  let g1_1 = f32x4.splat(0);
  let g1_2 = f32x4.splat(0);
  let g1_3 = f32x4.splat(0);
  for (const end = x + pairs * step; x < end; x += step) {
    const d0 = v128.load(d);
    const d1 = v128.load(d, 16);
    const d2 = v128.load(d, 32);
    const d3 = v128.load(d, 48);
    const s0 = v128.load32_splat(x);
    g0_0 = addProduct(g0_0, s0, d0);
    g0_1 = addProduct(g0_1, s0, d1);
    g0_2 = addProduct(g0_2, s0, d2);
    g0_3 = addProduct(g0_3, s0, d3);
    const s1 = v128.load32_splat(x, 4);
    g1_0 = addProduct(g1_0, s1, d0);
    g1_1 = addProduct(g1_1, s1, d1);
    g1_2 = addProduct(g1_2, s1, d2);
    g1_3 = addProduct(g1_3, s1, d3);
    d += 64;
  }
  const rest1 = restOfFirst();
  const keep2 = keptOfSecond();
  const rest2 = restOfSecond();
  const size = stepVector();
  const eps = epsilonVector();
  element(decays, w, m, v, g0_0, 0, rest1, keep2, rest2, size, eps, 0);
  element(decays, w, m, v, g0_1, 16, rest1, keep2, rest2, size, eps, 0);
  element(decays, w, m, v, g0_2, 32, rest1, keep2, rest2, size, eps, 0);
  element(decays, w, m, v, g0_3, 48, rest1, keep2, rest2, size, eps, 0);
  w += rowBytes;
  m += rowBytes;
  v += rowBytes;
  element(decays, w, m, v, g1_0, 0, rest1, keep2, rest2, size, eps, 0);
  element(decays, w, m, v, g1_1, 16, rest1, keep2, rest2, size, eps, 0);
  element(decays, w, m, v, g1_2, 32, rest1, keep2, rest2, size, eps, 0);
  element(decays, w, m, v, g1_3, 48, rest1, keep2, rest2, size, eps, 0);
}

/** 1 row x 16 columns. x is packed with `step` bytes from pair to pair, d without gaps. */
// @ts-ignore: decorator
@inline
function tile1x4(
  decays: bool, w: usize, m: usize, v: usize, rowBytes: usize, x: usize, step: usize, d: usize, pairs: usize,
): void {
  let g0_0 = f32x4.splat(0);
  let g0_1 = f32x4.splat(0);
  let g0_2 = f32x4.splat(0);
  let g0_3 = f32x4.splat(0);
  for (const end = x + pairs * step; x < end; x += step) {
    const d0 = v128.load(d);
    const d1 = v128.load(d, 16);
    const d2 = v128.load(d, 32);
    const d3 = v128.load(d, 48);
    const s0 = v128.load32_splat(x);
    g0_0 = addProduct(g0_0, s0, d0);
    g0_1 = addProduct(g0_1, s0, d1);
    g0_2 = addProduct(g0_2, s0, d2);
    g0_3 = addProduct(g0_3, s0, d3);
    d += 64;
  }
  const rest1 = restOfFirst();
  const keep2 = keptOfSecond();
  const rest2 = restOfSecond();
  const size = stepVector();
  const eps = epsilonVector();
  element(decays, w, m, v, g0_0, 0, rest1, keep2, rest2, size, eps, 0);
  element(decays, w, m, v, g0_1, 16, rest1, keep2, rest2, size, eps, 0);
  element(decays, w, m, v, g0_2, 32, rest1, keep2, rest2, size, eps, 0);
  element(decays, w, m, v, g0_3, 48, rest1, keep2, rest2, size, eps, 0);
}

/** 1 row x 8 columns. x is packed with `step` bytes from pair to pair, d without gaps. */
// @ts-ignore: decorator
@inline
function tile1x2(
  decays: bool, w: usize, m: usize, v: usize, rowBytes: usize, x: usize, step: usize, d: usize, pairs: usize,
): void {
  let g0_0 = f32x4.splat(0);
  let g0_1 = f32x4.splat(0);
  for (const end = x + pairs * step; x < end; x += step) {
    const d0 = v128.load(d);
    const d1 = v128.load(d, 16);
    const s0 = v128.load32_splat(x);
    g0_0 = addProduct(g0_0, s0, d0);
    g0_1 = addProduct(g0_1, s0, d1);
    d += 32;
  }
  const rest1 = restOfFirst();
  const keep2 = keptOfSecond();
  const rest2 = restOfSecond();
  const size = stepVector();
  const eps = epsilonVector();
  element(decays, w, m, v, g0_0, 0, rest1, keep2, rest2, size, eps, 0);
  element(decays, w, m, v, g0_1, 16, rest1, keep2, rest2, size, eps, 0);
}

/**
 * 1 row x 4 columns, of which the last `last` (1 to 3, or 0 for all 4) exist. x is packed with `step` bytes
 * from pair to pair, d without gaps.
 */
// @ts-ignore: decorator
@inline
function tile1x1(
  decays: bool, w: usize, m: usize, v: usize, rowBytes: usize, x: usize, step: usize, d: usize, pairs: usize,
  last: usize,
): void {
  let g0_0 = f32x4.splat(0);
  for (const end = x + pairs * step; x < end; x += step) {
    const d0 = v128.load(d);
    const s0 = v128.load32_splat(x);
    g0_0 = addProduct(g0_0, s0, d0);
    d += 16;
  }
  const rest1 = restOfFirst();
  const keep2 = keptOfSecond();
  const rest2 = restOfSecond();
  const size = stepVector();
  const eps = epsilonVector();
  element(decays, w, m, v, g0_0, 0, rest1, keep2, rest2, size, eps, last);
}

/** Number of columns of the next tile, with `left` columns to go. */
// @ts-ignore: decorator
@inline
function widthOf(left: usize): usize {
  return left >= 16 ? 16 : left >= 8 ? 8 : 4;
}

/** Steps one strip. `d` is packed by `packStrips`, x at `packed`. */
// @ts-ignore: decorator
@inline
function tiles(
  decays: bool, pairs: usize, w: usize, m: usize, v: usize, rowBytes: usize, count: usize, packed: usize,
  d: usize, columns: usize,
): void {
  let width: usize = 0;
  for (let j: usize = 0; j < columns; j += width) {
    const left = columns - j;
    width = widthOf(left);
    const last = left < 4 ? left : 0;
    const from = d + ((j * pairs) << 2);
    const rows: usize = width == 16 ? 2 : 4;
    for (let i: usize = 0; i < count; ) {
      const inTile = i & 3;
      const step = min<usize>(4, count - (i - inTile)) << 2;
      const x = packed + (((i - inTile) * pairs) << 2) + (inTile << 2);
      const o = i * rowBytes + (j << 2);
      if (i + rows <= count) {
        if (width == 16) tile2x4(decays, w + o, m + o, v + o, rowBytes, x, step, from, pairs);
        else if (width == 8) tile4x2(decays, w + o, m + o, v + o, rowBytes, x, step, from, pairs);
        else tile4x1(decays, w + o, m + o, v + o, rowBytes, x, step, from, pairs, last);
        i += rows;
      } else {
        if (width == 16) tile1x4(decays, w + o, m + o, v + o, rowBytes, x, step, from, pairs);
        else if (width == 8) tile1x2(decays, w + o, m + o, v + o, rowBytes, x, step, from, pairs);
        else tile1x1(decays, w + o, m + o, v + o, rowBytes, x, step, from, pairs, last);
        i++;
      }
    }
  }
}

function plainTiles(
  pairs: usize, w: usize, m: usize, v: usize, rowBytes: usize, count: usize, x: usize, d: usize,
  columns: usize,
): void {
  tiles(false, pairs, w, m, v, rowBytes, count, x, d, columns);
}

function decayingTiles(
  pairs: usize, w: usize, m: usize, v: usize, rowBytes: usize, count: usize, x: usize, d: usize,
  columns: usize,
): void {
  tiles(true, pairs, w, m, v, rowBytes, count, x, d, columns);
}

/**
 * Packs dout [pairs, columns] into strips of the tiles' widths, each [pairs][width] without gaps. Rows of a
 * wide dout are whole pages apart, and their cache lines would compete for few places of the cache.
 */
function packStrips(dout: usize, pairs: usize, columns: usize, to: usize): void {
  const bytes = columns << 2;
  let width: usize = 0;
  for (let j: usize = 0; j < columns; j += width) {
    width = widthOf(columns - j);
    let from = dout + (j << 2);
    for (let p: usize = 0; p < pairs; p++) {
      for (let c: usize = 0; c < width << 2; c += 16) v128.store(to + c, v128.load(from + c));
      from += bytes;
      to += width << 2;
    }
  }
}

/**
 * Steps the rows from .. end - 1 of one expert, BLOCK at a time. `work`: pairs * (BLOCK + outputs +
 * 4) floats.
 */
export function tiledStep(
  pairs: usize, w: usize, m: usize, v: usize, x: usize, rows: usize, dout: usize, inputs: usize,
  outputs: usize, work: usize,
  from: usize, end: usize,
): void {
  const bytes = outputs << 2;
  const d = work + ((BLOCK * pairs) << 2);
  packStrips(dout, pairs, outputs, d);
  for (let i = from; i < end; i += BLOCK) {
    const count = min(BLOCK, end - i);
    const o = i * bytes;
    packColumnsTo(work, x, inputs << 2, rows, pairs, i, count, gradientScale);
    if (decaying()) decayingTiles(pairs, w + o, m + o, v + o, bytes, count, work, d, outputs);
    else plainTiles(pairs, w + o, m + o, v + o, bytes, count, work, d, outputs);
  }
}
