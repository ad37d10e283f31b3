//! NEON.
use super::{Quad, Vector};
use core::arch::aarch64::*;

/// Four lanes. `FUSED`: multiply and add with one rounding (the fast arithmetic).
#[derive(Clone, Copy)]
pub struct Neon<const FUSED: bool>(float32x4_t);

#[inline(always)]
unsafe fn ints(v: float32x4_t) -> int32x4_t {
    unsafe { vreinterpretq_s32_f32(v) }
}

#[inline(always)]
unsafe fn words(v: float32x4_t) -> uint32x4_t {
    unsafe { vreinterpretq_u32_f32(v) }
}

#[inline(always)]
unsafe fn of_ints(v: int32x4_t) -> float32x4_t {
    unsafe { vreinterpretq_f32_s32(v) }
}

#[inline(always)]
unsafe fn of_words(v: uint32x4_t) -> float32x4_t {
    unsafe { vreinterpretq_f32_u32(v) }
}

impl<const FUSED: bool> Neon<FUSED> {
    /// Transposes rows to columns.
    #[inline(always)]
    pub unsafe fn transpose(rows: [Self; 4]) -> [Self; 4] {
        unsafe {
            let (even01, odd01) = (vtrn1q_f32(rows[0].0, rows[1].0), vtrn2q_f32(rows[0].0, rows[1].0));
            let (even23, odd23) = (vtrn1q_f32(rows[2].0, rows[3].0), vtrn2q_f32(rows[2].0, rows[3].0));
            let low = |a, b| vcombine_f32(vget_low_f32(a), vget_low_f32(b));
            let high = |a, b| vcombine_f32(vget_high_f32(a), vget_high_f32(b));
            [
                Self(low(even01, even23)),
                Self(low(odd01, odd23)),
                Self(high(even01, even23)),
                Self(high(odd01, odd23)),
            ]
        }
    }
}

impl<const FUSED: bool> Vector for Neon<FUSED> {
    const LANES: usize = 4;
    type Mask = uint32x4_t;
    type Half = Self;

    #[inline(always)]
    unsafe fn load(p: *const f32) -> Self {
        unsafe { Self(vld1q_f32(p)) }
    }
    #[inline(always)]
    unsafe fn store(self, p: *mut f32) {
        unsafe { vst1q_f32(p, self.0) }
    }
    #[inline(always)]
    unsafe fn store_first(self, p: *mut f32, count: usize) {
        unsafe {
            let mut lanes = [0f32; 4];
            self.store(lanes.as_mut_ptr());
            core::ptr::copy_nonoverlapping(lanes.as_ptr(), p, count)
        }
    }
    #[inline(always)]
    unsafe fn splat(x: f32) -> Self {
        unsafe { Self(vdupq_n_f32(x)) }
    }
    #[inline(always)]
    unsafe fn splat_int(x: i32) -> Self {
        unsafe { Self(of_ints(vdupq_n_s32(x))) }
    }
    #[inline(always)]
    unsafe fn count_up() -> Self {
        const LANES: [i32; 4] = [0, 1, 2, 3];
        unsafe { Self(of_ints(vld1q_s32(LANES.as_ptr()))) }
    }
    #[inline(always)]
    unsafe fn add(self, b: Self) -> Self {
        unsafe { Self(vaddq_f32(self.0, b.0)) }
    }
    #[inline(always)]
    unsafe fn sub(self, b: Self) -> Self {
        unsafe { Self(vsubq_f32(self.0, b.0)) }
    }
    #[inline(always)]
    unsafe fn mul(self, b: Self) -> Self {
        unsafe { Self(vmulq_f32(self.0, b.0)) }
    }
    #[inline(always)]
    unsafe fn div(self, b: Self) -> Self {
        unsafe { Self(vdivq_f32(self.0, b.0)) }
    }
    #[inline(always)]
    unsafe fn sqrt(self) -> Self {
        unsafe { Self(vsqrtq_f32(self.0)) }
    }
    #[inline(always)]
    unsafe fn add_product(self, a: Self, b: Self) -> Self {
        unsafe { if FUSED { Self(vfmaq_f32(self.0, a.0, b.0)) } else { self.add(a.mul(b)) } }
    }
    #[inline(always)]
    unsafe fn pmin(self, b: Self) -> Self {
        unsafe { Self::select(b.lt(self), b, self) }
    }
    #[inline(always)]
    unsafe fn pmax(self, b: Self) -> Self {
        unsafe { Self::select(self.lt(b), b, self) }
    }
    #[inline(always)]
    unsafe fn lt(self, b: Self) -> uint32x4_t {
        unsafe { vcltq_f32(self.0, b.0) }
    }
    #[inline(always)]
    unsafe fn le(self, b: Self) -> uint32x4_t {
        unsafe { vcleq_f32(self.0, b.0) }
    }
    #[inline(always)]
    unsafe fn equal(self, b: Self) -> uint32x4_t {
        unsafe { vceqq_f32(self.0, b.0) }
    }
    #[inline(always)]
    unsafe fn both(a: uint32x4_t, b: uint32x4_t) -> uint32x4_t {
        unsafe { vandq_u32(a, b) }
    }
    #[inline(always)]
    unsafe fn select(mask: uint32x4_t, yes: Self, no: Self) -> Self {
        unsafe { Self(vbslq_f32(mask, yes.0, no.0)) }
    }
    #[inline(always)]
    unsafe fn keep(self, mask: uint32x4_t) -> Self {
        unsafe { Self(of_words(vandq_u32(words(self.0), mask))) }
    }
    #[inline(always)]
    unsafe fn drop(self, mask: uint32x4_t) -> Self {
        unsafe { Self(of_words(vbicq_u32(words(self.0), mask))) }
    }
    #[inline(always)]
    unsafe fn and(self, b: Self) -> Self {
        unsafe { Self(of_words(vandq_u32(words(self.0), words(b.0)))) }
    }
    #[inline(always)]
    unsafe fn or(self, b: Self) -> Self {
        unsafe { Self(of_words(vorrq_u32(words(self.0), words(b.0)))) }
    }
    #[inline(always)]
    unsafe fn xor(self, b: Self) -> Self {
        unsafe { Self(of_words(veorq_u32(words(self.0), words(b.0)))) }
    }
    #[inline(always)]
    unsafe fn add_int(self, b: Self) -> Self {
        unsafe { Self(of_ints(vaddq_s32(ints(self.0), ints(b.0)))) }
    }
    #[inline(always)]
    unsafe fn sub_int(self, b: Self) -> Self {
        unsafe { Self(of_ints(vsubq_s32(ints(self.0), ints(b.0)))) }
    }
    // A right shift is a left shift by a negative count.
    #[inline(always)]
    unsafe fn shift_left<const BY: i32>(self) -> Self {
        unsafe { Self(of_ints(vshlq_s32(ints(self.0), vdupq_n_s32(BY)))) }
    }
    #[inline(always)]
    unsafe fn shift_right<const BY: i32>(self) -> Self {
        unsafe { Self(of_ints(vshlq_s32(ints(self.0), vdupq_n_s32(-BY)))) }
    }
    #[inline(always)]
    unsafe fn shift_right_unsigned<const BY: i32>(self) -> Self {
        unsafe { Self(of_words(vshlq_u32(words(self.0), vdupq_n_s32(-BY)))) }
    }
    #[inline(always)]
    unsafe fn equal_int(self, b: Self) -> uint32x4_t {
        unsafe { vceqq_s32(ints(self.0), ints(b.0)) }
    }
    #[inline(always)]
    unsafe fn at_least_unsigned(self, b: Self) -> uint32x4_t {
        unsafe { vcgeq_u32(words(self.0), words(b.0)) }
    }
    #[inline(always)]
    unsafe fn from_int(self) -> Self {
        unsafe { Self(vcvtq_f32_s32(ints(self.0))) }
    }
    #[inline(always)]
    unsafe fn from_unsigned(self) -> Self {
        unsafe { Self(vcvtq_f32_u32(words(self.0))) }
    }
    #[inline(always)]
    unsafe fn add_quads(self, sums: Quad) -> Quad {
        unsafe { sums.add(Neon(self.0)) }
    }
    #[inline(always)]
    unsafe fn add_quads_first(self, sums: Quad, count: usize) -> Quad {
        unsafe {
            let mask = vcltq_s32(ints(Self::count_up().0), vdupq_n_s32(count as i32));
            sums.add(Neon(self.keep(mask).0))
        }
    }
    #[inline(always)]
    unsafe fn store_interleaved(self, b: Self, p: *mut f32) {
        unsafe {
            vst1q_f32(p, vzip1q_f32(self.0, b.0));
            vst1q_f32(p.add(4), vzip2q_f32(self.0, b.0));
        }
    }
}
