//! One head of one sample of packed rows, for attention.rs: its rows, work space, scores and softmax.
//!
//! The lanes of a vector are queries. Scores are stored by key, [keys, queries], so that a softmax adds whole
//! vectors in the order of the keys. No sum crosses lanes.
use super::columns::{column_max, column_sum};
use super::math::exp;
use super::pack::transpose_four;
use super::product::{Product, Start};
use super::random::threefry;
use crate::call::Args;
use crate::constants::QUERIES;
use crate::levels::Leveled;
use crate::scratch::{Slot, scratch};
use crate::vector::Vector;

/// Settings of both directions, with addresses in bytes.
#[derive(Clone, Copy, Default)]
pub struct AttentionCall {
    pub(super) starts: usize,
    pub(super) samples: usize,
    pub(super) heads: usize,
    pub(super) depth: usize,
    pub(super) longest: usize,
    pub(super) scale: f32,
    pub(super) keys: usize,
    pub(super) threshold: f64,
    pub(super) kept_scale: f32,
    pub(super) table: usize,
    pub(super) bucket_of: usize,
    pub(super) reach: usize,
}

/// Columns of one head: start of row 0 of the packed rows, and distance between rows (floats).
#[derive(Clone, Copy)]
pub(super) struct Columns {
    pub(super) start: *mut f32,
    pub(super) stride: usize,
}

impl Columns {
    pub(super) unsafe fn of(args: &Args, i: usize, head: usize, depth: usize) -> Columns {
        unsafe { Columns { start: args.floats(i).add(head * depth), stride: args.size(i + 1) / 4 } }
    }

    pub(super) unsafe fn row(self, r: usize) -> *mut f32 {
        unsafe { self.start.add(r * self.stride) }
    }
}

/// Work space of one thread: scores by key [longest, stride], queries and their slopes by column [depth,
/// stride], biases by distance, and a number per query.
pub(super) struct Work {
    pub(super) stride: usize,
    pub(super) weights: *mut f32,
    pub(super) slopes: *mut f32,
    pub(super) kept: *mut f32,
    pub(super) queries: *mut f32,
    pub(super) douts: *mut f32,
    pub(super) largest: *mut f32,
    pub(super) sums: *mut f32,
    pub(super) counters: *mut f32,
    pub(super) line: *mut f32,
    pub(super) dline: *mut f32,
}

impl Work {
    pub(super) unsafe fn of(call: &AttentionCall) -> Work {
        // Whole vectors of the widest kind, so that the last queries need no special case.
        let stride = call.longest.next_multiple_of(16).min(QUERIES);
        let (block, columns) = (call.longest * stride, call.depth * stride);
        let line = 2 * call.longest + QUERIES + 32;
        let mut next = scratch(Slot::Row, 3 * block + 2 * columns + 3 * stride + 2 * line);
        let mut take = |floats: usize| {
            let start = next;
            next = unsafe { next.add(floats) };
            start
        };
        Work {
            stride,
            weights: take(block),
            slopes: take(block),
            kept: take(block),
            queries: take(columns),
            douts: take(columns),
            largest: take(stride),
            sums: take(stride),
            counters: take(stride),
            line: take(line),
            dline: take(line),
        }
    }
}

/// One sample of one head.
pub(super) struct Sample<'a> {
    pub(super) args: &'a Args,
    pub(super) call: &'a AttentionCall,
    pub(super) work: &'a Work,
    pub(super) sample: usize,
    pub(super) head: usize,
    pub(super) first: usize,
    pub(super) rows: usize,
}

/// Queries `first .. first + count` of a sample.
#[derive(Clone, Copy)]
pub(super) struct Block {
    pub(super) first: usize,
    pub(super) count: usize,
}

impl Sample<'_> {
    #[inline(always)]
    pub(super) unsafe fn each(call: &AttentionCall, args: &Args, sample: usize) -> (usize, usize) {
        unsafe {
            let starts: *const i32 = args.base.add(call.starts).cast();
            let first = *starts.add(sample) as usize;
            (first, *starts.add(sample + 1) as usize - first)
        }
    }

    /// Reads the rows of a sample once, in the order of memory. Prefetchers follow this order, but not the
    /// columns of one head.
    #[inline(always)]
    pub(super) unsafe fn touch(&self, all: &[Columns]) {
        unsafe {
            let width = self.call.heads * self.call.depth;
            for r in self.first..self.first + self.rows {
                for columns in all {
                    let row = columns.row(r);
                    for i in (0..width).step_by(16) {
                        row.add(i).read_volatile();
                    }
                }
            }
        }
    }

    pub(super) fn blocks(&self) -> impl Iterator<Item = Block> {
        let rows = self.rows;
        (0..rows).step_by(QUERIES).map(move |first| Block { first, count: QUERIES.min(rows - first) })
    }

    /// Columns of the rows of a block as [depth, stride], with zeros after the rows.
    #[inline(always)]
    pub(super) unsafe fn by_column(&self, from: Columns, block: Block, to: *mut f32) {
        unsafe {
            let (stride, depth) = (self.work.stride, self.call.depth);
            to.write_bytes(0, depth * stride);
            let mut r = 0;
            while r < block.count {
                let row = from.row(self.first + block.first + r);
                let count = 4.min(block.count - r);
                if count == 4 {
                    let step = from.stride;
                    let rows = [row, row.add(step), row.add(2 * step), row.add(3 * step)];
                    transpose_four(rows.map(|row| row as *const f32), depth, to.add(r), stride);
                } else {
                    for d in 0..depth {
                        for q in 0..count {
                            *to.add(d * stride + r + q) = *row.add(q * from.stride + d);
                        }
                    }
                }
                r += count;
            }
        }
    }

    /// [keys, stride] = rows of `from` times the columns of a block of queries.
    #[inline(always)]
    pub(super) unsafe fn scores<V: Leveled>(
        &self,
        from: Columns,
        columns: *const f32,
        block: Block,
        to: *mut f32,
    ) {
        unsafe {
            let stride = self.work.stride;
            V::product(&Product {
                a: from.row(self.first),
                row_step: from.stride,
                column_step: 1,
                b: columns,
                ldb: stride,
                c: to,
                ldc: stride,
                m: self.rows,
                n: block.count.next_multiple_of(V::LANES),
                k: self.call.depth,
                ..PLAIN
            });
        }
    }

    /// Start of the biases of a query, at key 0. That of key j lies j floats before.
    #[inline(always)]
    pub(super) unsafe fn line_of(&self, base: *mut f32, query: usize) -> *mut f32 {
        unsafe { base.add(self.call.longest - 1 + query) }
    }

    /// score = product * scale + bias, for a vector of queries and key j
    #[inline(always)]
    pub(super) unsafe fn scored<V: Vector>(&self, p: *const f32, line: *const f32, j: usize) -> V {
        unsafe {
            let v = V::load(p).mul(V::splat(self.call.scale));
            if self.call.table == 0 { v } else { v.add(V::load(line.sub(j))) }
        }
    }

    /// Numbers of the random words of each query of a block, at key 0.
    pub(super) unsafe fn count_words(&self, block: Block) {
        unsafe {
            let counters: *mut i32 = self.work.counters.cast();
            for i in 0..block.count {
                *counters.add(i) = ((self.head * self.rows + block.first + i) * self.rows) as i32;
            }
        }
    }

    /// Returns which weights of key j stay, for a vector of queries from i.
    #[inline(always)]
    pub(super) unsafe fn kept<V: Vector>(&self, i: usize, j: usize) -> V::Mask {
        unsafe {
            let keys: *const i32 = self.args.base.add(self.call.keys).cast();
            let key = keys.add(2 * self.sample);
            let (k0, k1) = (V::splat_int(*key), V::splat_int(*key.add(1)));
            let counters = V::load(self.work.counters.add(i)).add_int(V::splat_int(j as i32));
            let (word, _) = threefry(k0, k1, counters, V::splat_int(0));
            word.at_least_unsigned(V::splat_int(self.call.threshold as u32 as i32))
        }
    }

    /// value * factor where it stays, else 0
    #[inline(always)]
    pub(super) unsafe fn dropped<V: Vector>(&self, value: V, mask: V::Mask) -> V {
        unsafe {
            if self.call.threshold >= 4294967296.0 {
                V::zero()
            } else {
                value.mul(V::splat(self.call.kept_scale)).keep(mask)
            }
        }
    }

    /// Softmax of the queries i .. i + LANES of a block, in place. Saves the largest scores and the sums.
    #[inline(always)]
    pub(super) unsafe fn softmax<V: Vector>(&self, block: Block, i: usize) {
        unsafe {
            let (stride, rows) = (self.work.stride, self.rows);
            let p = self.work.weights.add(i);
            let line = self.line_of(self.work.line, block.first + i);
            for j in 0..rows {
                self.scored::<V>(p.add(j * stride), line, j).store(p.add(j * stride));
            }
            let largest = column_max::<V>(p, stride, rows);
            for j in 0..rows {
                exp(V::load(p.add(j * stride)).sub(largest)).store(p.add(j * stride));
            }
            let sum = column_sum::<V>(p, stride, rows);
            for j in 0..rows {
                V::load(p.add(j * stride)).div(sum).store(p.add(j * stride));
            }
            largest.store(self.work.largest.add(i));
            sum.store(self.work.sums.add(i));
        }
    }
}

/// Template of a product.
pub(super) const PLAIN: Product = Product {
    a: std::ptr::null(),
    indices: std::ptr::null(),
    row_step: 0,
    column_step: 0,
    scale: 1.0,
    b: std::ptr::null(),
    ldb: 0,
    transposed: false,
    c: std::ptr::null_mut(),
    ldc: 0,
    m: 0,
    n: 0,
    k: 0,
    start: Start::Zero,
};

/// Bias of a head by distance, from the last key of the first query to the first key of the last query, so
/// that neighbouring queries add neighbouring numbers.
pub(super) unsafe fn lay_out_bias(args: &Args, call: &AttentionCall, head: usize, line: *mut f32) {
    if call.table == 0 || call.longest == 0 {
        return;
    }
    unsafe {
        let table: *const f32 = args.base.add(call.table).cast();
        let bucket_of: *const i32 = args.base.add(call.bucket_of).cast();
        let last = call.reach + call.longest - 1;
        for i in 0..2 * call.longest - 1 {
            *line.add(i) = *table.add(*bucket_of.add(last - i) as usize * call.heads + head);
        }
    }
}
