//! Adam and AdamW in PyTorch's order of operations. Same as adam.as.ts.
use super::adam_element::{at_step, element};
use crate::kernel::hold;
use crate::call::{Args, Call};
use crate::vector::Vector;

/// Number of elements in a unit, and nanoseconds per element.
const UNIT: usize = 1024;
const COST: f64 = 0.8;

/// Hyperparameters of the next steps of this thread.
#[derive(Clone, Copy, Default)]
pub struct AdamSettings {
    pub rate: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub epsilon: f64,
    pub decoupled: bool,
    pub decay: f64,
    pub gradient_scale: f32,
}

impl AdamSettings {
    /// True if weights decay. Without decay, a separate path saves its work.
    pub fn decaying(&self) -> bool {
        if self.decoupled { (1.0 - self.rate * self.decay) as f32 != 1.0 } else { self.decay as f32 != 0.0 }
    }
}

/// (rate, beta1, beta2, epsilon, decoupled, weightDecay, gradientScale)
pub fn settings(call: &Call) -> f64 {
    let args = &call.args;
    let settings = AdamSettings {
        rate: args.number(0),
        beta1: args.number(1),
        beta2: args.number(2),
        epsilon: args.number(3),
        decoupled: args.flag(4),
        decay: args.number(5),
        gradient_scale: args.float(6),
    };
    hold(|held| held.adam = settings);
    0.0
}

/// (w, m, v, gradient, start, count, step)
pub fn adam(call: &Call) -> f64 {
    call.split(call.args.size(5).div_ceil(UNIT), COST * UNIT as f64, call.level.adam);
    0.0
}

#[inline(always)]
pub unsafe fn adam_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        if args.held().adam.decaying() {
            range::<V, true>(args, from, to)
        } else {
            range::<V, false>(args, from, to)
        }
    }
}

/// (w, m, v, gradient, rows, count, width, steps): row rows[i] with gradient row i and step number steps[i].
pub fn adam_rows(call: &Call) -> f64 {
    let args = &call.args;
    call.split(args.size(5), COST * args.size(6) as f64, call.level.adam_rows);
    0.0
}

#[inline(always)]
pub unsafe fn adam_rows_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        if args.held().adam.decaying() {
            rows::<V, true>(args, from, to)
        } else {
            rows::<V, false>(args, from, to)
        }
    }
}

#[inline(always)]
unsafe fn rows<V: Vector, const DECAYS: bool>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (w, m, v, g) = (args.floats(0), args.floats(1), args.floats(2), args.floats(3));
        let (rows, width, steps) = (args.ints(4), args.size(6), args.ints(7));
        let settings = &args.held().adam;
        let scale = V::splat(settings.gradient_scale);
        for r in from..to {
            let step = at_step::<V>(settings, *steps.add(r));
            let o = *rows.add(r) as usize * width;
            let mut i = 0;
            while i < width {
                let gradient = V::load(g.add(r * width + i)).mul(scale);
                element::<V, DECAYS>(&step, w.add(o + i), m.add(o + i), v.add(o + i), gradient, width - i);
                i += V::LANES;
            }
        }
    }
}

#[inline(always)]
unsafe fn range<V: Vector, const DECAYS: bool>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (w, m, v, g) = (args.floats(0), args.floats(1), args.floats(2), args.floats(3));
        let (start, count) = (args.size(4), args.size(5));
        let step = at_step::<V>(&args.held().adam, args.int(6));
        let scale = V::splat(args.held().adam.gradient_scale);
        let end = start + (to * UNIT).min(count);
        let mut i = start + from * UNIT;
        while i < end {
            // A scale of 1 changes no bit.
            let gradient = V::load(g.add(i)).mul(scale);
            element::<V, DECAYS>(&step, w.add(i), m.add(i), v.add(i), gradient, end - i);
            i += V::LANES;
        }
    }
}
