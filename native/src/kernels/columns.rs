//! Sums, products and maxima over columns, a vector of columns at a time. Each column has the bits of the
//! same sum over a row, which has four lanes in WebAssembly.
use crate::vector::Vector;

/// Sum of a column of numbers, `stride` floats apart, in four partial sums: those of the lanes of the
/// WebAssembly kernel.
#[inline(always)]
pub unsafe fn column_sum<V: Vector>(p: *const f32, stride: usize, rows: usize) -> V {
    unsafe {
        let mut sums = [V::zero(); 4];
        let whole = rows & !3;
        for j in (0..whole).step_by(4) {
            for (q, sum) in sums.iter_mut().enumerate() {
                *sum = sum.add(V::load(p.add((j + q) * stride)));
            }
        }
        for (q, sum) in sums.iter_mut().enumerate() {
            if whole + q < rows {
                *sum = sum.add(V::load(p.add((whole + q) * stride)));
            }
        }
        sums[0].add(sums[1]).add(sums[2].add(sums[3]))
    }
}

/// Sum of the products of two columns, in the eight partial sums of `rowDot`: the first four of a rest of at
/// least four go to the first four, all others to the last four.
#[inline(always)]
pub unsafe fn column_dot<V: Vector>(p: *const f32, d: *const f32, stride: usize, rows: usize) -> V {
    unsafe {
        let product = |j: usize| V::load(p.add(j * stride)).mul(V::load(d.add(j * stride)));
        let (mut even, mut odd) = ([V::zero(); 4], [V::zero(); 4]);
        let mut j = 0;
        while j + 4 <= rows {
            for (q, sum) in even.iter_mut().enumerate() {
                *sum = sum.add(product(j + q));
            }
            j += 4;
            if j + 4 > rows {
                break;
            }
            for (q, sum) in odd.iter_mut().enumerate() {
                *sum = sum.add(product(j + q));
            }
            j += 4;
        }
        for (q, sum) in odd.iter_mut().enumerate() {
            if j + q < rows {
                *sum = sum.add(product(j + q));
            }
        }
        let [a, b, c, d] = [0, 1, 2, 3].map(|q| even[q].add(odd[q]));
        a.add(b).add(c.add(d))
    }
}

/// Largest number of a column; NaN if one is NaN. A maximum does not depend on the order.
#[inline(always)]
pub unsafe fn column_max<V: Vector>(p: *const f32, stride: usize, rows: usize) -> V {
    unsafe {
        let mut best = [V::splat(f32::NEG_INFINITY); 4];
        for j in (0..rows).step_by(4) {
            for (q, best) in best.iter_mut().enumerate() {
                // The last number again changes no maximum.
                *best = best.maximum(V::load(p.add((j + q).min(rows - 1) * stride)));
            }
        }
        let largest = best[0].maximum(best[1]).maximum(best[2].maximum(best[3]));
        V::select(largest.equal(largest), largest, V::splat(f32::NAN))
    }
}
