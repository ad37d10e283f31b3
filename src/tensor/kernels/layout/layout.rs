//! Copies between layouts. Same as layout.as.ts.
use super::rows::add_row;
use crate::call::{Args, Call};
use crate::vector::Vector;

/// Nanoseconds per moved element.
const MOVE: f64 = 0.3;

/// (a, rowStep, columnStep, rows, columns, out): out[i, j] = a[i * rowStep + j * columnStep].
pub fn broadcast(call: &Call) -> f64 {
    let args = &call.args;
    call.split(args.size(3), MOVE * args.size(4) as f64, call.level.broadcast);
    0.0
}

#[inline(always)]
pub unsafe fn broadcast_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (a, row_step, column_step) = (args.floats(0), args.size(1), args.size(2));
        let (columns, out) = (args.size(4), args.floats(5));
        for i in from..to {
            let source = a.add(i * row_step);
            let row = out.add(i * columns);
            if column_step == 1 {
                row.copy_from_nonoverlapping(source, columns);
                continue;
            }
            let value = V::splat(*source);
            let mut j = 0;
            while j < columns {
                value.store_up_to(row.add(j), columns - j);
                j += V::LANES;
            }
        }
    }
}

/// (a, rows, width, indices, count, out): a negative index gives zeros. Returns the position of the first
/// index that is too large, or -1.
pub fn gather_rows(call: &Call) -> f64 {
    let args = &call.args;
    let (a, rows, width) = (args.floats(0), args.size(1), args.size(2));
    let (indices, count, out) = (args.ints(3), args.size(4), args.floats(5));
    for i in 0..count {
        unsafe {
            let row = *indices.add(i);
            let to = out.add(i * width);
            if row >= rows as i32 {
                return i as f64;
            }
            if row < 0 {
                to.write_bytes(0, width);
            } else {
                to.copy_from_nonoverlapping(a.add(row as usize * width), width);
            }
        }
    }
    -1.0
}

/// (dout, width, indices, count, da, rows): da[indices[i]] += dout[i]. Skips negative indices. Returns the
/// same as `gather_rows`.
pub fn scatter_add_rows(call: &Call) -> f64 {
    let args = &call.args;
    let (indices, count, rows) = (args.ints(2), args.size(3), args.size(5) as i32);
    let bad = (0..count).find(|&i| unsafe { *indices.add(i) } >= rows);
    // Rows before a bad index are added, as in the reference.
    call.alone(bad.unwrap_or(count), call.level.scatter_add_rows);
    bad.map_or(-1.0, |i| i as f64)
}

#[inline(always)]
pub unsafe fn scatter_add_rows_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (dout, width, indices, da) = (args.floats(0), args.size(1), args.ints(2), args.floats(4));
        for i in from..to {
            let row = *indices.add(i);
            if row >= 0 {
                add_row::<V>(dout.add(i * width), da.add(row as usize * width), width);
            }
        }
    }
}

/// (a, n0, n1, n2, n3, s0, s1, s2, s3, out): transposes four axes, given the extents of the output and the
/// stride of each in the input.
pub fn permute(call: &Call) -> f64 {
    let args = &call.args;
    let inner = args.size(3) * args.size(4);
    call.split(args.size(1) * args.size(2), 2.0 * MOVE * inner as f64, call.level.permute);
    0.0
}

#[inline(always)]
pub unsafe fn permute_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let a = args.floats(0);
        let (n1, n2, n3) = (args.size(2), args.size(3), args.size(4));
        let (s0, s1, s2, s3) = (args.size(5), args.size(6), args.size(7), args.size(8));
        let mut out = args.floats(9).add(from * n2 * n3);
        for unit in from..to {
            for k in 0..n2 {
                let source = a.add((unit / n1) * s0 + (unit % n1) * s1 + k * s2);
                if s3 == 1 {
                    out.copy_from_nonoverlapping(source, n3);
                } else {
                    for l in 0..n3 {
                        *out.add(l) = *source.add(l * s3);
                    }
                }
                out = out.add(n3);
            }
        }
    }
}
