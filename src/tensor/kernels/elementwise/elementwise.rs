//! Elementwise kernels. Same as elementwise.as.ts: buffers are padded to 64 bytes and never share a
//! vector, so that loops need no special case for the end.
use super::math::{exp, gelu_erf, gelu_erf_slope, gelu_gate, gelu_slope, log, sigmoid, softplus, tanh};
use crate::call::{Args, Block, Call};
use crate::constants::*;
use crate::vector::Vector;

/// Number of floats in a unit of output.
const UNIT: usize = 1024;

/// Nanoseconds per element: bound by memory, or by the arithmetic of a function.
const MOVE: f64 = 0.3;
const FUNCTION: f64 = 1.0;

fn split(call: &Call, count: usize, each: f64, block: Block) -> f64 {
    call.split(count.div_ceil(UNIT), each * UNIT as f64, block);
    0.0
}

/// Elements of the units `from .. to`, in whole vectors.
macro_rules! whole {
    ($from:expr, $to:expr, $count:expr, $lanes:expr, |$i:ident| $body:expr) => {
        let end = ($to * UNIT).min($count);
        let mut $i = $from * UNIT;
        while $i < end {
            $body;
            $i += $lanes;
        }
    };
}

/// (out, count, value)
pub fn fill(call: &Call) -> f64 {
    split(call, call.args.size(1), MOVE, call.level.fill)
}

#[inline(always)]
pub unsafe fn fill_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let out = args.floats(0);
        let value = V::splat(args.float(2));
        whole!(from, to, args.size(1), V::LANES, |i| value.store(out.add(i)));
    }
}

/// (a, out, count)
pub fn copy_range(call: &Call) -> f64 {
    let args = &call.args;
    unsafe { args.floats(1).copy_from(args.floats(0), args.size(2)) };
    0.0
}

/// (a, out, count): part of a buffer. Elements after the range stay unchanged.
pub fn add_range(call: &Call) -> f64 {
    split(call, call.args.size(2), MOVE, call.level.add_range)
}

#[inline(always)]
pub unsafe fn add_range_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (a, out, count) = (args.floats(0), args.floats(1), args.size(2));
        whole!(from, to, count, V::LANES, |i| {
            let p = out.add(i);
            V::load(p).add(V::load(a.add(i))).store_up_to(p, count - i)
        });
    }
}

/// Unary operation by its code.
#[inline(always)]
unsafe fn apply<V: Vector, const OP: i32>(x: V) -> V {
    unsafe {
        match OP {
            UNARY_NEG => x.neg(),
            UNARY_EXP => exp(x),
            UNARY_LOG => log(x),
            UNARY_SQRT => x.sqrt(),
            UNARY_SQUARE => x.mul(x),
            UNARY_ABS => x.abs(),
            UNARY_RECIPROCAL => V::splat(1.0).div(x),
            UNARY_RELU => x.drop(x.le(V::zero())), // NaN stays
            UNARY_GELU => x.mul(gelu_gate(x)),
            UNARY_SIGMOID => sigmoid(x),
            UNARY_TANH => tanh(x),
            UNARY_SOFTPLUS => softplus(x),
            _ => gelu_erf(x),
        }
    }
}

/// Derivative at x, with y the forward value.
#[inline(always)]
unsafe fn slope<V: Vector, const OP: i32>(x: V, y: V) -> V {
    unsafe {
        let (one, zero) = (V::splat(1.0), V::zero());
        match OP {
            UNARY_NEG => V::splat(-1.0),
            UNARY_EXP => y,
            UNARY_LOG => one.div(x),
            UNARY_SQRT => V::splat(0.5).div(y),
            UNARY_SQUARE => x.add(x),
            UNARY_ABS => {
                let sign = V::select(zero.lt(x), one, V::splat(-1.0).keep(x.lt(zero)));
                V::select(x.equal(x), sign, x) // NaN stays
            }
            UNARY_RECIPROCAL => y.mul(y).neg(),
            UNARY_RELU => one.keep(zero.lt(x)),
            UNARY_GELU => gelu_slope(x),
            UNARY_SIGMOID => y.mul(one.sub(y)),
            UNARY_TANH => one.sub(y.mul(y)),
            UNARY_SOFTPLUS => sigmoid(x),
            _ => gelu_erf_slope(x),
        }
    }
}

fn unary_cost(op: i32) -> f64 {
    if matches!(op, UNARY_NEG | UNARY_SQUARE | UNARY_ABS | UNARY_RELU) { MOVE } else { FUNCTION }
}

/// (op, a, count, out)
pub fn unary(call: &Call) -> f64 {
    split(call, call.args.size(2), unary_cost(call.args.int(0)), call.level.unary)
}

#[inline(always)]
pub unsafe fn unary_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (a, count, out) = (args.floats(1), args.size(2), args.floats(3));
        macro_rules! run {
            ($op:ident) => {{
                whole!(from, to, count, V::LANES, |i| {
                    apply::<V, { $op }>(V::load(a.add(i))).store(out.add(i))
                });
            }};
        }
        by_unary!(args.int(0), run)
    }
}

/// (op, a, y, dout, count, da)
pub fn unary_backward(call: &Call) -> f64 {
    split(call, call.args.size(4), unary_cost(call.args.int(0)), call.level.unary_backward)
}

#[inline(always)]
pub unsafe fn unary_backward_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (a, y, dout, count, da) =
            (args.floats(1), args.floats(2), args.floats(3), args.size(4), args.floats(5));
        macro_rules! run {
            ($op:ident) => {{
                whole!(from, to, count, V::LANES, |i| {
                    let slope = slope::<V, { $op }>(V::load(a.add(i)), V::load(y.add(i)));
                    V::load(da.add(i)).add(V::load(dout.add(i)).mul(slope)).store(da.add(i))
                });
            }};
        }
        by_unary!(args.int(0), run)
    }
}

/// (op, a, dout, count, da): da = dout * op'(a), for relu and both forms of gelu.
pub fn activation_backward(call: &Call) -> f64 {
    split(call, call.args.size(3), unary_cost(call.args.int(0)), call.level.activation_backward)
}

#[inline(always)]
pub unsafe fn activation_backward_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (a, dout, count, da) = (args.floats(1), args.floats(2), args.size(3), args.floats(4));
        macro_rules! run {
            ($op:ident) => {{
                whole!(from, to, count, V::LANES, |i| {
                    let x = V::load(a.add(i));
                    V::load(dout.add(i)).mul(slope::<V, { $op }>(x, x)).store(da.add(i))
                });
            }};
        }
        match args.int(0) {
            UNARY_RELU => run!(UNARY_RELU),
            UNARY_GELU => run!(UNARY_GELU),
            _ => run!(UNARY_GELU_ERF),
        }
    }
}

/// (op, a, b, count, out)
pub fn binary(call: &Call) -> f64 {
    split(call, call.args.size(3), MOVE, call.level.binary)
}

#[inline(always)]
pub unsafe fn binary_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (a, b, count, out) = (args.floats(1), args.floats(2), args.size(3), args.floats(4));
        macro_rules! run {
            ($combine:ident) => {{
                whole!(from, to, count, V::LANES, |i| {
                    V::load(a.add(i)).$combine(V::load(b.add(i))).store(out.add(i))
                });
            }};
        }
        match args.int(0) {
            BINARY_ADD => run!(add),
            BINARY_SUB => run!(sub),
            BINARY_MUL => run!(mul),
            BINARY_DIV => run!(div),
            _ => run!(maximum),
        }
    }
}

/// (a, scale, shift, count, out)
pub fn affine(call: &Call) -> f64 {
    split(call, call.args.size(3), MOVE, call.level.affine)
}

#[inline(always)]
pub unsafe fn affine_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (a, count, out) = (args.floats(0), args.size(3), args.floats(4));
        let (scale, shift) = (V::splat(args.float(1)), V::splat(args.float(2)));
        whole!(from, to, count, V::LANES, |i| {
            V::load(a.add(i)).mul(scale).add(shift).store(out.add(i))
        });
    }
}

/// (a, scale, count, out)
pub fn add_scaled(call: &Call) -> f64 {
    split(call, call.args.size(2), MOVE, call.level.add_scaled)
}

#[inline(always)]
pub unsafe fn add_scaled_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (a, count, out) = (args.floats(0), args.size(2), args.floats(3));
        let scale = V::splat(args.float(1));
        whole!(from, to, count, V::LANES, |i| {
            V::load(out.add(i)).add(V::load(a.add(i)).mul(scale)).store(out.add(i))
        });
    }
}

/// (a, low, high, count, out): NaN stays NaN.
pub fn clamp(call: &Call) -> f64 {
    split(call, call.args.size(3), MOVE, call.level.clamp)
}

#[inline(always)]
pub unsafe fn clamp_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (a, count, out) = (args.floats(0), args.size(3), args.floats(4));
        let (low, high) = (V::splat(args.float(1)), V::splat(args.float(2)));
        whole!(from, to, count, V::LANES, |i| {
            V::load(a.add(i)).pmax(low).pmin(high).store(out.add(i))
        });
    }
}

/// (a, low, high, dout, count, da)
pub fn clamp_backward(call: &Call) -> f64 {
    split(call, call.args.size(4), MOVE, call.level.clamp_backward)
}

#[inline(always)]
pub unsafe fn clamp_backward_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (a, dout, count, da) = (args.floats(0), args.floats(3), args.size(4), args.floats(5));
        let (low, high) = (V::splat(args.float(1)), V::splat(args.float(2)));
        whole!(from, to, count, V::LANES, |i| {
            let x = V::load(a.add(i));
            let inside = V::both(low.le(x), x.le(high));
            V::load(da.add(i)).add(V::load(dout.add(i)).keep(inside)).store(da.add(i))
        });
    }
}
