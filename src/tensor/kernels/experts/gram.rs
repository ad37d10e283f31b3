//! Squared norm of a grouped weight gradient without forming the gradient. Same as gram.as.ts: |x^T
//! dout|^2 = sum over pairs (p, q) of (x_p . x_q)(dout_p . dout_q).
use super::grouped::pairs_of;
use super::rows::row_dot;
use crate::call::Call;
use crate::vector::{Quad, Vector, sum_lanes};

/// Experts with fewer pairs compute one inner product at a time, with another order of sums.
const FEW: usize = 8;

/// Computes the 3 x 3 inner products of three rows with three rows.
unsafe fn dots(p: [*const f32; 3], q: [*const f32; 3], width: usize) -> [[f32; 3]; 3] {
    unsafe {
        let mut sums = [[Quad::zero(); 3]; 3];
        let whole = width & !3;
        let mut i = 0;
        while i < whole {
            let y = [Quad::load(q[0].add(i)), Quad::load(q[1].add(i)), Quad::load(q[2].add(i))];
            for r in 0..3 {
                let x = Quad::load(p[r].add(i));
                for c in 0..3 {
                    sums[r][c] = sums[r][c].add(x.mul(y[c]));
                }
            }
            i += 4;
        }
        let mut out = [[0f32; 3]; 3];
        for r in 0..3 {
            for c in 0..3 {
                out[r][c] = sum_lanes(sums[r][c]) + row_dot(p[r].add(whole), q[c].add(whole), width - whole);
            }
        }
        out
    }
}

/// (x, dout, offsets, rows, experts, inputs, outputs)
pub fn squared_norm(call: &Call) -> f64 {
    let args = &call.args;
    let (x, dout, offsets, rows) = (args.floats(0), args.floats(1), args.ints(2), args.ints(3));
    let (inputs, outputs) = (args.size(5), args.size(6));
    let x_of = |p: usize| unsafe { x.add(*rows.add(p) as usize * inputs).cast_const() };
    let d_of = |p: usize| unsafe { dout.add(p * outputs).cast_const() };
    let mut total = 0f64;
    for e in 0..args.size(4) {
        let (first, end) = unsafe { pairs_of(offsets, e) };
        if end - first < FEW {
            let mut own = 0f64;
            for p in first..end {
                for q in first..=p {
                    let in_x = unsafe { row_dot(x_of(p), x_of(q), inputs) };
                    let in_d = unsafe { row_dot(d_of(p), d_of(q), outputs) };
                    let term = f64::from(in_x) * f64::from(in_d);
                    own += if q == p { term } else { 2.0 * term };
                }
            }
            total += own;
            continue;
        }
        // A block beyond the last pair repeats that pair. Repetitions are excluded from the sum.
        let three = |p: usize| [p, (p + 1).min(end - 1), (p + 2).min(end - 1)];
        for p in (first..end).step_by(3) {
            for q in (first..=p).step_by(3) {
                let in_x = unsafe { dots(three(p).map(x_of), three(q).map(x_of), inputs) };
                let in_d = unsafe { dots(three(p).map(d_of), three(q).map(d_of), outputs) };
                for i in 0..3 {
                    for j in 0..3 {
                        if p + i >= end || q + j > p + i {
                            continue;
                        }
                        let term = f64::from(in_x[i][j]) * f64::from(in_d[i][j]);
                        total += if q + j == p + i { term } else { 2.0 * term };
                    }
                }
            }
        }
    }
    total
}
