//! Self-attention of packed samples. Same as attention.as.ts: only the scores of QUERIES queries
//! of one head exist at a time, and the backward pass recomputes them.
use crate::kernel::hold;
use super::math::exp;
use super::product::{Product, Start};
use super::random::threefry;
use super::rows::{row_dot, row_max};
use crate::call::{Args, Call};
use crate::constants::QUERIES;
use crate::levels::Leveled;
use crate::scratch::{Slot, scratch};
use crate::vector::{Quad, Vector, sum_lanes};

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

/// Work space of one thread: blocks of scores [QUERIES, padded], keys and values by column [depth, padded],
/// and biases by distance.
struct Work {
    padded: usize,
    weights: *mut f32,
    slopes: *mut f32,
    kept: *mut f32,
    keys: *mut f32,
    values: *mut f32,
    line: *mut f32,
    dline: *mut f32,
}

impl Work {
    unsafe fn of(call: &AttentionCall) -> Work {
        unsafe {
            // Whole vectors of the widest kind, so that rows need no special case for the end.
            let padded = call.longest.next_multiple_of(16);
            let (block, columns, line) = (QUERIES * padded, call.depth * padded, 2 * padded + 16);
            let start = scratch(Slot::Row, 3 * block + 2 * columns + 2 * line);
            Work {
                padded,
                weights: start,
                slopes: start.add(block),
                kept: start.add(2 * block),
                keys: start.add(3 * block),
                values: start.add(3 * block + columns),
                line: start.add(3 * block + 2 * columns),
                dline: start.add(3 * block + 2 * columns + line),
            }
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

impl Sample<'_> {
    #[inline(always)]
    unsafe fn each(call: &AttentionCall, args: &Args, sample: usize) -> (usize, usize) {
        unsafe {
            let starts: *const i32 = args.base.add(call.starts).cast();
            let first = *starts.add(sample) as usize;
            (first, *starts.add(sample + 1) as usize - first)
        }
    }

    /// Columns of the rows of this sample as [depth, padded], with zeros after the rows.
    #[inline(always)]
    unsafe fn by_column(&self, from: Columns, to: *mut f32) {
        unsafe {
            let (padded, depth) = (self.work.padded, self.call.depth);
            to.write_bytes(0, depth * padded);
            let mut r = 0;
            while r < self.rows {
                let row = from.row(self.first + r);
                let mut d = 0;
                if r + 4 <= self.rows {
                    while d + 4 <= depth {
                        let at = row.add(d);
                        let block = Quad::transpose([
                            Quad::load(at),
                            Quad::load(at.add(from.stride)),
                            Quad::load(at.add(2 * from.stride)),
                            Quad::load(at.add(3 * from.stride)),
                        ]);
                        for (q, column) in block.into_iter().enumerate() {
                            column.store(to.add((d + q) * padded + r));
                        }
                        d += 4;
                    }
                }
                let count = 4.min(self.rows - r);
                for d in d..depth {
                    for q in 0..count {
                        *to.add(d * padded + r + q) = *row.add(q * from.stride + d);
                    }
                }
                r += count;
            }
        }
    }

    /// [count, padded] = rows of `from` times columns; zero after the rows of the sample.
    #[inline(always)]
    unsafe fn scores<V: Leveled>(
        &self,
        from: *const f32,
        stride: usize,
        columns: *const f32,
        count: usize,
        to: *mut f32,
    ) {
        unsafe {
            let padded = self.work.padded;
            V::product(&Product {
                a: from,
                row_step: stride,
                column_step: 1,
                b: columns,
                ldb: padded,
                c: to,
                ldc: padded,
                m: count,
                n: padded,
                k: self.call.depth,
                ..PLAIN
            });
        }
    }

    /// score = product * scale + bias
    #[inline(always)]
    unsafe fn scored<V: Vector>(&self, p: *const f32, line: *const f32) -> V {
        unsafe {
            let v = V::load(p).mul(V::splat(self.call.scale));
            if self.call.table == 0 { v } else { v.add(V::load(line)) }
        }
    }

    /// Start of the bias of query i, at key 0.
    #[inline(always)]
    unsafe fn line_of(&self, base: *mut f32, i: usize) -> *mut f32 {
        unsafe { base.add(self.call.longest - 1 - i) }
    }

    /// Multiplies the weights at `p` and `d` by their dropout factors, into `k` and `d`.
    #[inline(always)]
    unsafe fn dropped<V: Vector>(&self, i: usize, p: *const f32, k: *mut f32, d: Option<*mut f32>) {
        unsafe {
            let keys: *const i32 = self.args.base.add(self.call.keys).cast();
            let key = keys.add(2 * self.sample);
            let (k0, k1) = (V::splat_int(*key), V::splat_int(*key.add(1)));
            let factor = V::splat(self.call.kept_scale);
            let none = self.call.threshold >= 4294967296.0;
            let limit = V::splat_int(self.call.threshold as u32 as i32);
            let counter = ((self.head * self.rows + i) * self.rows) as i32;
            let mut j = 0;
            while j < self.rows {
                let counters = V::splat_int(counter.wrapping_add(j as i32)).add_int(V::count_up());
                let (word, _) = threefry(k0, k1, counters, V::splat_int(0));
                let mask = word.at_least_unsigned(limit);
                let weight = V::load(p.add(j)).mul(factor);
                (if none { V::zero() } else { weight.keep(mask) }).store(k.add(j));
                if let Some(d) = d {
                    let slope = V::load(d.add(j)).mul(factor);
                    (if none { V::zero() } else { slope.keep(mask) }).store(d.add(j));
                }
                j += V::LANES;
            }
        }
    }

    /// Softmax of a row of scores, in place. Columns after the row become 0. Returns the largest score and
    /// the sum.
    #[inline(always)]
    unsafe fn softmax_row<V: Vector>(&self, p: *mut f32, line: *const f32) -> (f32, f32) {
        unsafe {
            let rows = self.rows;
            let mut j = 0;
            while j < rows {
                self.scored::<V>(p.add(j), line.add(j)).store(p.add(j));
                j += V::LANES;
            }
            let largest = row_max::<V>(p, rows);
            let shift = V::splat(largest);
            let mut sums = Quad::zero();
            let mut j = 0;
            while j < rows {
                let e = exp(V::load(p.add(j)).sub(shift));
                if j + V::LANES <= rows {
                    e.store(p.add(j));
                    sums = e.add_quads(sums);
                } else {
                    V::zero().store(p.add(j));
                    e.store_first(p.add(j), rows - j);
                    sums = e.add_quads_first(sums, rows - j);
                }
                j += V::LANES;
            }
            let sum = sum_lanes(sums);
            let divisor = V::splat(sum);
            let mut j = 0;
            while j < rows {
                V::load(p.add(j)).div(divisor).store(p.add(j));
                j += V::LANES;
            }
            (largest, sum)
        }
    }

    /// Recomputes the weights from the saved maximum and sum.
    #[inline(always)]
    unsafe fn softmax_again<V: Vector>(&self, p: *mut f32, line: *const f32, largest: f32, sum: f32) {
        unsafe {
            let (shift, divisor) = (V::splat(largest), V::splat(sum));
            let mut j = 0;
            while j < self.rows {
                let e = exp(self.scored::<V>(p.add(j), line.add(j)).sub(shift)).div(divisor);
                if j + V::LANES <= self.rows {
                    e.store(p.add(j));
                } else {
                    V::zero().store(p.add(j));
                    e.store_first(p.add(j), self.rows - j);
                }
                j += V::LANES;
            }
        }
    }

    /// (query, stride, key, stride, value, stride, out, largest, sum), strides in bytes
    #[inline(always)]
    unsafe fn forward<V: Leveled>(&self) {
        unsafe {
            let (args, call, work) = (self.args, self.call, self.work);
            let (heads, depth, padded) = (call.heads, call.depth, work.padded);
            let query = Columns::of(args, 0, self.head, depth);
            let value = Columns::of(args, 4, self.head, depth);
            let out = Columns { start: args.floats(6).add(self.head * depth), stride: heads * depth };
            let (largest, sum) = (args.floats(7), args.floats(8));
            self.by_column(Columns::of(args, 2, self.head, depth), work.keys);
            let mut i0 = 0;
            while i0 < self.rows {
                let count = QUERIES.min(self.rows - i0);
                let row = self.first + i0;
                self.scores::<V>(query.row(row), query.stride, work.keys, count, work.weights);
                for i in 0..count {
                    let p = work.weights.add(i * padded);
                    let at = (row + i) * heads + self.head;
                    let line = self.line_of(work.line, i0 + i);
                    (*largest.add(at), *sum.add(at)) = self.softmax_row::<V>(p, line);
                    if call.keys != 0 {
                        self.dropped::<V>(i0 + i, p, p, None);
                    }
                }
                V::product(&Product {
                    a: work.weights,
                    row_step: padded,
                    column_step: 1,
                    b: value.row(self.first),
                    ldb: value.stride,
                    c: out.row(row),
                    ldc: out.stride,
                    m: count,
                    n: depth,
                    k: self.rows,
                    ..PLAIN
                });
                i0 += count;
            }
        }
    }

    /// (query, stride, key, stride, value, stride, largest, sum, dout, dquery, stride, dkey, stride, dvalue,
    /// stride, dtable or 0), strides in bytes
    #[inline(always)]
    unsafe fn backward<V: Leveled>(&self) {
        unsafe {
            let (args, call, work) = (self.args, self.call, self.work);
            let (heads, depth, padded) = (call.heads, call.depth, work.padded);
            let query = Columns::of(args, 0, self.head, depth);
            let key = Columns::of(args, 2, self.head, depth);
            let (largest, sum) = (args.floats(6), args.floats(7));
            let dout = Columns { start: args.floats(8).add(self.head * depth), stride: heads * depth };
            let dquery = Columns::of(args, 9, self.head, depth);
            let dkey = Columns::of(args, 11, self.head, depth);
            let dvalue = Columns::of(args, 13, self.head, depth);
            let biased = args.size(15) != 0;
            let scale = V::splat(call.scale);
            self.by_column(key, work.keys);
            self.by_column(Columns::of(args, 4, self.head, depth), work.values);
            let mut i0 = 0;
            while i0 < self.rows {
                let count = QUERIES.min(self.rows - i0);
                let row = self.first + i0;
                self.scores::<V>(query.row(row), query.stride, work.keys, count, work.weights);
                self.scores::<V>(dout.row(row), dout.stride, work.values, count, work.slopes);
                for i in 0..count {
                    let p = work.weights.add(i * padded);
                    let d = work.slopes.add(i * padded);
                    let at = (row + i) * heads + self.head;
                    let line = self.line_of(work.line, i0 + i);
                    self.softmax_again::<V>(p, line, *largest.add(at), *sum.add(at));
                    if call.keys != 0 {
                        self.dropped::<V>(i0 + i, p, work.kept.add(i * padded), Some(d));
                    }
                    let mean = V::splat(row_dot(p, d, self.rows));
                    let dline = self.line_of(work.dline, i0 + i);
                    let mut j = 0;
                    while j < self.rows {
                        let slope = V::load(p.add(j)).mul(V::load(d.add(j)).sub(mean));
                        if biased {
                            let place = dline.add(j);
                            V::load(place).add(slope).store_up_to(place, self.rows - j);
                        }
                        slope.mul(scale).store(d.add(j));
                        j += V::LANES;
                    }
                }
                let mixed = if call.keys != 0 { work.kept } else { work.weights };
                let sums = |a: *const f32, b: *const f32, ldb: usize, c: *mut f32, ldc: usize| Product {
                    a,
                    b,
                    ldb,
                    c,
                    ldc,
                    n: depth,
                    start: Start::Output,
                    ..PLAIN
                };
                let over_queries = |product: Product| Product {
                    row_step: 1,
                    column_step: padded,
                    m: self.rows,
                    k: count,
                    ..product
                };
                let d = dout.row(row);
                V::product(&over_queries(sums(mixed, d, dout.stride, dvalue.row(self.first), dvalue.stride)));
                V::product(&Product {
                    row_step: padded,
                    column_step: 1,
                    m: count,
                    k: self.rows,
                    ..sums(work.slopes, key.row(self.first), key.stride, dquery.row(row), dquery.stride)
                });
                let queries = query.row(row);
                let dkeys = dkey.row(self.first);
                V::product(&over_queries(sums(work.slopes, queries, query.stride, dkeys, dkey.stride)));
                i0 += count;
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

/// Bias of a head by distance, so that a row of scores adds neighbouring numbers.
unsafe fn lay_out_bias(args: &Args, call: &AttentionCall, head: usize, line: *mut f32) {
    if call.table == 0 || call.longest == 0 {
        return;
    }
    unsafe {
        let table: *const f32 = args.base.add(call.table).cast();
        let bucket_of: *const i32 = args.base.add(call.bucket_of).cast();
        let first = call.reach + 1 - call.longest;
        for i in 0..2 * call.longest - 1 {
            *line.add(i) = *table.add(*bucket_of.add(first + i) as usize * call.heads + head);
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
                *args.floats(15).add(bucket * call.heads + head) += *work.dline.add(i);
            }
        }
    }
}
