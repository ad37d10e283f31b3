//! Eqs. 3, 4, 6 and 10 for all (sample, expert) pairs, and their backward pass. Same as mixture.as.ts.
use super::math::exp;
use super::random::{normal_room, normal_row};
use crate::call::{Args, Call};
use crate::scratch::{Slot, scratch};
use crate::vector::{Quad, Vector, sum_lanes};

/// Nanoseconds per element of a pair.
const COST: f64 = 4.0;

fn split(call: &Call, block: crate::call::Block) -> f64 {
    let args = &call.args;
    call.split(args.size(3), COST * (args.size(4) * args.size(5)) as f64, block);
    0.0
}

/// NaN stays NaN.
#[inline(always)]
unsafe fn clamp<V: Vector>(x: V, low: V, high: V) -> V {
    unsafe { x.pmax(low).pmin(high) }
}

#[inline(always)]
unsafe fn sigma<V: Vector>(log_variance: V) -> V {
    unsafe { exp(log_variance.mul(V::splat(0.5))) }
}

#[inline(always)]
unsafe fn add_up_to<V: Vector>(v: V, sums: Quad, left: usize) -> Quad {
    unsafe { if left >= V::LANES { v.add_quads(sums) } else { v.add_quads_first(sums, left) } }
}

/// (raw, gate, pairOf, rows, slots, width, low, high, keys or 0, h, sigma2, kl, work, noise or 0)
pub fn mixture(call: &Call) -> f64 {
    split(call, call.level.gaussian_mixture)
}

#[inline(always)]
pub unsafe fn mixture_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (raw, gate, pair_of) = (args.floats(0), args.floats(1), args.ints(2));
        let (slots, width) = (args.size(4), args.size(5));
        let (low, high) = (V::splat(args.float(6)), V::splat(args.float(7)));
        let draws = args.size(8) != 0;
        let (keys, sigma2, kl) = (args.ints(8), args.floats(10), args.floats(11));
        let one = V::splat(1.0);
        let n = width as f32;
        let work = scratch(Slot::Row, normal_room::<V>(width));
        for r in from..to {
            let h = args.floats(9).add(r * width);
            h.write_bytes(0, width);
            for s in 0..slots {
                let entry = r * slots + s;
                let pair = *pair_of.add(entry);
                if pair < 0 {
                    *sigma2.add(entry) = 0.0;
                    *kl.add(entry) = 0.0;
                    continue;
                }
                let pair = pair as usize;
                if draws {
                    normal_row::<V>(keys.add(2 * pair), width, work);
                    if let Some(noise) = args.optional(13) {
                        noise.add(pair * width).copy_from_nonoverlapping(work, width);
                    }
                }
                let weight = V::splat(*gate.add(entry));
                let mus = raw.add(2 * pair * width);
                let logs = mus.add(width);
                let (mut variances, mut divergences) = (Quad::zero(), Quad::zero());
                let mut j = 0;
                while j < width {
                    let left = width - j;
                    let mu = V::load(mus.add(j));
                    let log_variance = clamp(V::load(logs.add(j)), low, high);
                    let sigma = sigma(log_variance);
                    let variance = sigma.mul(sigma);
                    let z = if draws { mu.add(V::load(work.add(j)).mul(sigma)) } else { mu };
                    V::load(h.add(j)).add(weight.mul(z)).store_up_to(h.add(j), left);
                    let divergence = mu.mul(mu).add(variance).sub(one.add(log_variance));
                    variances = add_up_to(variance, variances, left);
                    divergences = add_up_to(divergence, divergences, left);
                    j += V::LANES;
                }
                *sigma2.add(entry) = sum_lanes(variances) / n;
                *kl.add(entry) = (sum_lanes(divergences) * 0.5) / n;
            }
        }
    }
}

/// (raw, gate, pairOf, rows, slots, width, low, high, keys or 0, dh, dsigma2, dkl, draw, dgate, work, noise
/// or 0)
pub fn mixture_backward(call: &Call) -> f64 {
    split(call, call.level.gaussian_mixture_backward)
}

#[inline(always)]
pub unsafe fn mixture_backward_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (raw, gate, pair_of) = (args.floats(0), args.floats(1), args.ints(2));
        let (slots, width) = (args.size(4), args.size(5));
        let (low, high) = (V::splat(args.float(6)), V::splat(args.float(7)));
        let draws = args.size(8) != 0;
        let (keys, dsigma2, dkl) = (args.ints(8), args.floats(10), args.floats(11));
        let (draw, dgate) = (args.floats(12), args.floats(13));
        let (one, half) = (V::splat(1.0), V::splat(0.5));
        let n = width as f32;
        let work = scratch(Slot::Row, normal_room::<V>(width));
        if !draws {
            work.write_bytes(0, width);
        }
        for r in from..to {
            let dh = args.floats(9).add(r * width);
            for s in 0..slots {
                let entry = r * slots + s;
                let pair = *pair_of.add(entry);
                if pair < 0 {
                    continue;
                }
                let pair = pair as usize;
                let epsilon = match args.optional(15) {
                    Some(noise) => noise.add(pair * width),
                    None => {
                        if draws {
                            normal_row::<V>(keys.add(2 * pair), width, work);
                        }
                        work
                    }
                };
                let weight = V::splat(*gate.add(entry));
                let to_variance = V::splat(*dsigma2.add(entry) / n);
                let to_kl = V::splat(*dkl.add(entry) / n);
                let mus = raw.add(2 * pair * width);
                let dmus = draw.add(2 * pair * width);
                let mut gate_sum = Quad::zero();
                let mut j = 0;
                while j < width {
                    let left = width - j;
                    let mu = V::load(mus.add(j));
                    let unclamped = V::load(mus.add(width + j));
                    let sigma = sigma(clamp(unclamped, low, high));
                    let variance = sigma.mul(sigma);
                    let spread = V::load(epsilon.add(j)).mul(sigma);
                    let z = mu.add(spread);
                    let d = V::load(dh.add(j));
                    let dz = weight.mul(d);
                    let dmu = dz.add(to_kl.mul(mu));
                    let dlog = dz.mul(spread).mul(half);
                    let dlog = dlog.add(to_variance.mul(variance));
                    let dlog = dlog.add(to_kl.mul(half).mul(variance.sub(one)));
                    let dlog = dlog.keep(V::both(low.le(unclamped), unclamped.le(high)));
                    dmu.store_up_to(dmus.add(j), left);
                    dlog.store_up_to(dmus.add(width + j), left);
                    gate_sum = add_up_to(d.mul(z), gate_sum, left);
                    j += V::LANES;
                }
                *dgate.add(entry) += sum_lanes(gate_sum);
            }
        }
    }
}
