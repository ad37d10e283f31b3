//! Softmax, log-sum-exp and layer norm. Rows are independent. Same as normalise.as.ts.
use super::math::{exp, log};
use super::rows::{row_dot, row_max, row_sum};
use crate::call::{Args, Call};
use crate::scratch::{Slot, scratch};
use crate::vector::{Quad, Vector, sum_lanes};

/// Nanoseconds per element with an exponential, and without.
const EXPONENTIAL: f64 = 0.8;
const PLAIN: f64 = 0.4;
/// Number of columns in a unit of the gradients of gain and bias.
const COLUMNS: usize = 64;

/// Adds the existing lanes, in groups of four.
#[inline(always)]
unsafe fn add_up_to<V: Vector>(v: V, sums: Quad, left: usize) -> Quad {
    unsafe { if left >= V::LANES { v.add_quads(sums) } else { v.add_quads_first(sums, left) } }
}

/// Writes e^(x - largest) to `out` and returns the sum.
#[inline(always)]
unsafe fn exp_row<V: Vector>(a: *const f32, width: usize, largest: f32, out: *mut f32) -> f32 {
    unsafe {
        let shift = V::splat(largest);
        let mut sums = Quad::zero();
        let mut j = 0;
        while j < width {
            let e = exp(V::load(a.add(j)).sub(shift));
            e.store_up_to(out.add(j), width - j);
            sums = add_up_to(e, sums, width - j);
            j += V::LANES;
        }
        sum_lanes(sums)
    }
}

/// (a, rows, width, out)
pub fn softmax(call: &Call) -> f64 {
    let args = &call.args;
    call.split(args.size(1), EXPONENTIAL * args.size(2) as f64, call.level.softmax);
    0.0
}

#[inline(always)]
pub unsafe fn softmax_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (a, width, out) = (args.floats(0), args.size(2), args.floats(3));
        for r in from..to {
            let (row, into) = (a.add(r * width), out.add(r * width));
            let sum = V::splat(exp_row::<V>(row, width, row_max::<V>(row, width), into));
            let mut j = 0;
            while j < width {
                let p = into.add(j);
                V::load(p).div(sum).store_up_to(p, width - j);
                j += V::LANES;
            }
        }
    }
}

/// (y, rows, width, dy, da): da += y * (dy - sum(y dy)) per row.
pub fn softmax_backward(call: &Call) -> f64 {
    let args = &call.args;
    call.split(args.size(1), PLAIN * args.size(2) as f64, call.level.softmax_backward);
    0.0
}

#[inline(always)]
pub unsafe fn softmax_backward_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (y, width, dy, da) = (args.floats(0), args.size(2), args.floats(3), args.floats(4));
        for r in from..to {
            let (y, dy, da) = (y.add(r * width), dy.add(r * width), da.add(r * width));
            let dot = V::splat(row_dot(y, dy, width));
            let mut j = 0;
            while j < width {
                let p = da.add(j);
                let change = V::load(y.add(j)).mul(V::load(dy.add(j)).sub(dot));
                V::load(p).add(change).store_up_to(p, width - j);
                j += V::LANES;
            }
        }
    }
}

/// (a, rows, width, out, work): an infinite maximum is the result.
pub fn log_sum_exp(call: &Call) -> f64 {
    let args = &call.args;
    call.split(args.size(1), EXPONENTIAL * args.size(2) as f64, call.level.log_sum_exp);
    0.0
}

#[inline(always)]
pub unsafe fn log_sum_exp_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (a, width, out) = (args.floats(0), args.size(2), args.floats(3));
        let work = scratch(Slot::Row, width + V::LANES);
        for r in from..to {
            let row = a.add(r * width);
            let largest = row_max::<V>(row, width);
            *out.add(r) = if largest - largest == 0.0 {
                let sum = exp_row::<V>(row, width, largest, work);
                let mut lanes = [0f32; 4];
                log(Quad::splat(sum)).store(lanes.as_mut_ptr());
                largest + lanes[0]
            } else {
                largest
            };
        }
    }
}

/// (a, rows, width, gain, bias, epsilon, out, mean, inverseStd)
pub fn layer_norm(call: &Call) -> f64 {
    let args = &call.args;
    call.split(args.size(1), PLAIN * args.size(2) as f64, call.level.layer_norm);
    0.0
}

#[inline(always)]
pub unsafe fn layer_norm_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (a, width, gain, bias) = (args.floats(0), args.size(2), args.floats(3), args.floats(4));
        let (epsilon, out) = (args.float(5), args.floats(6));
        let (mean, inverse_std) = (args.floats(7), args.floats(8));
        for r in from..to {
            let (row, into) = (a.add(r * width), out.add(r * width));
            (*mean.add(r), *inverse_std.add(r)) = normalise_row::<V>(row, width, gain, bias, epsilon, into);
        }
    }
}

/// Returns the mean and the inverse of the deviation.
#[inline(always)]
unsafe fn normalise_row<V: Vector>(
    row: *const f32,
    width: usize,
    gain: *const f32,
    bias: *const f32,
    epsilon: f32,
    into: *mut f32,
) -> (f32, f32) {
    unsafe {
        let n = width as f32;
        let m = row_sum(row, width) / n;
        let centre = V::splat(m);
        let mut squares = Quad::zero();
        let mut j = 0;
        while j < width {
            let d = V::load(row.add(j)).sub(centre);
            squares = add_up_to(d.mul(d), squares, width - j);
            j += V::LANES;
        }
        let s = 1.0 / (sum_lanes(squares) / n + epsilon).sqrt();
        let scale = V::splat(s);
        let mut j = 0;
        while j < width {
            let normalised = V::load(row.add(j)).sub(centre).mul(scale);
            let value = normalised.mul(V::load(gain.add(j))).add(V::load(bias.add(j)));
            value.store_up_to(into.add(j), width - j);
            j += V::LANES;
        }
        (m, s)
    }
}

/// (a, b, rows, width, gain, bias, epsilon, sum, out, mean, inverseStd): sum = a + b, then its layer norm
/// while the row is in the cache.
pub fn add_layer_norm(call: &Call) -> f64 {
    let args = &call.args;
    call.split(args.size(2), 1.5 * PLAIN * args.size(3) as f64, call.level.add_layer_norm);
    0.0
}

#[inline(always)]
pub unsafe fn add_layer_norm_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (a, b, width) = (args.floats(0), args.floats(1), args.size(3));
        let (gain, bias, epsilon) = (args.floats(4), args.floats(5), args.float(6));
        let (sum, out, mean, inverse_std) = (args.floats(7), args.floats(8), args.floats(9), args.floats(10));
        for r in from..to {
            let row = sum.add(r * width);
            let mut j = 0;
            while j < width {
                let value = V::load(a.add(r * width + j)).add(V::load(b.add(r * width + j)));
                value.store_up_to(row.add(j), width - j);
                j += V::LANES;
            }
            let into = out.add(r * width);
            (*mean.add(r), *inverse_std.add(r)) = normalise_row::<V>(row, width, gain, bias, epsilon, into);
        }
    }
}

/// (a, rows, width, gain, mean, inverseStd, dout, da or 0, dgain, dbias)
pub fn layer_norm_backward(call: &Call) -> f64 {
    let args = &call.args;
    let (rows, width) = (args.size(1), args.size(2));
    if args.optional(7).is_some() {
        call.split(rows, 2.0 * PLAIN * width as f64, call.level.layer_norm_input);
    }
    let units = width.div_ceil(COLUMNS);
    call.split(units, PLAIN * (rows * COLUMNS) as f64, call.level.layer_norm_parameters);
    0.0
}

/// Gradient of the input, row by row.
#[inline(always)]
pub unsafe fn layer_norm_input_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (width, gain) = (args.size(2), args.floats(3));
        let n = width as f32;
        for r in from..to {
            let centre = V::splat(*args.floats(4).add(r));
            let scale = V::splat(*args.floats(5).add(r));
            let a = args.floats(0).add(r * width);
            let dout = args.floats(6).add(r * width);
            let da = args.floats(7).add(r * width);
            let (mut sum, mut dot) = (Quad::zero(), Quad::zero());
            let mut j = 0;
            while j < width {
                let normalised = V::load(a.add(j)).sub(centre).mul(scale);
                let d = V::load(dout.add(j)).mul(V::load(gain.add(j)));
                sum = add_up_to(d, sum, width - j);
                dot = add_up_to(d.mul(normalised), dot, width - j);
                j += V::LANES;
            }
            let mean_sum = V::splat(sum_lanes(sum) / n);
            let mean_dot = V::splat(sum_lanes(dot) / n);
            let mut j = 0;
            while j < width {
                let normalised = V::load(a.add(j)).sub(centre).mul(scale);
                let d = V::load(dout.add(j)).mul(V::load(gain.add(j)));
                let inner = d.sub(mean_sum).sub(normalised.mul(mean_dot));
                let p = da.add(j);
                V::load(p).add(scale.mul(inner)).store_up_to(p, width - j);
                j += V::LANES;
            }
        }
    }
}

/// Gradients of gain and bias. Rows are added in order.
#[inline(always)]
pub unsafe fn layer_norm_parameters_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (a, rows, width) = (args.floats(0), args.size(1), args.size(2));
        let (mean, inverse_std, dout) = (args.floats(4), args.floats(5), args.floats(6));
        let (dgain, dbias) = (args.floats(8), args.floats(9));
        let end = (to * COLUMNS).min(width);
        let mut j = from * COLUMNS;
        while j < end {
            let mut to_gain = V::load(dgain.add(j));
            let mut to_bias = V::load(dbias.add(j));
            for r in 0..rows {
                let (centre, scale) = (V::splat(*mean.add(r)), V::splat(*inverse_std.add(r)));
                let normalised = V::load(a.add(r * width + j)).sub(centre).mul(scale);
                let dy = V::load(dout.add(r * width + j));
                to_gain = to_gain.add(dy.mul(normalised));
                to_bias = to_bias.add(dy);
            }
            to_gain.store_up_to(dgain.add(j), end - j);
            to_bias.store_up_to(dbias.add(j), end - j);
            j += V::LANES;
        }
    }
}
