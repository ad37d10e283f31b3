//! Speed limit of the processor's arithmetic, which benchmarks compare the kernels with.
use crate::vector::{Vector, sum_lanes};

/// Number of independent chains, enough to hide the latency of multiply and add.
const CHAINS: usize = 12;

/// Runs `rounds` rounds of multiply and add in registers. Returns the number of multiplications and
/// additions, and the sum of the results.
#[inline(always)]
#[allow(clippy::needless_range_loop)]
pub unsafe fn peak<V: Vector>(rounds: usize) -> (f64, f32) {
    unsafe {
        let (factor, term) = (V::splat(0.999), V::splat(0.001));
        let mut sums = [V::splat(0.5); CHAINS];
        for _ in 0..rounds {
            for chain in 0..CHAINS {
                sums[chain] = term.add_product(sums[chain], factor);
            }
        }
        let mut total = crate::vector::Quad::zero();
        for sum in sums {
            total = sum.add_quads(total);
        }
        ((2 * CHAINS * V::LANES * rounds) as f64, sum_lanes(total))
    }
}
