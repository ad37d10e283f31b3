// Products per expert. Pairs are sorted by expert, so the rows of dout and out of an expert are contiguous.
// Rows of x are gathered.
import { BLOCK } from "../../../../kernels/constants";
import { addRow } from "../layout/layout.as";
import { panels, product } from "../../../../kernels/product";
import { packedPairs } from "../../../../kernels/room";
import { storeTail } from "../../../../kernels/vector";

/** out[p] = x[rows[p]] W[e] + bias[e], in the first `columns` columns. */
export function groupedLinear(
  x: usize, weight: usize, bias: usize, offsets: usize, rows: usize, experts: usize, inputs: usize,
  outputs: usize, out: usize, columns: usize,
): void {
  groupedLinearPart(
    x, weight, bias, offsets, rows, experts, inputs, outputs, out, columns, 0, allPairs(offsets, experts),
  );
}

/** Number of pairs of all experts. */
// @ts-ignore: decorator
@inline
function allPairs(offsets: usize, experts: usize): usize {
  return <usize>load<i32>(offsets + (experts << 2));
}

/** The pairs from .. from + count - 1. */
export function groupedLinearPart(
  x: usize, weight: usize, bias: usize, offsets: usize, rows: usize, experts: usize, inputs: usize,
  outputs: usize, out: usize, columns: usize, from: usize, count: usize,
): void {
  const bytes = outputs << 2;
  for (let e: usize = 0; e < experts; e++) {
    const first = max(from, <usize>load<i32>(offsets + (e << 2)));
    const end = min(from + count, <usize>load<i32>(offsets + (e << 2), 4));
    if (first >= end) continue;
    for (let p = first; p < end; p++) memory.copy(out + p * bytes, bias + e * bytes, columns << 2);
    product(
      x, rows + (first << 2), inputs << 2, 4, weight + e * inputs * bytes, bytes, 0, out + first * bytes,
      bytes, end - first, columns, inputs,
    );
  }
}

/**
 * products [R, inputs] = dout[p] W[e]^T, then dx[b] += its pairs in order of slots. `transposed`: DEPTH x
 * inputs floats.
 */
export function groupedLinearBackwardInput(
  dout: usize, weight: usize, offsets: usize, pairOf: usize, experts: usize, inputs: usize, outputs: usize,
  rows: usize, slots: usize, dx: usize,
  products: usize, transposed: usize,
): void {
  groupedInputProducts(
    dout, weight, offsets, experts, inputs, outputs, products, transposed, 0, allPairs(offsets, experts),
  );
  groupedInputSums(pairOf, inputs, rows, slots, dx, products);
}

/** The products of the pairs from .. from + count - 1. */
export function groupedInputProducts(
  dout: usize, weight: usize, offsets: usize, experts: usize, inputs: usize, outputs: usize,
  products: usize, transposed: usize, from: usize, count: usize,
): void {
  const inBytes = inputs << 2;
  const outBytes = outputs << 2;
  for (let e: usize = 0; e < experts; e++) {
    const first = max(from, <usize>load<i32>(offsets + (e << 2)));
    const end = min(from + count, <usize>load<i32>(offsets + (e << 2), 4));
    if (first >= end) continue;
    memory.fill(products + first * inBytes, 0, (end - first) * inBytes);
    product(
      dout + first * outBytes, 0, outBytes, 4, weight + e * inputs * outBytes, outBytes, transposed,
      products + first * inBytes, inBytes, end - first, inputs, outputs,
    );
  }
}

/** The sums over the pairs of each sample. */
export function groupedInputSums(
  pairOf: usize, inputs: usize, rows: usize, slots: usize, dx: usize, products: usize,
): void {
  const inBytes = inputs << 2;
  for (let r: usize = 0; r < rows; r++) {
    for (let s: usize = 0; s < slots; s++) {
      const pair = load<i32>(pairOf + ((r * slots + s) << 2));
      if (pair >= 0) addRow(products + <usize>pair * inBytes, dx + r * inBytes, inputs);
    }
  }
}

/** Number of pairs that are packed at a time; `packedPairs` has space for them. */
// @ts-ignore: decorator
@inline
const PAIRS: usize = 256;

/**
 * Packs the columns column .. column + count - 1 of the x rows of some pairs, times scale, as tiles of
 * [pairs][4]. The last tile is [pairs][count % 4].
 */
export function packColumns(
  x: usize, inBytes: usize, rows: usize, pairs: usize, column: usize, count: usize, scale: f32,
): void {
  packColumnsTo(packedPairs(), x, inBytes, rows, pairs, column, count, scale);
}

/** Packs like `packColumns`, to another address. */
export function packColumnsTo(
  place: usize, x: usize, inBytes: usize, rows: usize, pairs: usize, column: usize, count: usize, scale: f32,
): void {
  const factor = f32x4.splat(scale);
  for (let i: usize = 0; i < count; i += 4) {
    const width = min<usize>(4, count - i);
    const from = x + ((column + i) << 2);
    let to = place + ((i * pairs) << 2);
    for (let p: usize = 0; p < pairs; p++) {
      const v = f32x4.mul(v128.load(from + <usize>load<i32>(rows + (p << 2)) * inBytes), factor);
      if (width == 4) v128.store(to, v);
      else storeTail(to, v, width);
      to += width << 2;
    }
  }
}

/**
 * Adds the rows column .. column + count - 1 (count <= BLOCK) of scale x^T dout of one expert to `gradient`
 * [count, outputs]. Sums the pairs in order.
 */
export function gradientBlock(
  x: usize, inputs: usize, rows: usize, dout: usize, outputs: usize, pairs: usize, column: usize,
  count: usize, scale: f32, gradient: usize,
): void {
  const outBytes = outputs << 2;
  const packed = packedPairs();
  for (let p: usize = 0; p < pairs; p += PAIRS) {
    const depth = min(PAIRS, pairs - p);
    packColumns(x, inputs << 2, rows + (p << 2), depth, column, count, scale);
    for (let i: usize = 0; i < count; i += 4) {
      panels(
        min<usize>(4, count - i), packed + ((i * depth) << 2), dout + p * outBytes, outBytes,
        gradient + i * outBytes, outBytes, depth, outputs,
      );
    }
  }
}

export function groupedWeightGradient(
  x: usize, dout: usize, offsets: usize, rows: usize, experts: usize, inputs: usize, outputs: usize,
  dweight: usize,
): void {
  groupedWeightGradientPart(x, dout, offsets, rows, experts, inputs, outputs, dweight, 0, inputs);
}

/** The rows from .. from + count - 1 of each expert's gradient. */
export function groupedWeightGradientPart(
  x: usize, dout: usize, offsets: usize, rows: usize, experts: usize, inputs: usize, outputs: usize,
  dweight: usize, from: usize, count: usize,
): void {
  const outBytes = outputs << 2;
  for (let e: usize = 0; e < experts; e++) {
    const first = <usize>load<i32>(offsets + (e << 2));
    const end = <usize>load<i32>(offsets + (e << 2), 4);
    if (first == end) continue;
    for (let i = from; i < from + count; i += BLOCK) {
      const high = min(BLOCK, from + count - i);
      gradientBlock(
        x, inputs,
        rows + (first << 2), dout + first * outBytes, outputs, end - first, i, high, 1,
        dweight + (e * inputs + i) * outBytes,
      );
    }
  }
}

export function groupedBiasGradient(
  dout: usize, offsets: usize, experts: usize, outputs: usize, dbias: usize,
): void {
  const bytes = outputs << 2;
  for (let e: usize = 0; e < experts; e++) {
    const first = <usize>load<i32>(offsets + (e << 2));
    const end = <usize>load<i32>(offsets + (e << 2), 4);
    for (let p = first; p < end; p++) addRow(dout + p * bytes, dbias + e * bytes, outputs);
  }
}

