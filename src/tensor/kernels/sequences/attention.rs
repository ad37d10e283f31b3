//! Self-attention of packed samples. Same as attention.as.ts: only the scores of QUERIES queries
//! of one head exist at a time, and the backward pass recomputes them.
//!
//! The lanes of a vector are queries. Scores are stored by key, [keys, queries], so that a softmax adds whole
//! vectors in the order of the keys. No sum crosses lanes.
use super::attention_sample::{AttentionCall, Block, Columns, PLAIN, Sample, Work, lay_out_bias};
use super::columns::column_dot;
use super::math::exp;
use super::product::{Product, Start};
use crate::call::{Args, Call};
use crate::kernel::hold;
use crate::levels::Leveled;
use crate::vector::Vector;

/// Nanoseconds per multiplication and addition, and per score.
const COST: f64 = 0.04;
const SCORE: f64 = 1.0;

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

impl Sample<'_> {
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
