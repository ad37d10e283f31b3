//! Threefry-2x32 with 20 rounds, and draws from it. Same as random.as.ts. Gives exactly the integers of
//! src/core/random.ts.
use super::math::{log_of_parts, polynomial};
use crate::call::{Args, Call};
use crate::scratch::{Slot, scratch};
use crate::vector::Vector;

/// Nanoseconds per normal number and per word.
const NORMAL: f64 = 3.0;
const WORD: f64 = 1.5;

/// sin(r) = r + r^3 P(r^2) and cos(r) = 1 - r^2 / 2 + r^4 Q(r^2) for |r| <= pi / 4.
const SINE: [f32; 3] = [-0.000195173, 0.008332178, -0.16666655];
const COSINE: [f32; 3] = [2.4438452e-5, -0.0013887368, 0.041666646];
/// 2^-32
const UNIT: f32 = 2.3283064365386963e-10;
/// 2 pi / 2^32
const ANGLE: f32 = 1.4629180792671596e-9;

/// Both words of the blocks (c0 lanes, c1) under the key (k0, k1).
#[inline(always)]
pub unsafe fn threefry<V: Vector>(k0: V, k1: V, c0: V, c1: V) -> (V, V) {
    unsafe {
        let k2 = V::splat_int(0x1bd1_1bda).xor(k0.xor(k1));
        let mut x0 = c0.add_int(k0);
        let mut x1 = c1.add_int(k1);
        macro_rules! round {
            ($by:literal, $rest:literal) => {
                x0 = x0.add_int(x1);
                x1 = x1.shift_left::<$by>().or(x1.shift_right_unsigned::<$rest>()).xor(x0);
            };
        }
        macro_rules! inject {
            ($a:ident, $b:ident, $i:literal) => {
                x0 = x0.add_int($a);
                x1 = x1.add_int($b.add_int(V::splat_int($i)));
            };
        }
        macro_rules! four {
            (even) => {
                round!(13, 19);
                round!(15, 17);
                round!(26, 6);
                round!(6, 26);
            };
            (odd) => {
                round!(17, 15);
                round!(29, 3);
                round!(16, 16);
                round!(24, 8);
            };
        }
        four!(even);
        inject!(k1, k2, 1);
        four!(odd);
        inject!(k2, k0, 2);
        four!(even);
        inject!(k0, k1, 3);
        four!(odd);
        inject!(k1, k2, 4);
        four!(even);
        inject!(k2, k0, 5);
        (x0, x1)
    }
}

/// Twice as many standard normals as lanes (Box-Muller): draws 2c, 2c + 1, ... of the stream (k0, k1).
#[inline(always)]
unsafe fn normal_pairs<V: Vector>(k0: V, k1: V, c: i32, out: *mut f32) {
    unsafe {
        let counters = V::splat_int(c).add_int(V::count_up());
        let (w0, w1) = threefry(k0, k1, counters, V::splat_int(1));
        let (half, one, unit) = (V::splat(0.5), V::splat(1.0), V::splat(UNIT));
        let u = w0.from_unsigned().add(half).mul(unit);
        let rest = w0.xor(V::splat_int(-1)).from_unsigned().add(half).mul(unit);
        let near_one = rest.lt(V::splat(0.25));
        let exponent = u.sub_int(V::splat_int(0x3f35_04f3)).shift_right::<23>();
        let mantissa = u.sub_int(exponent.shift_left::<23>());
        let f = V::select(near_one, rest.neg(), mantissa.sub(one));
        let e = exponent.from_int().drop(near_one);
        let radius = V::splat(-2.0).mul(log_of_parts(f, e)).sqrt();

        // Nearest quarter turn q and signed remainder, both in units of 2^-32 turns.
        let q = w1.add_int(V::splat_int(0x2000_0000)).shift_right_unsigned::<30>();
        let remainder = w1.sub_int(q.shift_left::<30>());
        let angle = remainder.from_int().add(half).mul(V::splat(ANGLE));
        let z = angle.mul(angle);
        let s = angle.add(angle.mul(z).mul(polynomial(&SINE, z)));
        let k = one.sub(half.mul(z)).add(z.mul(z).mul(polynomial(&COSINE, z)));
        let even_turn = q.and(V::splat_int(1)).equal_int(V::splat_int(0));
        let cosine = V::select(even_turn, k, s).xor(second_bit_as_sign(q.add_int(V::splat_int(1))));
        let sine = V::select(even_turn, s, k).xor(second_bit_as_sign(q));
        radius.mul(cosine).store_interleaved(radius.mul(sine), out);
    }
}

#[inline(always)]
unsafe fn second_bit_as_sign<V: Vector>(v: V) -> V {
    unsafe { v.shift_right_unsigned::<1>().shift_left::<31>() }
}

/// Number of floats that `normal_row` may write.
#[inline(always)]
pub fn normal_room<V: Vector>(width: usize) -> usize {
    width.next_multiple_of(2 * V::LANES)
}

/// Draws the normals of one row. `out` has `normal_room` floats.
#[inline(always)]
pub unsafe fn normal_row<V: Vector>(key: *const i32, width: usize, out: *mut f32) {
    unsafe {
        let (k0, k1) = (V::splat_int(*key), V::splat_int(*key.add(1)));
        let mut j = 0;
        while j < width {
            normal_pairs(k0, k1, (j >> 1) as i32, out.add(j));
            j += 2 * V::LANES;
        }
    }
}

/// (keys, rows, width, out, work): out[r * width + j] = normalAt(keys[r], j).
pub fn normals(call: &Call) -> f64 {
    let args = &call.args;
    call.split(args.size(1), NORMAL * args.size(2) as f64, call.level.normals);
    0.0
}

#[inline(always)]
pub unsafe fn normals_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (keys, width, out) = (args.ints(0), args.size(2), args.floats(3));
        let work = scratch(Slot::Row, normal_room::<V>(width));
        for r in from..to {
            normal_row::<V>(keys.add(2 * r), width, work);
            out.add(r * width).copy_from_nonoverlapping(work, width);
        }
    }
}

/// (a, rows, width, keys, threshold, scale, out): out = a * scale if the word of (row key, column) is at
/// least the threshold, else 0.
pub fn dropout(call: &Call) -> f64 {
    let args = &call.args;
    call.split(args.size(1), WORD * args.size(2) as f64, call.level.dropout);
    0.0
}

#[inline(always)]
pub unsafe fn dropout_block<V: Vector>(args: &Args, from: usize, to: usize) {
    unsafe {
        let (a, width, keys) = (args.floats(0), args.size(2), args.ints(3));
        let (threshold, factor, out) = (args.number(4), V::splat(args.float(5)), args.floats(6));
        let none = threshold >= 4294967296.0;
        let limit = V::splat_int(threshold as u32 as i32);
        for r in from..to {
            let key = keys.add(2 * r);
            let (k0, k1) = (V::splat_int(*key), V::splat_int(*key.add(1)));
            let (a, out) = (a.add(r * width), out.add(r * width));
            let mut j = 0;
            while j < width {
                let value = if none {
                    V::zero()
                } else {
                    let counters = V::splat_int(j as i32).add_int(V::count_up());
                    let (word, _) = threefry(k0, k1, counters, V::splat_int(0));
                    V::load(a.add(j)).mul(factor).keep(word.at_least_unsigned(limit))
                };
                value.store_up_to(out.add(j), width - j);
                j += V::LANES;
            }
        }
    }
}
