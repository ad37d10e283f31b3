//! Adam step of the experts' weights. The gradient x^T dout is formed tile by tile in registers, used
//! immediately and never stored. Same as adamGrouped in adam.as.ts.
use super::adam_element::{Step, at_step, element};
use super::grouped::{all_pairs, pairs_of};
use super::product::even_share;
use crate::call::{Args, Call};
use crate::scratch::{Slot, scratch};
use crate::vector::Vector;

/// Number of weight rows in a unit: one cache line of x per pair.
const ROWS: usize = 16;
/// Number of rows of a tile, or half of it with 16 lanes.
const TILE: usize = 4;
/// Largest number of pairs whose sum starts from the first product. With more pairs, it starts from zero. The
/// sign of a zero depends on this.
const FEW: usize = 8;
/// Largest number of pairs for which whole rows of weights are stepped, two at a time, in the order of
/// memory. With more pairs, products dominate, and larger tiles read dout less often.
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
pub unsafe fn adam_grouped_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (w, m, v) = (args.floats(0), args.floats(1), args.floats(2));
        let (x, dout, offsets, rows) = (args.floats(3), args.floats(4), args.ints(5), args.ints(6));
        let (inputs, outputs, steps) = (args.size(8), args.size(9), args.ints(10));
        let scale = args.held().adam.gradient_scale;
        let blocks = inputs.div_ceil(ROWS);
        for unit in from..to {
            let e = unit / blocks;
            let (first, end) = pairs_of(offsets, e);
            if first == end {
                continue;
            }
            let pairs = end - first;
            let i = (unit % blocks) * ROWS;
            let count = ROWS.min(inputs - i);
            let packed = scratch(Slot::Left, pairs * ROWS);
            for p in 0..pairs {
                let row = x.add(*rows.add(first + p) as usize * inputs + i);
                let to = packed.add(p * ROWS);
                if count == ROWS {
                    let factor = V::splat(scale);
                    for v in (0..ROWS).step_by(V::LANES) {
                        V::load(row.add(v)).mul(factor).store(to.add(v));
                    }
                    continue;
                }
                for r in 0..count {
                    *to.add(r) = *row.add(r) * scale;
                }
            }
            let o = (e * inputs + i) * outputs;
            let block = Block {
                w: w.add(o),
                m: m.add(o),
                v: v.add(o),
                x: packed,
                dout: dout.add(first * outputs),
                pairs,
                count,
                outputs,
            };
            let step = at_step::<V>(&args.held().adam, *steps.add(e));
            if args.held().adam.decaying() {
                block_step::<V, true>(&block, &step)
            } else {
                block_step::<V, false>(&block, &step)
            }
        }
    }
}

struct Block {
    w: *mut f32,
    m: *mut f32,
    v: *mut f32,
    /// [pairs, ROWS], scaled
    x: *const f32,
    dout: *const f32,
    pairs: usize,
    count: usize,
    outputs: usize,
}

#[inline(always)]
unsafe fn block_step<V: Vector, const DECAYS: bool>(block: &Block, step: &Step<V>) {
    unsafe {
        let mut i = 0;
        if block.pairs <= ORDERED {
            while i + 2 <= block.count {
                row_tiles::<V, DECAYS, 2, 6>(block, step, i);
                i += 2;
            }
            while i < block.count {
                row_tiles::<V, DECAYS, 1, 6>(block, step, i);
                i += 1;
            }
            return;
        }
        if V::LANES >= 16 {
            // 32 registers hold the sums of a larger tile, which reads dout half as often.
            while i + 2 * TILE <= block.count {
                row_tiles::<V, DECAYS, { 2 * TILE }, 3>(block, step, i);
                i += 2 * TILE;
            }
        }
        while i + TILE <= block.count {
            row_tiles::<V, DECAYS, TILE, 2>(block, step, i);
            i += TILE;
        }
        while i < block.count {
            row_tiles::<V, DECAYS, 1, 2>(block, step, i);
            i += 1;
        }
    }
}

/// R rows, in tiles of nearly equal numbers of vectors and at most MOST.
#[inline(always)]
unsafe fn row_tiles<V: Vector, const DECAYS: bool, const R: usize, const MOST: usize>(
    block: &Block,
    step: &Step<V>,
    i: usize,
) {
    unsafe {
        let mut j = 0;
        while j < block.outputs {
            let vectors = even_share((block.outputs - j).div_ceil(V::LANES), MOST);
            match vectors {
                1 => tile::<V, DECAYS, R, 1>(block, step, i, j),
                2 => tile::<V, DECAYS, R, 2>(block, step, i, j),
                _ if MOST > 2 && vectors == 3 => tile::<V, DECAYS, R, 3>(block, step, i, j),
                _ if MOST > 3 && vectors == 4 => tile::<V, DECAYS, R, 4>(block, step, i, j),
                _ if MOST > 4 && vectors == 5 => tile::<V, DECAYS, R, 5>(block, step, i, j),
                _ if MOST > 5 && vectors == 6 => tile::<V, DECAYS, R, 6>(block, step, i, j),
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
    step: &Step<V>,
    i: usize,
    j: usize,
) {
    unsafe {
        let outputs = block.outputs;
        let mut sums = [[V::zero(); N]; R];
        let (mut x, mut d) = (block.x.add(i), block.dout.add(j));
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
