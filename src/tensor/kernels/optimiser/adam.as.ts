// Adam and AdamW in PyTorch's order of operations. The bias corrections are scalars, computed once per call
// in float64.
//
// History of adamGrouped, as speed-up over the scalar version, for N = 8, batch 16 / N = 32, batch 16 / N =
// 8, batch 256 (bench/kernels/run.js):
//   SIMD gradient written to memory, then SIMD Adam                  8.7 /  8.8 / 32
//   gradient in blocks of 16 rows that stay in the cache            10.6 / 18   / 33
//   up to 8 pairs: gradient in registers inside the update          11.8 / 23   / 31
// The last row is 93 %, 87 % and 92 % of the bound. Since then, the weights are updated one row later, and
// the gradient of many pairs is also formed in registers (adam-tile.as.ts): 1.09 times as fast as blocks at N
// = 8, batch 256. The update itself went from 4.2 to 1.9 ns per vector: no branch in the loop, no work for an
// unused decay, and merged bias corrections.
import {
  atStep, decaying, element, epsilonVector, gradientScale, keptOfSecond, moments, restOfFirst, restOfSecond,
  stepVector, weight,
} from "./adam-element.as";
import { tiledStep } from "./adam-tile.as";
import { BLOCK } from "../../../../kernels/constants";
import { packedColumns, packedPairs, scaledGradient } from "../../../../kernels/room";
import { addProduct } from "../../../../kernels/vector";
import { gradientBlock, packColumns } from "../experts/grouped.as";

export { adamSettings } from "./adam-element.as";

/**
 * Bound by arithmetic while the arrays are in the cache (about 4.7 cycles per vector), otherwise by memory.
 */
// @ts-ignore: decorator
@inline
function updateLoop(decays: bool, w: usize, m: usize, v: usize, g: usize, count: usize): void {
  const rest1 = restOfFirst();
  const keep2 = keptOfSecond();
  const rest2 = restOfSecond();
  const size = stepVector();
  const eps = epsilonVector();
  for (; count >= 8; count -= 8) {
    element(decays, w, m, v, v128.load(g), 0, rest1, keep2, rest2, size, eps, 0);
    element(decays, w, m, v, v128.load(g, 16), 16, rest1, keep2, rest2, size, eps, 0);
    w += 32;
    m += 32;
    v += 32;
    g += 32;
  }
  if (count >= 4) {
    element(decays, w, m, v, v128.load(g), 0, rest1, keep2, rest2, size, eps, 0);
    w += 16;
    m += 16;
    v += 16;
    g += 16;
    count -= 4;
  }
  if (count > 0) element(decays, w, m, v, v128.load(g), 0, rest1, keep2, rest2, size, eps, count);
}

/** Steps `count` consecutive elements. The gradient is already scaled. */
function update(w: usize, m: usize, v: usize, g: usize, count: usize): void {
  if (decaying()) updateLoop(true, w, m, v, g, count);
  else updateLoop(false, w, m, v, g, count);
}

/** Number of elements that are scaled at a time; `scaledGradient` has space for them. */
// @ts-ignore: decorator
@inline
const SCALED: usize = 512;

export function adam(
  w: usize, m: usize, v: usize, gradient: usize, start: usize, count: usize, step: i32,
): void {
  atStep(step);
  if (gradientScale == 1) {
    const o = start << 2;
    update(w + o, m + o, v + o, gradient + o, count);
    return;
  }
  const factor = f32x4.splat(gradientScale);
  const scaled = scaledGradient();
  for (const end = start + count; start < end; start += SCALED) {
    const o = start << 2;
    const part = min(SCALED, end - start);
    for (let j: usize = 0; j < part; j += 4) {
      v128.store(scaled + (j << 2), f32x4.mul(v128.load(gradient + o + (j << 2)), factor));
    }
    update(w + o, m + o, v + o, scaled, part);
  }
}

/** Steps rows rows[i] of a weight [n, width], with gradient row i and step number steps[i]. */
export function adamRows(
  w: usize, m: usize, v: usize, gradient: usize, rows: usize, count: usize, width: usize, steps: usize,
): void {
  const bytes = width << 2;
  for (let i: usize = 0; i < count; i++) {
    const o = <usize>load<i32>(rows + (i << 2)) * bytes;
    adam(w + o, m + o, v + o, gradient + i * bytes, 0, width, load<i32>(steps + (i << 2)));
  }
}

/** Largest number of pairs for the fused step. With more pairs, products dominate and use tiles. */
// @ts-ignore: decorator
@inline
const FUSED: usize = 8;

/** Largest number of pairs for which a block of gradients is faster than tiles with a built-in update. */
// @ts-ignore: decorator
@inline
const BLOCKED: usize = 32;

/** Number of columns of dout that are packed at a time; `packedColumns` has space for them. */
// @ts-ignore: decorator
@inline
const COLUMNS: usize = 512;

/**
 * Computes one vector of the gradient: the sum over the pairs, in order, of x (splat) times dout. `d` holds
 * the pairs' vectors next to each other.
 */
// @ts-ignore: decorator
@inline
function gradientOf(
  pairs: usize, d: usize, s0: v128, s1: v128, s2: v128, s3: v128, s4: v128, s5: v128, s6: v128, s7: v128,
): v128 {
  let g = f32x4.mul(s0, v128.load(d));
  if (pairs > 1) g = addProduct(g, s1, v128.load(d, 16));
  if (pairs > 2) g = addProduct(g, s2, v128.load(d, 32));
  if (pairs > 3) g = addProduct(g, s3, v128.load(d, 48));
  if (pairs > 4) g = addProduct(g, s4, v128.load(d, 64));
  if (pairs > 5) g = addProduct(g, s5, v128.load(d, 80));
  if (pairs > 6) g = addProduct(g, s6, v128.load(d, 96));
  if (pairs > 7) g = addProduct(g, s7, v128.load(d, 112));
  return g;
}

/**
 * Steps an expert with few pairs, row by row of its weights. The gradient of a vector is formed in a register
 * and used immediately.
 *
 * The weights are updated one row after the moments, so that square root and division of one row overlap with
 * the products of the next. `x` is packed by `packColumns`, `d` as [columns / 4][pairs][4]. Compared with a
 * block of gradients, it is 1.2 times as fast from the cache and twice as fast from memory, because the loads
 * hide the arithmetic.
 */
// @ts-ignore: decorator
@inline
function fused(
  pairs: usize, decays: bool, w: usize, m: usize, v: usize, rowBytes: usize, x: usize, count: usize, d: usize,
  columns: usize,
): void {
  const rest1 = restOfFirst();
  const keep2 = keptOfSecond();
  const rest2 = restOfSecond();
  const size = stepVector();
  const eps = epsilonVector();
  const last = columns & 3;
  const whole = (columns << 2) & ~31;
  for (let i: usize = 0; i < count; i++) {
    const width = min<usize>(4, count - (i & ~3)) << 2;
    let p = x + (i >> 2) * (pairs << 4) + ((i & 3) << 2);
    const s0 = v128.load32_splat(p);
    const s1 = pairs > 1 ? v128.load32_splat(p + 1 * width) : s0;
    const s2 = pairs > 2 ? v128.load32_splat(p + 2 * width) : s0;
    const s3 = pairs > 3 ? v128.load32_splat(p + 3 * width) : s0;
    const s4 = pairs > 4 ? v128.load32_splat(p + 4 * width) : s0;
    const s5 = pairs > 5 ? v128.load32_splat(p + 5 * width) : s0;
    const s6 = pairs > 6 ? v128.load32_splat(p + 6 * width) : s0;
    const s7 = pairs > 7 ? v128.load32_splat(p + 7 * width) : s0;
    let o: usize = 0;
    let from = d;
    if (i > 0) {
      for (; o < whole; o += 32) {
        const before = o - rowBytes;
        weight(decays, w + before, m + before, v + before, 0, size, eps, 0);
        moments(
          decays, w + o, m + o, v + o, gradientOf(pairs, from, s0, s1, s2, s3, s4, s5, s6, s7), 0, rest1,
          keep2, rest2, 0,
        );
        weight(decays, w + before, m + before, v + before, 16, size, eps, 0);
        moments(
          decays, w + o, m + o, v + o, gradientOf(pairs, from + (pairs << 4), s0, s1, s2, s3, s4, s5, s6, s7),
          16, rest1, keep2, rest2, 0,
        );
        from += pairs << 5;
      }
    } else {
      for (; o < whole; o += 32) {
        moments(
          decays, w + o, m + o, v + o, gradientOf(pairs, from, s0, s1, s2, s3, s4, s5, s6, s7), 0, rest1,
          keep2, rest2, 0,
        );
        moments(
          decays, w + o, m + o, v + o, gradientOf(pairs, from + (pairs << 4), s0, s1, s2, s3, s4, s5, s6, s7),
          16, rest1, keep2, rest2, 0,
        );
        from += pairs << 5;
      }
    }
    if (columns & 4) {
      moments(
        decays, w + o, m + o, v + o, gradientOf(pairs, from, s0, s1, s2, s3, s4, s5, s6, s7), 0, rest1, keep2,
        rest2, 0,
      );
      weight(decays, w + o, m + o, v + o, 0, size, eps, 0);
      from += pairs << 4;
      o += 16;
    }
    if (last != 0) {
      moments(
        decays, w + o, m + o, v + o, gradientOf(pairs, from, s0, s1, s2, s3, s4, s5, s6, s7), 0, rest1, keep2,
        rest2, last,
      );
      weight(decays, w + o, m + o, v + o, 0, size, eps, last);
    }
    w += rowBytes;
    m += rowBytes;
    v += rowBytes;
  }
  w -= rowBytes;
  m -= rowBytes;
  v -= rowBytes;
  for (let o: usize = 0; o < whole; o += 32) {
    weight(decays, w + o, m + o, v + o, 0, size, eps, 0);
    weight(decays, w + o, m + o, v + o, 16, size, eps, 0);
  }
}

function fusedRows(
  pairs: usize, w: usize, m: usize, v: usize, rowBytes: usize, x: usize, count: usize, d: usize,
  columns: usize,
): void {
  if (decaying()) {
    switch (<i32>pairs) {
      case 1: return fused(1, true, w, m, v, rowBytes, x, count, d, columns);
      case 2: return fused(2, true, w, m, v, rowBytes, x, count, d, columns);
      case 3: return fused(3, true, w, m, v, rowBytes, x, count, d, columns);
      case 4: return fused(4, true, w, m, v, rowBytes, x, count, d, columns);
      case 5: return fused(5, true, w, m, v, rowBytes, x, count, d, columns);
      case 6: return fused(6, true, w, m, v, rowBytes, x, count, d, columns);
      case 7: return fused(7, true, w, m, v, rowBytes, x, count, d, columns);
      default: return fused(8, true, w, m, v, rowBytes, x, count, d, columns);
    }
  }
  switch (<i32>pairs) {
    case 1: return fused(1, false, w, m, v, rowBytes, x, count, d, columns);
    case 2: return fused(2, false, w, m, v, rowBytes, x, count, d, columns);
    case 3: return fused(3, false, w, m, v, rowBytes, x, count, d, columns);
    case 4: return fused(4, false, w, m, v, rowBytes, x, count, d, columns);
    case 5: return fused(5, false, w, m, v, rowBytes, x, count, d, columns);
    case 6: return fused(6, false, w, m, v, rowBytes, x, count, d, columns);
    case 7: return fused(7, false, w, m, v, rowBytes, x, count, d, columns);
    default: return fused(8, false, w, m, v, rowBytes, x, count, d, columns);
  }
}

function fusedStep(
  pairs: usize, w: usize, m: usize, v: usize, x: usize, rows: usize, dout: usize, inputs: usize,
  outputs: usize, from: usize, end: usize,
): void {
  const bytes = outputs << 2;
  for (let j: usize = 0; j < outputs; j += COLUMNS) {
    const columns = min(COLUMNS, outputs - j);
    const d = packedColumns();
    let to = d;
    for (let q: usize = 0; q < columns; q += 4) {
      for (let p: usize = 0; p < pairs; p++) {
        v128.store(to, v128.load(dout + p * bytes + ((j + q) << 2)));
        to += 16;
      }
    }
    for (let i = from; i < end; i += BLOCK) {
      const count = min(BLOCK, end - i);
      const o = i * bytes + (j << 2);
      packColumns(x, inputs << 2, rows, pairs, i, count, gradientScale);
      fusedRows(pairs, w + o, m + o, v + o, bytes, packedPairs(), count, d, columns);
    }
  }
}

/**
 * Steps all experts. `work`: the larger of BLOCK x outputs floats (the only gradient in memory) and the work
 * space of `tiledStep` for all pairs.
 */
export function adamGrouped(
  w: usize, m: usize, v: usize, x: usize, dout: usize, offsets: usize, rows: usize, experts: usize,
  inputs: usize, outputs: usize, steps: usize,
  work: usize,
): void {
  adamGroupedPart(w, m, v, x, dout, offsets, rows, experts, inputs, outputs, steps, work, 0, inputs);
  adamGroupedSteps(offsets, experts, steps);
}

/** Counts the step of each expert with pairs, after its weights were stepped. */
export function adamGroupedSteps(offsets: usize, experts: usize, steps: usize): void {
  for (let e: usize = 0; e < experts; e++) {
    if (load<i32>(offsets + (e << 2)) == load<i32>(offsets + (e << 2), 4)) continue;
    store<i32>(steps + (e << 2), load<i32>(steps + (e << 2)) + 1);
  }
}

/** Steps the rows from .. from + count - 1 of each expert's weights, without counting the step. */
export function adamGroupedPart(
  w: usize, m: usize, v: usize, x: usize, dout: usize, offsets: usize, rows: usize, experts: usize,
  inputs: usize, outputs: usize, steps: usize,
  work: usize, from: usize, count: usize,
): void {
  const outBytes = outputs << 2;
  const last = from + count;
  for (let e: usize = 0; e < experts; e++) {
    const first = <usize>load<i32>(offsets + (e << 2));
    const end = <usize>load<i32>(offsets + (e << 2), 4);
    if (first == end) continue;
    atStep(load<i32>(steps + (e << 2)) + 1);
    const pairs = end - first;
    const own = e * inputs * outBytes;
    if (pairs <= FUSED) {
      fusedStep(
        pairs, w + own, m + own, v + own, x,
        rows + (first << 2), dout + first * outBytes, inputs, outputs, from, last,
      );
      continue;
    }
    if (pairs > BLOCKED) {
      tiledStep(
        pairs, w + own, m + own, v + own, x,
        rows + (first << 2), dout + first * outBytes, inputs, outputs, work, from, last,
      );
      continue;
    }
    for (let i = from; i < last; i += BLOCK) {
      const high = min(BLOCK, last - i);
      memory.fill(work, 0, high * outBytes);
      gradientBlock(
        x, inputs,
        rows + (first << 2), dout + first * outBytes, outputs, end - first, i, high, gradientScale, work,
      );
      const o = (e * inputs + i) * outBytes;
      update(w + o, m + o, v + o, work, high * outputs);
    }
  }
}
