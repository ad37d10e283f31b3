//! Adam step of the experts' weights. With few pairs, the gradient x^T dout is formed tile by tile in
//! registers and used immediately. With many, the gradient of a few rows is formed in the cache. Same as
//! adamGrouped in adam.as.ts.
use super::adam_element::{Step, at_step, element};
use super::grouped::{all_pairs, gradient_product, pairs_of};
use super::tile::{Start, even_share};
use crate::call::{Args, Call};
use crate::levels::Leveled;
use crate::scratch::{Slot, scratch};
use crate::vector::Vector;

/// Number of weight rows in a unit: one cache line of x per pair.
const ROWS: usize = 16;
/// Number of units whose gradient is one product, for experts with many pairs.
const UNITS: usize = 6;
/// Largest number of pairs whose sum starts from the first product. With more pairs, it starts from zero. The
/// sign of a zero depends on this.
const FEW: usize = 8;
/// Largest number of pairs for which whole rows of weights are stepped, two at a time, in the order of
/// memory. With more pairs, products dominate.
const ORDERED: usize = 64;
/// Nanoseconds per update, and per product of its gradient.
const UPDATE: f64 = 0.8;
const PRODUCT: f64 = 0.05;

/// (w, m, v, x, dout, offsets, rows, experts, inputs, outputs, steps, work)
pub fn adam_grouped(call: &Call) -> f64 {
    let args = &call.args;
    let (offsets, experts, steps) = (args.ints(5), args.size(7), args.ints(10));
    let (inputs, outputs) = (args.size(8), args.size(9));
    let mut touched = 0;
    for e in 0..experts {
        let (first, end) = unsafe { pairs_of(offsets, e) };
        if first < end {
            unsafe { *steps.add(e) += 1 };
            touched += 1;
        }
    }
    let units = experts * inputs.div_ceil(ROWS);
    let pairs = unsafe { all_pairs(offsets, experts) };
    let work = (UPDATE * touched as f64 + PRODUCT * pairs as f64) * (inputs * outputs) as f64;
    call.split(units, work / units.max(1) as f64, call.level.adam_grouped);
    0.0
}

#[inline(always)]
pub unsafe fn adam_grouped_block<V: Leveled>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (offsets, steps) = (args.ints(5), args.ints(10));
        let blocks = args.size(8).div_ceil(ROWS);
        let mut unit = from;
        while unit < to {
            let e = unit / blocks;
            let (first, end) = pairs_of(offsets, e);
            let units = if end - first > ORDERED { UNITS } else { 1 };
            let next = to.min(unit + units).min((e + 1) * blocks);
            if first < end {
                let step = at_step::<V>(&args.held().adam, *steps.add(e));
                let i = (unit % blocks) * ROWS;
                let block = Block::of(args, e, i, ((next - e * blocks) * ROWS).min(args.size(8)) - i);
                if args.held().adam.decaying() {
                    block_step::<V, true>(&block, &step)
                } else {
                    block_step::<V, false>(&block, &step)
                }
            }
            unit = next;
        }
    }
}

/// Rows i .. i + count of the weights of one expert.
struct Block {
    w: *mut f32,
    m: *mut f32,
    v: *mut f32,
    /// Columns i .. of x, [rows, inputs], and the rows of the pairs.
    x: *const f32,
    inputs: usize,
    rows: *const i32,
    scale: f32,
    dout: *const f32,
    pairs: usize,
    count: usize,
    outputs: usize,
}

impl Block {
    #[inline(always)]
    unsafe fn of(args: &Args, e: usize, i: usize, count: usize) -> Block {
        unsafe {
            let (inputs, outputs) = (args.size(8), args.size(9));
            let (first, end) = pairs_of(args.ints(5), e);
            let o = (e * inputs + i) * outputs;
            Block {
                w: args.floats(0).add(o),
                m: args.floats(1).add(o),
                v: args.floats(2).add(o),
                x: args.floats(3).add(i),
                inputs,
                rows: args.ints(6).add(first),
                scale: args.held().adam.gradient_scale,
                dout: args.floats(4).add(first * outputs),
                pairs: end - first,
                count,
                outputs,
            }
        }
    }

    /// Whether the rows of the pairs follow one another, as in a layer without experts.
    unsafe fn are_neighbours(&self) -> bool {
        unsafe {
            let first = *self.rows;
            (0..self.pairs).all(|p| *self.rows.add(p) == first + p as i32)
        }
    }

    /// Packs the pairs' columns of x, scaled, `width` floats per pair.
    #[inline(always)]
    unsafe fn pack_columns<V: Vector>(&self, width: usize, to: *mut f32) {
        unsafe {
            for p in 0..self.pairs {
                let row = self.x.add(*self.rows.add(p) as usize * self.inputs);
                let to = to.add(p * width);
                let whole = self.count - self.count % V::LANES;
                let factor = V::splat(self.scale);
                for r in (0..whole).step_by(V::LANES) {
                    V::load(row.add(r)).mul(factor).store(to.add(r));
                }
                for r in whole..self.count {
                    *to.add(r) = *row.add(r) * self.scale;
                }
            }
        }
    }
}

#[inline(always)]
unsafe fn block_step<V: Leveled, const DECAYS: bool>(block: &Block, step: &Step<V>) {
    unsafe {
        if block.pairs > ORDERED {
            return product_step::<V, DECAYS>(block, step);
        }
        let packed = scratch(Slot::Left, block.pairs * ROWS);
        block.pack_columns::<V>(ROWS, packed);
        let mut i = 0;
        while i + 2 <= block.count {
            row_tiles::<V, DECAYS, 2>(block, packed, step, i);
            i += 2;
        }
        if i < block.count {
            row_tiles::<V, DECAYS, 1>(block, packed, step, i);
        }
    }
}

/// Computes the gradient of the whole block, and then steps its weights.
#[inline(always)]
unsafe fn product_step<V: Leveled, const DECAYS: bool>(block: &Block, step: &Step<V>) {
    unsafe {
        let Block { w, m, v, count, outputs, .. } = *block;
        let size = count * outputs;
        let gradient = scratch(Slot::Row, size.next_multiple_of(V::LANES) + block.pairs * count);
        let packed = gradient.add(size.next_multiple_of(V::LANES));
        let in_place = count == block.inputs && block.scale == 1.0 && block.are_neighbours();
        let x = if in_place {
            block.x.add(*block.rows as usize * count)
        } else {
            block.pack_columns::<V>(count, packed);
            packed
        };
        let sizes = [count, outputs, block.pairs];
        V::product(&gradient_product(x, block.dout, gradient, sizes, Start::Zero));
        for o in (0..size).step_by(V::LANES) {
            let g = V::load(gradient.add(o));
            element::<V, DECAYS>(step, w.add(o), m.add(o), v.add(o), g, size - o);
        }
    }
}

/// R rows, in tiles of nearly equal numbers of vectors and at most 6.
#[inline(always)]
unsafe fn row_tiles<V: Vector, const DECAYS: bool, const R: usize>(
    block: &Block,
    packed: *const f32,
    step: &Step<V>,
    i: usize,
) {
    unsafe {
        let mut j = 0;
        while j < block.outputs {
            let vectors = even_share((block.outputs - j).div_ceil(V::LANES), 6);
            match vectors {
                1 => tile::<V, DECAYS, R, 1>(block, packed, step, i, j),
                2 => tile::<V, DECAYS, R, 2>(block, packed, step, i, j),
                3 => tile::<V, DECAYS, R, 3>(block, packed, step, i, j),
                4 => tile::<V, DECAYS, R, 4>(block, packed, step, i, j),
                5 => tile::<V, DECAYS, R, 5>(block, packed, step, i, j),
                6 => tile::<V, DECAYS, R, 6>(block, packed, step, i, j),
                _ => unreachable!("a tile of {vectors} vectors"),
            }
            j += vectors * V::LANES;
        }
    }
}

/// R rows and N vectors of columns. The last vector may be cut.
#[allow(clippy::needless_range_loop)]
#[inline(always)]
unsafe fn tile<V: Vector, const DECAYS: bool, const R: usize, const N: usize>(
    block: &Block,
    packed: *const f32,
    step: &Step<V>,
    i: usize,
    j: usize,
) {
    unsafe {
        let outputs = block.outputs;
        let mut sums = [[V::zero(); N]; R];
        let (mut x, mut d) = (packed.add(i), block.dout.add(j));
        let mut pairs = block.pairs;
        if pairs <= FEW {
            for n in 0..N {
                let w = V::load(d.add(n * V::LANES));
                for r in 0..R {
                    sums[r][n] = V::splat(*x.add(r)).mul(w);
                }
            }
            x = x.add(ROWS);
            d = d.add(outputs);
            pairs -= 1;
        }
        for _ in 0..pairs {
            let mut w = [V::zero(); N];
            for n in 0..N {
                w[n] = V::load(d.add(n * V::LANES));
            }
            for r in 0..R {
                let s = V::splat(*x.add(r));
                for n in 0..N {
                    sums[r][n] = sums[r][n].add_product(s, w[n]);
                }
            }
            x = x.add(ROWS);
            d = d.add(outputs);
        }
        for r in 0..R {
            for n in 0..N {
                let o = (i + r) * outputs + j + n * V::LANES;
                let left = outputs - j - n * V::LANES;
                element::<V, DECAYS>(step, block.w.add(o), block.m.add(o), block.v.add(o), sums[r][n], left);
            }
        }
    }
}
