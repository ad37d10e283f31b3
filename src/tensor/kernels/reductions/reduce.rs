//! Sums, means and maxima along one axis of [outer, axis, inner], and their backward passes. Same as
//! reduce.as.ts.
use super::rows::row_sum;
use crate::call::{Args, Call};
use crate::vector::Vector;

/// Nanoseconds per element read.
const READ: f64 = 0.25;
/// Number of columns in a unit of a sum over rows.
const COLUMNS: usize = 64;

/// Index of the first maximum along a strided axis. NaN counts as the maximum.
#[inline(always)]
unsafe fn arg_max(p: *const f32, step: usize, count: usize) -> usize {
    unsafe {
        let mut best = 0;
        let mut champion = *p;
        for i in 1..count {
            let value = *p.add(i * step);
            if value > champion || (value.is_nan() && !champion.is_nan()) {
                best = i;
                champion = value;
            }
        }
        best
    }
}

/// Sums of `columns` columns in the order of the rows. With ADD, added to `out`; otherwise written times
/// `factor`.
#[inline(always)]
unsafe fn sum_rows<V: Vector, const ADD: bool>(
    from: *const f32,
    rows: usize,
    step: usize,
    columns: usize,
    factor: f32,
    out: *mut f32,
) {
    unsafe {
        let mut j = 0;
        // Four vectors at a time: at least a cache line of each row.
        while j + 4 * V::LANES <= columns {
            let mut sums = [V::zero(); 4];
            let mut p = from.add(j);
            for _ in 0..rows {
                for (q, sum) in sums.iter_mut().enumerate() {
                    *sum = sum.add(V::load(p.add(q * V::LANES)));
                }
                p = p.add(step);
            }
            for (q, sum) in sums.into_iter().enumerate() {
                let place = out.add(j + q * V::LANES);
                finish::<V, ADD>(sum, factor, place).store(place);
            }
            j += 4 * V::LANES;
        }
        while j < columns {
            let mut sum = V::zero();
            let mut p = from.add(j);
            for _ in 0..rows {
                sum = sum.add(V::load(p));
                p = p.add(step);
            }
            finish::<V, ADD>(sum, factor, out.add(j)).store_up_to(out.add(j), columns - j);
            j += V::LANES;
        }
    }
}

#[inline(always)]
unsafe fn finish<V: Vector, const ADD: bool>(sum: V, factor: f32, out: *const f32) -> V {
    unsafe { if ADD { V::load(out).add(sum) } else { sum.mul(V::splat(factor)) } }
}

/// (a, outer, axis, inner, scale, out): out = scale * sum over the axis.
pub fn reduce_sum(call: &Call) -> f64 {
    let args = &call.args;
    call.split(args.size(1), READ * (args.size(2) * args.size(3)) as f64, call.level.reduce_sum);
    0.0
}

#[inline(always)]
pub unsafe fn reduce_sum_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (a, axis, inner) = (args.floats(0), args.size(2), args.size(3));
        let (scale, out) = (args.float(4), args.floats(5));
        for o in from..to {
            let source = a.add(o * axis * inner);
            if inner == 1 {
                *out.add(o) = row_sum(source, axis) * scale;
                continue;
            }
            sum_rows::<V, false>(source, axis, inner, inner, scale, out.add(o * inner));
        }
    }
}

/// (dout, outer, axis, inner, scale, da): da += dout * scale, repeated along the axis.
pub fn reduce_sum_backward(call: &Call) -> f64 {
    let args = &call.args;
    call.split(args.size(1), READ * (args.size(2) * args.size(3)) as f64, call.level.reduce_sum_backward);
    0.0
}

#[inline(always)]
pub unsafe fn reduce_sum_backward_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (dout, axis, inner) = (args.floats(0), args.size(2), args.size(3));
        let (scale, da) = (args.float(4), args.floats(5));
        let factor = V::splat(scale);
        for o in from..to {
            let d = dout.add(o * inner);
            let into = da.add(o * axis * inner);
            if inner == 1 {
                let value = V::splat(*d * scale);
                let mut i = 0;
                while i < axis {
                    V::load(into.add(i)).add(value).store_up_to(into.add(i), axis - i);
                    i += V::LANES;
                }
                continue;
            }
            for i in 0..axis {
                let row = into.add(i * inner);
                let mut j = 0;
                while j < inner {
                    let p = row.add(j);
                    V::load(p).add(V::load(d.add(j)).mul(factor)).store_up_to(p, inner - j);
                    j += V::LANES;
                }
            }
        }
    }
}

/// (a, outer, axis, inner, out)
pub fn reduce_max(call: &Call) -> f64 {
    let args = &call.args;
    call.split(args.size(1), (args.size(2) * args.size(3)) as f64, call.level.reduce_max);
    0.0
}

#[inline(always)]
pub unsafe fn reduce_max_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (a, axis, inner, out) = (args.floats(0), args.size(2), args.size(3), args.floats(4));
        for o in from..to {
            for j in 0..inner {
                let p = a.add(o * axis * inner + j);
                *out.add(o * inner + j) = *p.add(arg_max(p, inner, axis) * inner);
            }
        }
    }
}

/// (a, outer, axis, inner, dout, da): the first maximum gets the whole gradient.
pub fn reduce_max_backward(call: &Call) -> f64 {
    let args = &call.args;
    call.split(args.size(1), (args.size(2) * args.size(3)) as f64, call.level.reduce_max_backward);
    0.0
}

#[inline(always)]
pub unsafe fn reduce_max_backward_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (a, axis, inner) = (args.floats(0), args.size(2), args.size(3));
        let (dout, da) = (args.floats(4), args.floats(5));
        for o in from..to {
            for j in 0..inner {
                let start = o * axis * inner + j;
                let place = da.add(start + arg_max(a.add(start), inner, axis) * inner);
                *place += *dout.add(o * inner + j);
            }
        }
    }
}

/// (a, rows, width, out): out += column sums. Rows are summed in order.
pub fn column_sums(call: &Call) -> f64 {
    let args = &call.args;
    let units = args.size(2).div_ceil(COLUMNS);
    call.split(units, READ * (args.size(1) * COLUMNS) as f64, call.level.column_sums);
    0.0
}

#[inline(always)]
pub unsafe fn column_sums_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (a, rows, width, out) = (args.floats(0), args.size(1), args.size(2), args.floats(3));
        let (first, end) = (from * COLUMNS, (to * COLUMNS).min(width));
        sum_rows::<V, true>(a.add(first), rows, width, end - first, 1.0, out.add(first));
    }
}

/// (a, rows, width, out): out[i] += sum of row i.
pub fn row_sums(call: &Call) -> f64 {
    let args = &call.args;
    call.split(args.size(1), READ * args.size(2) as f64, call.level.row_sums);
    0.0
}

#[inline(always)]
pub unsafe fn row_sums_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (a, width, out) = (args.floats(0), args.size(2), args.floats(3));
        for i in from..to {
            *out.add(i) += row_sum(a.add(i * width), width);
        }
    }
}

/// (a, count): sum of squares in float64, in four partial sums.
pub fn squared_norm(call: &Call) -> f64 {
    let (a, count) = (call.args.floats(0), call.args.size(1));
    let mut sums = [0f64; 4];
    let mut i = 0;
    unsafe {
        while i + 4 <= count {
            for (q, sum) in sums.iter_mut().enumerate() {
                let value = f64::from(*a.add(i + q));
                *sum += value * value;
            }
            i += 4;
        }
        let mut rest = 0f64;
        while i < count {
            let value = f64::from(*a.add(i));
            rest += value * value;
            i += 1;
        }
        (sums[0] + sums[2]) + (sums[1] + sums[3]) + rest
    }
}
