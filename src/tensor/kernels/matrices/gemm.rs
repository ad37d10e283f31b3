//! Dense products. Same as gemm.as.ts.
use super::product::{Product, Start};
use crate::call::{Args, Call};
use crate::levels::Leveled;

/// Estimated nanoseconds per multiplication and addition.
const COST: f64 = 0.03;
/// Rows and columns of a unit of output: whole tiles at every level.
const ROWS: usize = 24;
const COLUMNS: usize = 48;

fn dense(args: &Args) -> Product {
    let (m, n, k) = (args.size(3), args.size(4), args.size(5));
    let (transpose_a, transpose_b) = (args.flag(6), args.flag(7));
    Product {
        a: args.floats(0),
        indices: std::ptr::null(),
        row_step: if transpose_a { 1 } else { k },
        column_step: if transpose_a { m } else { 1 },
        scale: 1.0,
        b: args.floats(1),
        ldb: if transpose_b { k } else { n },
        transposed: transpose_b,
        c: args.floats(2),
        ldc: n,
        m,
        n,
        k,
        start: if args.flag(8) { Start::Output } else { Start::Zero },
    }
}

fn affine(args: &Args) -> Product {
    let (m, k, n) = (args.size(4), args.size(5), args.size(6));
    Product {
        a: args.floats(0),
        indices: std::ptr::null(),
        row_step: k,
        column_step: 1,
        scale: 1.0,
        b: args.floats(1),
        ldb: n,
        transposed: false,
        c: args.floats(3),
        ldc: n,
        m,
        n,
        k,
        start: args.optional(2).map_or(Start::Zero, |bias| Start::Row(bias)),
    }
}

/// Splits a wide output into blocks of columns, any other into blocks of rows.
fn units(p: &Product) -> (bool, usize) {
    let by_columns = p.n >= p.m;
    (by_columns, if by_columns { p.n.div_ceil(COLUMNS) } else { p.m.div_ceil(ROWS) })
}

#[inline(always)]
unsafe fn part<V: Leveled>(p: &Product, from: usize, to: usize) {
    unsafe {
        if units(p).0 {
            V::product(&p.columns(from * COLUMNS, (to * COLUMNS).min(p.n)))
        } else {
            V::product(&p.rows(from * ROWS, (to * ROWS).min(p.m)))
        }
    }
}

fn cost(p: &Product) -> f64 {
    COST * (p.m * p.n * p.k) as f64 / units(p).1.max(1) as f64
}

/// (a, b, out, m, n, k, transposeA, transposed, accumulate)
pub fn gemm(call: &Call) -> f64 {
    let p = dense(&call.args);
    call.split(units(&p).1, cost(&p), call.level.gemm);
    0.0
}

#[inline(always)]
pub unsafe fn gemm_block<V: Leveled>(args: &Args, from: usize, to: usize) {
    unsafe { part::<V>(&dense(args), from, to) }
}

/// (a, weight, bias or 0, out, m, k, n)
pub fn linear(call: &Call) -> f64 {
    let p = affine(&call.args);
    call.split(units(&p).1, cost(&p), call.level.linear);
    0.0
}

#[inline(always)]
pub unsafe fn linear_block<V: Leveled>(args: &Args, from: usize, to: usize) {
    unsafe { part::<V>(&affine(args), from, to) }
}

/// (a, b, out, count, m, n, k, transposeA, transposed, accumulate)
pub fn batched_gemm(call: &Call) -> f64 {
    let args = &call.args;
    let size = args.size(4) * args.size(5) * args.size(6);
    call.split(args.size(3), 2.0 * COST * size as f64, call.level.batched_gemm);
    0.0
}

#[inline(always)]
pub unsafe fn batched_gemm_block<V: Leveled>(args: &Args, from: usize, to: usize) {
    unsafe {
        let shifted = Args { values: args.values.add(1), ..*args };
        let one = Product { a: args.floats(0), b: args.floats(1), c: args.floats(2), ..dense(&shifted) };
        for i in from..to {
            V::product(&Product {
                a: one.a.add(i * one.m * one.k),
                b: one.b.add(i * one.k * one.n),
                c: one.c.add(i * one.m * one.n),
                ..one
            });
        }
    }
}
