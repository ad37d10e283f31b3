//! Adam step of one vector, and its constants. Same as adam-element.as.ts.
use super::adam::AdamSettings;
use crate::vector::Vector;

/// Constants that all vectors of a step share.
#[derive(Clone, Copy)]
pub struct Step<V> {
    rest1: V,
    keep2: V,
    rest2: V,
    size: V,
    epsilon: V,
    decay: V,
    shrink: V,
}

fn power(base: f64, exponent: i32) -> f64 {
    let (mut result, mut base, mut exponent) = (1f64, base, exponent);
    while exponent > 0 {
        if exponent & 1 != 0 {
            result *= base;
        }
        base *= base;
        exponent >>= 1;
    }
    result
}

/// Returns the constants of step number `step`, including the bias corrections.
#[inline(always)]
pub unsafe fn at_step<V: Vector>(settings: &AdamSettings, step: i32) -> Step<V> {
    let AdamSettings { rate, beta1, beta2, epsilon, decoupled, decay, .. } = *settings;
    let root = (1.0 - power(beta2, step)).sqrt();
    let size = (rate / (1.0 - power(beta1, step))) * root;
    let shrink = if decoupled { 1.0 - rate * decay } else { 1.0 };
    unsafe {
        Step {
            rest1: V::splat((1.0 - beta1) as f32),
            keep2: V::splat(beta2 as f32),
            rest2: V::splat((1.0 - beta2) as f32),
            size: V::splat(size as f32),
            epsilon: V::splat((epsilon * root) as f32),
            decay: V::splat(if decoupled { 0.0 } else { decay as f32 }),
            shrink: V::splat(shrink as f32),
        }
    }
}

/// Steps one vector, of which the first `left` lanes (or all) exist.
#[inline(always)]
pub unsafe fn element<V: Vector, const DECAYS: bool>(
    step: &Step<V>,
    w: *mut f32,
    m: *mut f32,
    v: *mut f32,
    gradient: V,
    left: usize,
) {
    unsafe {
        let w0 = V::load(w);
        let g = if DECAYS { gradient.add(w0.mul(step.decay)) } else { gradient };
        let m0 = V::load(m);
        let m1 = m0.add(g.sub(m0).mul(step.rest1));
        let v1 = V::load(v).mul(step.keep2).add(g.mul(g).mul(step.rest2));
        let kept = if DECAYS { w0.mul(step.shrink) } else { w0 };
        let w1 = kept.sub(m1.mul(step.size).div(v1.sqrt().add(step.epsilon)));
        m1.store_up_to(m, left);
        v1.store_up_to(v, left);
        w1.store_up_to(w, left);
    }
}
