// Self-attention of packed samples. Only the scores of QUERIES queries of one head exist at a time; the
// backward pass recomputes them. All products use `product`, so each sum keeps its order in any block.
import { QUERIES } from "../../../../kernels/constants";
import { expBounded, expOf, expRest, expShifted } from "../../../../kernels/math";
import { product, transposeBlock } from "../../../../kernels/product";
import { threefry4 } from "../elementwise/random.as";
import { laneMask, maxLanes, rowDot, sumLanes } from "../../../../kernels/vector";

// Settings of the current call, set by `attentionCall` so that kernels need not take thirty arguments.
let starts: usize = 0;
let samples: usize = 0;
let heads: usize = 0;
let depth: usize = 0;
let longest: usize = 0;
let scoreScale: f32 = 1;
let dropThreshold: f64 = 0;
let dropScale: f32 = 1;
let dropKeys: usize = 0;
let biasTable: usize = 0;
let bucketOf: usize = 0;
let reach: usize = 0;

// Work space: [QUERIES, padded] three times, [depth, padded] twice, then [heads, lineLength] twice.
let padded: usize = 0;
let weights: usize = 0;
let slopes: usize = 0;
let keptWeights: usize = 0;
let keysByColumn: usize = 0;
let valuesByColumn: usize = 0;
let lines: usize = 0;
let dlines: usize = 0;
let lineLength: usize = 0;

/**
 * Size of `work`: 192 padded + 2 depth padded + 2 heads (2 padded + 4) floats, with padded = longest rounded
 * up to 4.
 */
export function attentionCall(
  starts_: usize, samples_: usize, heads_: usize, depth_: usize, longest_: usize, scale: f32, keys: usize,
  threshold: f64, keptScale: f32,
  table: usize, buckets: usize, reach_: usize, work: usize,
): void {
  starts = starts_;
  samples = samples_;
  heads = heads_;
  depth = depth_;
  longest = longest_;
  scoreScale = scale;
  dropKeys = keys;
  dropThreshold = threshold;
  dropScale = keptScale;
  biasTable = table;
  bucketOf = buckets;
  reach = reach_;
  padded = (longest + 3) & ~3;
  const block = (QUERIES * padded) << 2;
  weights = work;
  slopes = weights + block;
  keptWeights = slopes + block;
  keysByColumn = keptWeights + block;
  valuesByColumn = keysByColumn + ((depth * padded) << 2);
  lines = valuesByColumn + ((depth * padded) << 2);
  lineLength = 2 * padded + 4;
  dlines = lines + ((heads * lineLength) << 2);
  if (table != 0) layOutBias();
}

/** Bias of each head by distance, so that a row of scores adds neighbouring numbers. */
function layOutBias(): void {
  const first = reach + 1 - longest;
  for (let h: usize = 0; h < heads; h++) {
    const line = lines + ((h * lineLength) << 2);
    for (let i: usize = 0; i < lineLength; i++) {
      const bucket = i < 2 * longest - 1 ? <usize>load<i32>(bucketOf + ((first + i) << 2)) : 0;
      store<f32>(line + (i << 2), load<f32>(biasTable + ((bucket * heads + h) << 2)));
    }
  }
}

/** Copies the columns of one head of `rows` rows as [depth, padded], with zeros after the rows. */
function byColumn(from: usize, stride: usize, rows: usize, to: usize): void {
  const bytes = padded << 2;
  memory.fill(to, 0, depth * bytes);
  transposeBlock(from, stride, rows, depth, to, bytes);
}

/** Computes the scores of a block of queries into `weights`, without scale and bias. */
// @ts-ignore: decorator
@inline
function products(query: usize, stride: usize, byColumns: usize, count: usize, rows: usize, to: usize): void {
  const bytes = padded << 2;
  memory.fill(to, 0, count * bytes);
  product(query, 0, stride, 4, byColumns, bytes, 0, to, bytes, count, rows, depth);
}

/** Dropout factors of four weights with counters from `counter`. */
// @ts-ignore: decorator
@inline
function kept(value: v128, sample: usize, counter: i32): v128 {
  const k0 = v128.load32_splat(dropKeys + (sample << 3));
  const k1 = v128.load32_splat(dropKeys + (sample << 3), 4);
  const word = threefry4(k0, k1, i32x4.add(i32x4.splat(counter), i32x4(0, 1, 2, 3)), i32x4.splat(0));
  const none = dropThreshold >= 4294967296.0;
  const limit = i32x4.splat(<i32>(none ? <u32>0xffffffff : <u32>dropThreshold));
  return v128.and(f32x4.mul(value, f32x4.splat(dropScale)), none ? i32x4.splat(0) : i32x4.ge_u(word, limit));
}

/** score = product * scale + bias for four keys. */
// @ts-ignore: decorator
@inline
function scored(p: usize, line: usize): v128 {
  const v = f32x4.mul(v128.load(p), f32x4.splat(scoreScale));
  return biasTable == 0 ? v : f32x4.add(v, v128.load(line));
}

/**
 * First half of e^(score - shift) for a row of scores: leaves the rest of the argument in `p` and its integer
 * part in `whole`. In two halves, the processor works on more vectors at a time.
 */
// @ts-ignore: decorator
@inline
function reduce(score: v128, shift: v128, p: usize, whole: usize): void {
  const bounded = expBounded(f32x4.sub(score, shift));
  const shifted = expShifted(bounded);
  v128.store(whole, shifted);
  v128.store(p, expRest(bounded, shifted));
}

/** Second half of e^(score - shift) for columns j .. j + 3. Columns after the row become 0. */
// @ts-ignore: decorator
@inline
function reduced(p: usize, whole: usize, j: usize, rows: usize): v128 {
  const e = expOf(v128.load(p + (j << 2)), v128.load(whole + (j << 2)));
  return j + 4 > rows ? v128.and(e, laneMask(rows - j)) : e;
}

/** Softmax of row i of a block, in place. Columns after the row become 0. `work`: space for a row. */
function softmaxRow(p: usize, rows: usize, line: usize, largest: usize, sum: usize, work: usize): void {
  const lowest = f32x4.splat(-Infinity);
  let best = lowest;
  for (let j: usize = 0; j < rows; j += 4) {
    const v = scored(p + (j << 2), line + (j << 2));
    v128.store(p + (j << 2), v);
    best = f32x4.max(best, j + 4 <= rows ? v : v128.bitselect(v, lowest, laneMask(rows - j)));
  }
  const top = maxLanes(best);
  const shift = f32x4.splat(top);
  for (let j: usize = 0; j < rows; j += 4) {
    reduce(v128.load(p + (j << 2)), shift, p + (j << 2), work + (j << 2));
  }
  let total = f32x4.splat(0);
  for (let j: usize = 0; j < rows; j += 4) {
    const e = reduced(p, work, j, rows);
    v128.store(p + (j << 2), e);
    total = f32x4.add(total, e);
  }
  const whole = sumLanes(total);
  const divisor = f32x4.splat(whole);
  for (let j: usize = 0; j < rows; j += 4) {
    v128.store(p + (j << 2), f32x4.div(v128.load(p + (j << 2)), divisor));
  }
  store<f32>(largest, top);
  store<f32>(sum, whole);
}

/** Recomputes the weights from the saved maximum and sum. `work`: space for a row. */
function softmaxAgain(p: usize, rows: usize, line: usize, largest: usize, sum: usize, work: usize): void {
  const shift = v128.load32_splat(largest);
  const divisor = v128.load32_splat(sum);
  for (let j: usize = 0; j < rows; j += 4) {
    reduce(scored(p + (j << 2), line + (j << 2)), shift, p + (j << 2), work + (j << 2));
  }
  for (let j: usize = 0; j < rows; j += 4) {
    v128.store(p + (j << 2), f32x4.div(reduced(p, work, j, rows), divisor));
  }
}

/** Address of the bias of query i of a head, at key 0. */
// @ts-ignore: decorator
@inline
function lineOf(base: usize, head: usize, i: usize): usize {
  return base + ((head * lineLength + longest - 1 - i) << 2);
}

/** Strides in bytes; `largest` and `sum` [R, heads]. */
export function packedAttention(
  query: usize, queryStride: usize, key: usize, keyStride: usize, value: usize, valueStride: usize,
  out: usize, largest: usize, sum: usize,
): void {
  const outBytes = (heads * depth) << 2;
  const bytes = padded << 2;
  const firstRow = <usize>load<i32>(starts);
  const endRow = <usize>load<i32>(starts + (samples << 2));
  memory.fill(out + firstRow * outBytes, 0, (endRow - firstRow) * outBytes);
  for (let b: usize = 0; b < samples; b++) {
    const first = <usize>load<i32>(starts + (b << 2));
    const rows = <usize>load<i32>(starts + (b << 2), 4) - first;
    for (let h: usize = 0; h < heads; h++) {
      const column = (h * depth) << 2;
      if (rows > 0) byColumn(key + first * keyStride + column, keyStride, rows, keysByColumn);
      for (let i0: usize = 0; i0 < rows; i0 += QUERIES) {
        const count = min(QUERIES, rows - i0);
        products(
          query + (first + i0) * queryStride + column, queryStride, keysByColumn, count, rows, weights,
        );
        for (let i: usize = 0; i < count; i++) {
          const p = weights + i * bytes;
          const at = ((first + i0 + i) * heads + h) << 2;
          softmaxRow(p, rows, lineOf(lines, h, i0 + i), largest + at, sum + at, slopes);
          if (dropKeys != 0) {
            const counter = <i32>((h * rows + i0 + i) * rows);
            for (let j: usize = 0; j < rows; j += 4) {
              v128.store(p + (j << 2), kept(v128.load(p + (j << 2)), b, counter + <i32>j));
            }
          }
        }
        product(
          weights, 0, bytes, 4, value + first * valueStride + column, valueStride, 0,
          out + (first + i0) * outBytes + column, outBytes, count,
          depth, rows,
        );
      }
    }
  }
}

/**
 * Backward pass of one row of a block. `p` holds its weights, `d` the gradients of its dropped weights.
 *
 * Leaves the weights after dropout in `k` (unless there is no dropout) and the gradients of the scaled
 * products in `d`. Adds the gradients of the scores to `dline`.
 */
function slopeRow(
  p: usize, d: usize, k: usize, rows: usize, sample: usize, counter: i32, dline: usize,
): void {
  if (dropKeys != 0) {
    for (let j: usize = 0; j < rows; j += 4) {
      const o = j << 2;
      v128.store(k + o, kept(v128.load(p + o), sample, counter + <i32>j));
      v128.store(d + o, kept(v128.load(d + o), sample, counter + <i32>j));
    }
  }
  const mean = f32x4.splat(rowDot(p, d, rows));
  const scale = f32x4.splat(scoreScale);
  for (let j: usize = 0; j < rows; j += 4) {
    const o = j << 2;
    const slope = f32x4.mul(v128.load(p + o), f32x4.sub(v128.load(d + o), mean));
    if (dline != 0) v128.store(dline + o, f32x4.add(v128.load(dline + o), slope));
    v128.store(d + o, f32x4.mul(slope, scale));
  }
}

/** `dtable` [buckets, heads] or 0. Strides in bytes. */
export function packedAttentionBackward(
  query: usize, queryStride: usize, key: usize, keyStride: usize, value: usize, valueStride: usize,
  largest: usize, sum: usize, dout: usize,
  dquery: usize, dqueryStride: usize, dkey: usize, dkeyStride: usize, dvalue: usize, dvalueStride: usize,
  dtable: usize,
): void {
  const outBytes = (heads * depth) << 2;
  const bytes = padded << 2;
  if (dtable != 0) memory.fill(dlines, 0, (heads * lineLength) << 2);
  for (let b: usize = 0; b < samples; b++) {
    const first = <usize>load<i32>(starts + (b << 2));
    const rows = <usize>load<i32>(starts + (b << 2), 4) - first;
    for (let h: usize = 0; h < heads; h++) {
      const column = (h * depth) << 2;
      const keys = key + first * keyStride + column;
      if (rows > 0) {
        byColumn(keys, keyStride, rows, keysByColumn);
        byColumn(value + first * valueStride + column, valueStride, rows, valuesByColumn);
      }
      for (let i0: usize = 0; i0 < rows; i0 += QUERIES) {
        const count = min(QUERIES, rows - i0);
        const queries = query + (first + i0) * queryStride + column;
        const d = dout + (first + i0) * outBytes + column;
        products(queries, queryStride, keysByColumn, count, rows, weights);
        products(d, outBytes, valuesByColumn, count, rows, slopes);
        for (let i: usize = 0; i < count; i++) {
          const at = ((first + i0 + i) * heads + h) << 2;
          const o = i * bytes;
          softmaxAgain(weights + o, rows, lineOf(lines, h, i0 + i), largest + at, sum + at, keptWeights + o);
          const dline = dtable == 0 ? 0 : lineOf(dlines, h, i0 + i);
          slopeRow(
            weights + o, slopes + o, keptWeights + o, rows, b, <i32>((h * rows + i0 + i) * rows), dline,
          );
        }
        const mixed = dropKeys != 0 ? keptWeights : weights;
        product(
          mixed, 0, 4, bytes, d, outBytes, 0, dvalue + first * dvalueStride + column, dvalueStride, rows,
          depth, count,
        );
        product(
          slopes, 0, bytes, 4, keys, keyStride, 0, dquery + (first + i0) * dqueryStride + column,
          dqueryStride, count, depth, rows,
        );
        product(
          slopes, 0, 4, bytes, queries, queryStride, 0, dkey + first * dkeyStride + column, dkeyStride, rows,
          depth, count,
        );
      }
    }
  }
  if (dtable != 0) collectBias(dtable);
}

/** Adds the gradients of distances to their buckets, in order of the distances. */
function collectBias(dtable: usize): void {
  const first = reach + 1 - longest;
  for (let h: usize = 0; h < heads; h++) {
    const line = dlines + ((h * lineLength) << 2);
    for (let i: usize = 0; i + 1 < 2 * longest; i++) {
      const bucket = <usize>load<i32>(bucketOf + ((first + i) << 2));
      const place = dtable + ((bucket * heads + h) << 2);
      store<f32>(place, load<f32>(place) + load<f32>(line + (i << 2)));
    }
  }
}
