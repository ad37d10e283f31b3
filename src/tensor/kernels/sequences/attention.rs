//! Self-attention of packed samples. Same as attention.as.ts: only the scores of QUERIES queries
//! of one head exist at a time, and the backward pass recomputes them.
//!
//! The lanes of a vector are queries. Scores are stored by key, [keys, queries], so that a softmax adds whole
//! vectors in the order of the keys. No sum crosses lanes.
use super::columns::{column_dot, column_max, column_sum};
use super::math::exp;
use super::product::{Product, Start};
use super::random::threefry;
use crate::kernel::hold;
use crate::call::{Args, Call};
use crate::constants::QUERIES;
use crate::levels::Leveled;
use crate::scratch::{Slot, scratch};
use crate::vector::{Quad, Vector};

/// Nanoseconds per multiplication and addition, and per score.
const COST: f64 = 0.04;
const SCORE: f64 = 1.0;

/// Settings of both directions, with addresses in bytes.
#[derive(Clone, Copy, Default)]
pub struct AttentionCall {
    starts: usize,
    samples: usize,
    heads: usize,
    depth: usize,
    longest: usize,
    scale: f32,
    keys: usize,
    threshold: f64,
    kept_scale: f32,
    table: usize,
    bucket_of: usize,
    reach: usize,
}

/// (starts, samples, heads, depth, longest, scale, keys or 0, threshold, keptScale, table or 0, bucketOf,
/// reach, work)
pub fn settings(call: &Call) -> f64 {
    let args = &call.args;
    let attention = AttentionCall {
        starts: args.size(0),
        samples: args.size(1),
        heads: args.size(2),
        depth: args.size(3),
        longest: args.size(4),
        scale: args.float(5),
        keys: args.size(6),
        threshold: args.number(7),
        kept_scale: args.float(8),
        table: args.size(9),
        bucket_of: args.size(10),
        reach: args.size(11),
    };
    hold(|held| held.attention = attention);
    0.0
}

/// Columns of one head: start of row 0 of the packed rows, and distance between rows (floats).
#[derive(Clone, Copy)]
struct Columns {
    start: *mut f32,
    stride: usize,
}

impl Columns {
    unsafe fn of(args: &Args, i: usize, head: usize, depth: usize) -> Columns {
        unsafe { Columns { start: args.floats(i).add(head * depth), stride: args.size(i + 1) / 4 } }
    }

    unsafe fn row(self, r: usize) -> *mut f32 {
        unsafe { self.start.add(r * self.stride) }
    }
}

/// Work space of one thread: scores by key [longest, stride], queries and their slopes by column [depth,
/// stride], biases by distance, and a number per query.
struct Work {
    stride: usize,
    weights: *mut f32,
    slopes: *mut f32,
    kept: *mut f32,
    queries: *mut f32,
    douts: *mut f32,
    largest: *mut f32,
    sums: *mut f32,
    counters: *mut f32,
    line: *mut f32,
    dline: *mut f32,
}

impl Work {
    unsafe fn of(call: &AttentionCall) -> Work {
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
struct Sample<'a> {
    args: &'a Args,
    call: &'a AttentionCall,
    work: &'a Work,
    sample: usize,
    head: usize,
    first: usize,
    rows: usize,
}

/// Queries `first .. first + count` of a sample.
#[derive(Clone, Copy)]
struct Block {
    first: usize,
    count: usize,
}

impl Sample<'_> {
    #[inline(always)]
    unsafe fn each(call: &AttentionCall, args: &Args, sample: usize) -> (usize, usize) {
        unsafe {
            let starts: *const i32 = args.base.add(call.starts).cast();
            let first = *starts.add(sample) as usize;
            (first, *starts.add(sample + 1) as usize - first)
        }
    }

    /// Reads the rows of a sample once, in the order of memory. Prefetchers follow this order, but not the
    /// columns of one head.
    #[inline(always)]
    unsafe fn touch(&self, all: &[Columns]) {
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

    fn blocks(&self) -> impl Iterator<Item = Block> {
        let rows = self.rows;
        (0..rows).step_by(QUERIES).map(move |first| Block { first, count: QUERIES.min(rows - first) })
    }

    /// Columns of the rows of a block as [depth, stride], with zeros after the rows.
    #[inline(always)]
    unsafe fn by_column(&self, from: Columns, block: Block, to: *mut f32) {
        unsafe {
            let (stride, depth) = (self.work.stride, self.call.depth);
            to.write_bytes(0, depth * stride);
            let mut r = 0;
            while r < block.count {
                let row = from.row(self.first + block.first + r);
                let mut d = 0;
                if r + 4 <= block.count {
                    while d + 4 <= depth {
                        let at = row.add(d);
                        let square = Quad::transpose([
                            Quad::load(at),
                            Quad::load(at.add(from.stride)),
                            Quad::load(at.add(2 * from.stride)),
                            Quad::load(at.add(3 * from.stride)),
                        ]);
                        for (q, column) in square.into_iter().enumerate() {
                            column.store(to.add((d + q) * stride + r));
                        }
                        d += 4;
                    }
                }
                let count = 4.min(block.count - r);
                for d in d..depth {
                    for q in 0..count {
                        *to.add(d * stride + r + q) = *row.add(q * from.stride + d);
                    }
                }
                r += count;
            }
        }
    }

    /// [keys, stride] = rows of `from` times the columns of a block of queries.
    #[inline(always)]
    unsafe fn scores<V: Leveled>(&self, from: Columns, columns: *const f32, block: Block, to: *mut f32) {
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
    unsafe fn line_of(&self, base: *mut f32, query: usize) -> *mut f32 {
        unsafe { base.add(self.call.longest - 1 + query) }
    }

    /// score = product * scale + bias, for a vector of queries and key j
    #[inline(always)]
    unsafe fn scored<V: Vector>(&self, p: *const f32, line: *const f32, j: usize) -> V {
        unsafe {
            let v = V::load(p).mul(V::splat(self.call.scale));
            if self.call.table == 0 { v } else { v.add(V::load(line.sub(j))) }
        }
    }

    /// Numbers of the random words of each query of a block, at key 0.
    unsafe fn count_words(&self, block: Block) {
        unsafe {
            let counters: *mut i32 = self.work.counters.cast();
            for i in 0..block.count {
                *counters.add(i) = ((self.head * self.rows + block.first + i) * self.rows) as i32;
            }
        }
    }

    /// Returns which weights of key j stay, for a vector of queries from i.
    #[inline(always)]
    unsafe fn kept<V: Vector>(&self, i: usize, j: usize) -> V::Mask {
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
    unsafe fn dropped<V: Vector>(&self, value: V, mask: V::Mask) -> V {
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
    unsafe fn softmax<V: Vector>(&self, block: Block, i: usize) {
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

    /// (query, stride, key, stride, value, stride, out, largest, sum), strides in bytes
    #[inline(always)]
    unsafe fn forward<V: Leveled>(&self) {
        unsafe {
            let (args, call, work) = (self.args, self.call, self.work);
            let (heads, depth, stride) = (call.heads, call.depth, work.stride);
            let query = Columns::of(args, 0, self.head, depth);
            let key = Columns::of(args, 2, self.head, depth);
            let value = Columns::of(args, 4, self.head, depth);
            let out = Columns { start: args.floats(6).add(self.head * depth), stride: heads * depth };
            let (largest, sum) = (args.floats(7), args.floats(8));
            if self.head == 0 {
                self.touch(&[query, key, value]);
            }
            for block in self.blocks() {
                let row = self.first + block.first;
                self.by_column(query, block, work.queries);
                self.scores::<V>(key, work.queries, block, work.weights);
                for i in (0..block.count).step_by(V::LANES) {
                    self.softmax::<V>(block, i);
                }
                for i in 0..block.count {
                    let at = (row + i) * heads + self.head;
                    (*largest.add(at), *sum.add(at)) = (*work.largest.add(i), *work.sums.add(i));
                }
                if call.keys != 0 {
                    self.count_words(block);
                    for i in (0..block.count).step_by(V::LANES) {
                        for j in 0..self.rows {
                            let p = work.weights.add(j * stride + i);
                            self.dropped(V::load(p), self.kept::<V>(i, j)).store(p);
                        }
                    }
                }
                V::product(&Product {
                    b: value.row(self.first),
                    ldb: value.stride,
                    c: out.row(row),
                    ldc: out.stride,
                    ..self.over_keys(block, work.weights, Start::Zero)
                });
            }
        }
    }

    /// Template of a product [queries, depth] of weights by key.
    fn over_keys(&self, block: Block, weights: *const f32, start: Start) -> Product {
        let column_step = self.work.stride;
        let (m, n, k) = (block.count, self.call.depth, self.rows);
        Product { a: weights, row_step: 1, column_step, m, n, k, start, ..PLAIN }
    }

    /// Template of a product [keys, depth] of weights by key.
    fn over_queries(&self, block: Block, weights: *const f32) -> Product {
        let row_step = self.work.stride;
        let (m, n, k) = (self.rows, self.call.depth, block.count);
        Product { a: weights, row_step, column_step: 1, m, n, k, start: Start::Output, ..PLAIN }
    }

    /// Recomputes the weights of queries i .. i + LANES from the saved maxima and sums, and their dropout.
    /// Returns the sums of weights times slopes, in the order of `rowDot`.
    #[inline(always)]
    unsafe fn weights_again<V: Vector>(&self, block: Block, i: usize) -> V {
        unsafe {
            let Work { stride, weights, slopes, kept, .. } = *self.work;
            let line = self.line_of(self.work.line, block.first + i);
            let (shift, divisor) = (V::load(self.work.largest.add(i)), V::load(self.work.sums.add(i)));
            for j in 0..self.rows {
                let at = j * stride + i;
                let p = exp(self.scored::<V>(weights.add(at), line, j).sub(shift)).div(divisor);
                p.store(weights.add(at));
                if self.call.keys != 0 {
                    let mask = self.kept::<V>(i, j);
                    self.dropped(p, mask).store(kept.add(at));
                    self.dropped(V::load(slopes.add(at)), mask).store(slopes.add(at));
                }
            }
            column_dot(weights.add(i), slopes.add(i), stride, self.rows)
        }
    }

    /// Gradients of the products of queries i .. i + LANES, in place of those of their weights. Adds those of
    /// the scores to `dline`, for each distance in the order of the queries.
    #[inline(always)]
    unsafe fn slopes<V: Vector>(&self, block: Block, i: usize, mean: V, biased: bool) {
        unsafe {
            let Work { stride, weights, slopes, .. } = *self.work;
            let dline = self.line_of(self.work.dline, block.first + i);
            let scale = V::splat(self.call.scale);
            for j in 0..self.rows {
                let d = slopes.add(j * stride + i);
                let slope = V::load(weights.add(j * stride + i)).mul(V::load(d).sub(mean));
                if biased {
                    let place = dline.sub(j);
                    V::load(place).add(slope).store_up_to(place, block.count - i);
                }
                slope.mul(scale).store(d);
            }
        }
    }

    /// (query, stride, key, stride, value, stride, largest, sum, dout, dquery, stride, dkey, stride, dvalue,
    /// stride, dtable or 0), strides in bytes
    #[inline(always)]
    unsafe fn backward<V: Leveled>(&self) {
        unsafe {
            let (args, call, work) = (self.args, self.call, self.work);
            let (heads, depth) = (call.heads, call.depth);
            let query = Columns::of(args, 0, self.head, depth);
            let key = Columns::of(args, 2, self.head, depth);
            let value = Columns::of(args, 4, self.head, depth);
            let (largest, sum) = (args.floats(6), args.floats(7));
            let dout = Columns { start: args.floats(8).add(self.head * depth), stride: heads * depth };
            let dquery = Columns::of(args, 9, self.head, depth);
            let dkey = Columns::of(args, 11, self.head, depth);
            let dvalue = Columns::of(args, 13, self.head, depth);
            let biased = args.size(15) != 0;
            if self.head == 0 {
                self.touch(&[query, key, value]);
                self.touch(&[dout]);
                self.touch(&[dquery, dkey, dvalue]);
            }
            for block in self.blocks() {
                let row = self.first + block.first;
                self.by_column(query, block, work.queries);
                self.by_column(dout, block, work.douts);
                self.scores::<V>(key, work.queries, block, work.weights);
                self.scores::<V>(value, work.douts, block, work.slopes);
                for i in 0..block.count {
                    let at = (row + i) * heads + self.head;
                    (*work.largest.add(i), *work.sums.add(i)) = (*largest.add(at), *sum.add(at));
                }
                if call.keys != 0 {
                    self.count_words(block);
                }
                for i in (0..block.count).step_by(V::LANES) {
                    let mean = self.weights_again::<V>(block, i);
                    self.slopes(block, i, mean, biased);
                }
                let mixed = if call.keys != 0 { work.kept } else { work.weights };
                V::product(&Product {
                    b: dout.row(row),
                    ldb: dout.stride,
                    c: dvalue.row(self.first),
                    ldc: dvalue.stride,
                    ..self.over_queries(block, mixed)
                });
                V::product(&Product {
                    b: key.row(self.first),
                    ldb: key.stride,
                    c: dquery.row(row),
                    ldc: dquery.stride,
                    ..self.over_keys(block, work.slopes, Start::Output)
                });
                V::product(&Product {
                    b: query.row(row),
                    ldb: query.stride,
                    c: dkey.row(self.first),
                    ldc: dkey.stride,
                    ..self.over_queries(block, work.slopes)
                });
            }
        }
    }
}

/// Template of a product.
const PLAIN: Product = Product {
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
unsafe fn lay_out_bias(args: &Args, call: &AttentionCall, head: usize, line: *mut f32) {
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

/// Estimated nanoseconds per sample of one head.
fn cost(call: &AttentionCall, products: f64) -> f64 {
    let scores = (call.longest * call.longest) as f64;
    scores * (products * COST * call.depth as f64 + SCORE * products / 2.0)
}

/// (query, stride, key, stride, value, stride, out, largest, sum)
pub fn attention(call: &Call) -> f64 {
    let settings = call.args.held().attention;
    call.split(settings.samples * settings.heads, cost(&settings, 2.0), call.level.attention);
    0.0
}

#[inline(always)]
pub unsafe fn attention_block<V: Leveled>(args: &Args, from: usize, to: usize) {
    unsafe {
        let call = &args.held().attention;
        let work = &Work::of(call);
        for unit in from..to {
            let (sample, head) = (unit / call.heads, unit % call.heads);
            let (first, rows) = Sample::each(call, args, sample);
            lay_out_bias(args, call, head, work.line);
            Sample { args, call, work, sample, head, first, rows }.forward::<V>();
        }
    }
}

/// See `Sample::backward`. A bias sums over all samples in order, so that a unit is then a whole head.
pub fn attention_backward(call: &Call) -> f64 {
    let settings = call.args.held().attention;
    let (samples, heads) = (settings.samples, settings.heads);
    let each = cost(&settings, 5.0);
    if call.args.size(15) != 0 {
        call.split(heads, each * samples as f64, call.level.attention_backward_heads);
    } else {
        call.split(samples * heads, each, call.level.attention_backward);
    }
    0.0
}

#[inline(always)]
pub unsafe fn backward_block<V: Leveled>(args: &Args, from: usize, to: usize) {
    unsafe {
        let call = &args.held().attention;
        let work = &Work::of(call);
        for unit in from..to {
            let (sample, head) = (unit / call.heads, unit % call.heads);
            let (first, rows) = Sample::each(call, args, sample);
            lay_out_bias(args, call, head, work.line);
            Sample { args, call, work, sample, head, first, rows }.backward::<V>();
        }
    }
}

/// Whole heads, with the gradients of the bias. They are added to their buckets in order of the distances.
#[inline(always)]
pub unsafe fn backward_heads_block<V: Leveled>(args: &Args, from: usize, to: usize) {
    unsafe {
        let call = &args.held().attention;
        if call.longest == 0 {
            return;
        }
        let work = &Work::of(call);
        let bucket_of: *const i32 = args.base.add(call.bucket_of).cast();
        let distances = 2 * call.longest - 1;
        for head in from..to {
            lay_out_bias(args, call, head, work.line);
            work.dline.write_bytes(0, distances);
            for sample in 0..call.samples {
                let (first, rows) = Sample::each(call, args, sample);
                Sample { args, call, work, sample, head, first, rows }.backward::<V>();
            }
            for i in 0..distances {
                let bucket = *bucket_of.add(call.reach + 1 - call.longest + i) as usize;
                *args.floats(15).add(bucket * call.heads + head) += *work.dline.add(distances - 1 - i);
            }
        }
    }
}
