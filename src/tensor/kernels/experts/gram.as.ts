// Squared norm of a grouped weight gradient without forming the gradient: ||x^T dout||^2 = sum over pairs (p,
// q) of (x_p . x_q)(dout_p . dout_q).
//
// n pairs cost n^2 (D + F) products instead of n D F; symmetry saves half of them.
import { grams } from "../../../../kernels/room";
import { rowDot, sumLanes } from "../../../../kernels/vector";

/** Writes the 3 x 3 inner products of three rows with three rows to `out` [3, 3]. */
function dots3x3(
  p0: usize, p1: usize, p2: usize, q0: usize, q1: usize, q2: usize, width: usize, out: usize,
): void {
  let a00 = f32x4.splat(0), a01 = a00, a02 = a00;
  let a10 = a00, a11 = a00, a12 = a00;
  let a20 = a00, a21 = a00, a22 = a00;
  const whole = width & ~3;
  const rest = width & 3;
  for (const end = p0 + (whole << 2); p0 < end; p0 += 16) {
    const y0 = v128.load(q0);
    const y1 = v128.load(q1);
    const y2 = v128.load(q2);
    let x = v128.load(p0);
    a00 = f32x4.add(a00, f32x4.mul(x, y0));
    a01 = f32x4.add(a01, f32x4.mul(x, y1));
    a02 = f32x4.add(a02, f32x4.mul(x, y2));
    x = v128.load(p1);
    a10 = f32x4.add(a10, f32x4.mul(x, y0));
    a11 = f32x4.add(a11, f32x4.mul(x, y1));
    a12 = f32x4.add(a12, f32x4.mul(x, y2));
    x = v128.load(p2);
    a20 = f32x4.add(a20, f32x4.mul(x, y0));
    a21 = f32x4.add(a21, f32x4.mul(x, y1));
    a22 = f32x4.add(a22, f32x4.mul(x, y2));
    p1 += 16;
    p2 += 16;
    q0 += 16;
    q1 += 16;
    q2 += 16;
  }
  store<f32>(out, sumLanes(a00) + rowDot(p0, q0, rest));
  store<f32>(out, sumLanes(a01) + rowDot(p0, q1, rest), 4);
  store<f32>(out, sumLanes(a02) + rowDot(p0, q2, rest), 8);
  store<f32>(out, sumLanes(a10) + rowDot(p1, q0, rest), 12);
  store<f32>(out, sumLanes(a11) + rowDot(p1, q1, rest), 16);
  store<f32>(out, sumLanes(a12) + rowDot(p1, q2, rest), 20);
  store<f32>(out, sumLanes(a20) + rowDot(p2, q0, rest), 24);
  store<f32>(out, sumLanes(a21) + rowDot(p2, q1, rest), 28);
  store<f32>(out, sumLanes(a22) + rowDot(p2, q2, rest), 32);
}

// @ts-ignore: decorator
@inline
function rowOf(x: usize, rows: usize, pair: usize, bytes: usize): usize {
  return x + <usize>load<i32>(rows + (pair << 2)) * bytes;
}

/** Path for few pairs, for which most of a block would be repetitions. */
function onePairAtATime(
  x: usize, dout: usize, rows: usize, first: usize, end: usize, inputs: usize, outputs: usize,
): f64 {
  const outBytes = outputs << 2;
  let total: f64 = 0;
  for (let p = first; p < end; p++) {
    for (let q = first; q <= p; q++) {
      const inX = rowDot(rowOf(x, rows, p, inputs << 2), rowOf(x, rows, q, inputs << 2), inputs);
      const term = <f64>inX * <f64>rowDot(dout + p * outBytes, dout + q * outBytes, outputs);
      total += q == p ? term : 2 * term;
    }
  }
  return total;
}

export function groupedSquaredNorm(
  x: usize, dout: usize, offsets: usize, rows: usize, experts: usize, inputs: usize, outputs: usize,
): f64 {
  const inBytes = inputs << 2;
  const outBytes = outputs << 2;
  const inX = grams();
  const inD = inX + 64;
  let total: f64 = 0;
  for (let e: usize = 0; e < experts; e++) {
    const first = <usize>load<i32>(offsets + (e << 2));
    const end = <usize>load<i32>(offsets + (e << 2), 4);
    if (end - first < 8) {
      total += onePairAtATime(x, dout, rows, first, end, inputs, outputs);
      continue;
    }
    for (let p = first; p < end; p += 3) {
      // A block beyond the last pair repeats that pair. Repetitions are excluded from the sum.
      const p1 = min(p + 1, end - 1);
      const p2 = min(p + 2, end - 1);
      for (let q = first; q <= p; q += 3) {
        const q1 = min(q + 1, end - 1);
        const q2 = min(q + 2, end - 1);
        dots3x3(
          rowOf(x, rows, p, inBytes), rowOf(x, rows, p1, inBytes), rowOf(x, rows, p2, inBytes),
          rowOf(x, rows, q, inBytes),
          rowOf(x, rows, q1, inBytes), rowOf(x, rows, q2, inBytes), inputs, inX,
        );
        dots3x3(
          dout + p * outBytes, dout + p1 * outBytes, dout + p2 * outBytes, dout + q * outBytes,
          dout + q1 * outBytes, dout + q2 * outBytes, outputs, inD,
        );
        for (let i: usize = 0; i < 3; i++) {
          for (let j: usize = 0; j < 3; j++) {
            if (p + i >= end || q + j > p + i) continue;
            const o = (i * 3 + j) << 2;
            const term = <f64>load<f32>(inX + o) * <f64>load<f32>(inD + o);
            total += q + j == p + i ? term : 2 * term;
          }
        }
      }
    }
  }
  return total;
}
