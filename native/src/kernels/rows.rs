//! Sums, products and maxima over one row. Order as in kernels/vector.ts, which depends on the width only.
use crate::vector::{Quad, Vector, sum_lanes};

/// Sum of `width` floats in four times four partial sums.
#[inline(always)]
pub unsafe fn row_sum(p: *const f32, width: usize) -> f32 {
    unsafe {
        let mut sums = [Quad::zero(); 4];
        let mut i = 0;
        while i + 16 <= width {
            for (q, sum) in sums.iter_mut().enumerate() {
                *sum = sum.add(Quad::load(p.add(i + 4 * q)));
            }
            i += 16;
        }
        while i + 4 <= width {
            sums[0] = sums[0].add(Quad::load(p.add(i)));
            i += 4;
        }
        if i < width {
            sums[1] = Quad::load(p.add(i)).add_quads_first(sums[1], width - i);
        }
        sum_lanes(sums[0].add(sums[1]).add(sums[2].add(sums[3])))
    }
}

/// Sum of products of two rows.
#[inline(always)]
pub unsafe fn row_dot(p: *const f32, q: *const f32, width: usize) -> f32 {
    unsafe {
        let (mut even, mut odd) = (Quad::zero(), Quad::zero());
        let mut i = 0;
        while i + 8 <= width {
            even = even.add(Quad::load(p.add(i)).mul(Quad::load(q.add(i))));
            odd = odd.add(Quad::load(p.add(i + 4)).mul(Quad::load(q.add(i + 4))));
            i += 8;
        }
        if i + 4 <= width {
            even = even.add(Quad::load(p.add(i)).mul(Quad::load(q.add(i))));
            i += 4;
        }
        if i < width {
            let product = Quad::load(p.add(i)).mul(Quad::load(q.add(i)));
            odd = product.add_quads_first(odd, width - i);
        }
        sum_lanes(even.add(odd))
    }
}

/// Largest of `width` floats; NaN if one is NaN, -infinity for width 0. A maximum does not depend on the
/// order.
#[inline(always)]
pub unsafe fn row_max<V: Vector>(p: *const f32, width: usize) -> f32 {
    unsafe {
        let mut best = V::splat(f32::NEG_INFINITY);
        let mut i = 0;
        while i + V::LANES <= width {
            best = best.maximum(V::load(p.add(i)));
            i += V::LANES;
        }
        let mut lanes = [f32::NEG_INFINITY; 16];
        best.store(lanes.as_mut_ptr());
        let mut largest = f32::NEG_INFINITY;
        for &lane in &lanes[..V::LANES] {
            largest = maximum(largest, lane);
        }
        while i < width {
            largest = maximum(largest, *p.add(i));
            i += 1;
        }
        largest
    }
}

#[inline(always)]
fn maximum(a: f32, b: f32) -> f32 {
    if a.is_nan() || b.is_nan() {
        f32::NAN
    } else if a == b {
        f32::from_bits(a.to_bits() & b.to_bits())
    } else if a > b {
        a
    } else {
        b
    }
}

/// to += from
#[inline(always)]
pub unsafe fn add_row<V: Vector>(from: *const f32, to: *mut f32, width: usize) {
    unsafe {
        let mut i = 0;
        while i < width {
            let p = to.add(i);
            V::load(p).add(V::load(from.add(i))).store_up_to(p, width - i);
            i += V::LANES;
        }
    }
}
