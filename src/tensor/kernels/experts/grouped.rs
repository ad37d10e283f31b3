//! Products per expert. Pairs are sorted by expert, so the rows of dout and out of an expert are contiguous.
//! Rows of x are gathered. Same as grouped.as.ts.
use super::product::{Product, Start};
use super::rows::add_row;
use crate::call::{Args, Call};
use crate::levels::Leveled;
use crate::scratch::{Slot, scratch};
use crate::vector::Vector;

/// Estimated nanoseconds per multiplication and addition.
const COST: f64 = 0.05;
/// Columns of the output, or rows of a weight gradient, in a unit.
const COLUMNS: usize = 48;
const ROWS: usize = 64;

/// Pairs `first .. end` of expert e.
#[inline(always)]
pub unsafe fn pairs_of(offsets: *const i32, e: usize) -> (usize, usize) {
    unsafe { (*offsets.add(e) as usize, *offsets.add(e + 1) as usize) }
}

/// Number of pairs of all experts.
pub unsafe fn all_pairs(offsets: *const i32, experts: usize) -> usize {
    unsafe { *offsets.add(experts) as usize }
}

fn split_blocks(call: &Call, experts: usize, blocks: usize, products: usize, block: crate::call::Block) {
    let units = experts * blocks;
    call.split(units, COST * products as f64 / units.max(1) as f64, block);
}

/// (x, weight, bias, offsets, rows, experts, inputs, outputs, out, columns): out[p] = x[rows[p]] W[e] +
/// bias[e], in the first `columns` columns.
pub fn linear(call: &Call) -> f64 {
    let args = &call.args;
    let (experts, inputs, columns) = (args.size(5), args.size(6), args.size(9));
    let pairs = unsafe { all_pairs(args.ints(3), experts) };
    let blocks = columns.div_ceil(COLUMNS);
    split_blocks(call, experts, blocks, pairs * inputs * columns, call.level.grouped_linear);
    0.0
}

#[inline(always)]
pub unsafe fn linear_block<V: Leveled>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (x, weight, bias) = (args.floats(0), args.floats(1), args.floats(2));
        let (offsets, rows) = (args.ints(3), args.ints(4));
        let (inputs, outputs, out, columns) = (args.size(6), args.size(7), args.floats(8), args.size(9));
        let blocks = columns.div_ceil(COLUMNS);
        for e in from / blocks..to.div_ceil(blocks) {
            let (first, end) = pairs_of(offsets, e);
            if first == end {
                continue;
            }
            let start = from.max(e * blocks) - e * blocks;
            let stop = to.min((e + 1) * blocks) - e * blocks;
            let whole = Product {
                a: x,
                indices: rows.add(first),
                row_step: inputs,
                column_step: 1,
                scale: 1.0,
                b: weight.add(e * inputs * outputs),
                ldb: outputs,
                transposed: false,
                c: out.add(first * outputs),
                ldc: outputs,
                m: end - first,
                n: columns,
                k: inputs,
                start: Start::Row(bias.add(e * outputs)),
            };
            V::product(&whole.columns(start * COLUMNS, (stop * COLUMNS).min(columns)));
        }
    }
}

/// (dout, weight, offsets, pairOf, experts, inputs, outputs, rows, slots, dx, products, transposed): products
/// [R, inputs] = dout[p] W[e]^T, then dx[b] += its pairs in order of slots.
pub fn linear_backward_input(call: &Call) -> f64 {
    let args = &call.args;
    let (experts, inputs, outputs) = (args.size(4), args.size(5), args.size(6));
    let pairs = unsafe { all_pairs(args.ints(2), experts) };
    let blocks = inputs.div_ceil(COLUMNS);
    split_blocks(call, experts, blocks, pairs * inputs * outputs, call.level.grouped_input_products);
    let each = 0.3 * (args.size(8) * inputs) as f64;
    call.split(args.size(7), each, call.level.grouped_input_sums);
    0.0
}

#[inline(always)]
pub unsafe fn input_products_block<V: Leveled>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (dout, weight, offsets) = (args.floats(0), args.floats(1), args.ints(2));
        let (inputs, outputs, products) = (args.size(5), args.size(6), args.floats(10));
        let blocks = inputs.div_ceil(COLUMNS);
        for e in from / blocks..to.div_ceil(blocks) {
            let (first, end) = pairs_of(offsets, e);
            if first == end {
                continue;
            }
            let start = from.max(e * blocks) - e * blocks;
            let stop = to.min((e + 1) * blocks) - e * blocks;
            let whole = Product {
                a: dout.add(first * outputs),
                indices: std::ptr::null(),
                row_step: outputs,
                column_step: 1,
                scale: 1.0,
                b: weight.add(e * inputs * outputs),
                ldb: outputs,
                transposed: true,
                c: products.add(first * inputs),
                ldc: inputs,
                m: end - first,
                n: inputs,
                k: outputs,
                start: Start::Zero,
            };
            V::product(&whole.columns(start * COLUMNS, (stop * COLUMNS).min(inputs)));
        }
    }
}

#[inline(always)]
pub unsafe fn input_sums_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (pair_of, inputs, slots) = (args.ints(3), args.size(5), args.size(8));
        let (dx, products) = (args.floats(9), args.floats(10));
        for r in from..to {
            for s in 0..slots {
                let pair = *pair_of.add(r * slots + s);
                if pair >= 0 {
                    add_row::<V>(products.add(pair as usize * inputs), dx.add(r * inputs), inputs);
                }
            }
        }
    }
}

/// x^T dout of the pairs of one expert, [count, outputs], from x packed as [pairs, count].
#[inline(always)]
pub fn gradient_product(
    packed: *const f32,
    dout: *const f32,
    c: *mut f32,
    [count, outputs, pairs]: [usize; 3],
    start: Start,
) -> Product {
    Product {
        a: packed,
        indices: std::ptr::null(),
        row_step: 1,
        column_step: count,
        scale: 1.0,
        b: dout,
        ldb: outputs,
        transposed: false,
        c,
        ldc: outputs,
        m: count,
        n: outputs,
        k: pairs,
        start,
    }
}

/// (x, dout, offsets, rows, experts, inputs, outputs, dweight)
pub fn weight_gradient(call: &Call) -> f64 {
    let args = &call.args;
    let (experts, inputs, outputs) = (args.size(4), args.size(5), args.size(6));
    let pairs = unsafe { all_pairs(args.ints(2), experts) };
    let blocks = inputs.div_ceil(ROWS);
    split_blocks(call, experts, blocks, pairs * inputs * outputs, call.level.grouped_weight_gradient);
    0.0
}

#[inline(always)]
pub unsafe fn weight_gradient_block<V: Leveled>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (x, dout, offsets, rows) = (args.floats(0), args.floats(1), args.ints(2), args.ints(3));
        let (inputs, outputs, dweight) = (args.size(5), args.size(6), args.floats(7));
        let blocks = inputs.div_ceil(ROWS);
        for unit in from..to {
            let e = unit / blocks;
            let (first, end) = pairs_of(offsets, e);
            let i = (unit % blocks) * ROWS;
            let count = ROWS.min(inputs - i);
            if first == end {
                continue;
            }
            let packed = scratch(Slot::Row, (end - first) * count);
            for p in first..end {
                let row = x.add(*rows.add(p) as usize * inputs + i);
                packed.add((p - first) * count).copy_from_nonoverlapping(row, count);
            }
            let d = dout.add(first * outputs);
            let c = dweight.add((e * inputs + i) * outputs);
            V::product(&gradient_product(packed, d, c, [count, outputs, end - first], Start::Output));
        }
    }
}

/// (dout, offsets, experts, outputs, dbias)
pub fn bias_gradient(call: &Call) -> f64 {
    let args = &call.args;
    call.alone(args.size(2), call.level.grouped_bias_gradient);
    0.0
}

#[inline(always)]
pub unsafe fn bias_gradient_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (dout, offsets, outputs, dbias) = (args.floats(0), args.ints(1), args.size(3), args.floats(4));
        for e in from..to {
            let (first, end) = pairs_of(offsets, e);
            for p in first..end {
                add_row::<V>(dout.add(p * outputs), dbias.add(e * outputs), outputs);
            }
        }
    }
}
