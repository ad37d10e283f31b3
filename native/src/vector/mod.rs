//! Float32 vectors of 4, 8 or 16 lanes behind one trait, so that each kernel is written once.
//!
//! Every operation rounds by IEEE-754, and no lane depends on another. The number of lanes thus changes the
//! speed, but no bit. Reductions keep the four partial sums of the WebAssembly kernels ([`Quad`]).

#[cfg(target_arch = "aarch64")]
mod arm;
#[cfg(target_arch = "x86_64")]
mod x86;

#[cfg(target_arch = "aarch64")]
pub use arm::Neon;
#[cfg(target_arch = "x86_64")]
pub use x86::{Avx2, Avx512, Sse2};

/// Vector of four lanes of the processor's base instruction set.
#[cfg(target_arch = "aarch64")]
pub type Quad = Neon<false>;
#[cfg(target_arch = "x86_64")]
pub type Quad = Sse2;

/// The operations of a vector of float32 lanes. Integer operations see the same lanes as 32-bit integers.
///
/// # Safety
/// Loads and stores read and write `LANES` floats at the pointer. The processor must have the instructions.
#[allow(clippy::missing_safety_doc)]
pub trait Vector: Copy {
    const LANES: usize;
    type Mask: Copy;
    /// Vector for a last part of at most half the lanes, with the same arithmetic: half as wide where that
    /// saves time, else the same.
    type Half: Vector;

    unsafe fn load(p: *const f32) -> Self;
    unsafe fn store(self, p: *mut f32);
    /// Writes the first `count` lanes, `count < LANES`.
    unsafe fn store_first(self, p: *mut f32, count: usize);
    unsafe fn splat(x: f32) -> Self;
    unsafe fn splat_int(x: i32) -> Self;
    /// The integers 0, 1, 2, ...
    unsafe fn count_up() -> Self;

    unsafe fn add(self, b: Self) -> Self;
    unsafe fn sub(self, b: Self) -> Self;
    unsafe fn mul(self, b: Self) -> Self;
    unsafe fn div(self, b: Self) -> Self;
    unsafe fn sqrt(self) -> Self;
    /// self + a * b: two roundings in the default arithmetic, one in the fast arithmetic.
    unsafe fn add_product(self, a: Self, b: Self) -> Self;
    /// b < self ? b : self
    unsafe fn pmin(self, b: Self) -> Self;
    /// self < b ? b : self
    unsafe fn pmax(self, b: Self) -> Self;

    unsafe fn lt(self, b: Self) -> Self::Mask;
    unsafe fn le(self, b: Self) -> Self::Mask;
    unsafe fn equal(self, b: Self) -> Self::Mask;
    unsafe fn both(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// mask ? yes : no
    unsafe fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;
    /// mask ? self : 0
    unsafe fn keep(self, mask: Self::Mask) -> Self;
    /// mask ? 0 : self
    unsafe fn drop(self, mask: Self::Mask) -> Self;

    unsafe fn and(self, b: Self) -> Self;
    unsafe fn or(self, b: Self) -> Self;
    unsafe fn xor(self, b: Self) -> Self;
    unsafe fn add_int(self, b: Self) -> Self;
    unsafe fn sub_int(self, b: Self) -> Self;
    unsafe fn shift_left<const BY: i32>(self) -> Self;
    unsafe fn shift_right<const BY: i32>(self) -> Self;
    unsafe fn shift_right_unsigned<const BY: i32>(self) -> Self;
    unsafe fn equal_int(self, b: Self) -> Self::Mask;
    /// self >= b as unsigned integers
    unsafe fn at_least_unsigned(self, b: Self) -> Self::Mask;
    unsafe fn from_int(self) -> Self;
    unsafe fn from_unsigned(self) -> Self;

    /// Adds the groups of four lanes to `sums`, one after the other.
    unsafe fn add_quads(self, sums: Quad) -> Quad;
    /// Like `add_quads`, for the first `count` lanes (`0 < count <= LANES`). Other lanes count as zero, and
    /// later groups are not added.
    unsafe fn add_quads_first(self, sums: Quad, count: usize) -> Quad;

    /// Writes a0 b0 a1 b1 ..., 2 * LANES floats.
    unsafe fn store_interleaved(self, b: Self, p: *mut f32);

    #[inline(always)]
    unsafe fn zero() -> Self {
        unsafe { Self::splat(0.0) }
    }

    #[inline(always)]
    unsafe fn neg(self) -> Self {
        unsafe { self.xor(Self::splat_int(i32::MIN)) }
    }

    #[inline(always)]
    unsafe fn abs(self) -> Self {
        unsafe { self.and(Self::splat_int(i32::MAX)) }
    }

    /// The larger value by IEEE-754's maximum: NaN if one is NaN, 0 above -0.
    #[inline(always)]
    unsafe fn maximum(self, b: Self) -> Self {
        unsafe {
            // Equal values differ at most in the sign of zero, and `and` gives 0 for 0 and -0.
            let larger = Self::select(self.equal(b), self.and(b), self.pmax(b));
            let larger = Self::select(b.equal(b), larger, b);
            Self::select(self.equal(self), larger, self)
        }
    }

    /// Stores all lanes, or the first `left` if fewer are left.
    #[inline(always)]
    unsafe fn store_up_to(self, p: *mut f32, left: usize) {
        unsafe {
            if left >= Self::LANES {
                self.store(p)
            } else {
                self.store_first(p, left)
            }
        }
    }
}

/// (l0 + l1) + (l2 + l3)
#[inline(always)]
pub unsafe fn sum_lanes(v: Quad) -> f32 {
    let mut lanes = [0f32; 4];
    unsafe { v.store(lanes.as_mut_ptr()) };
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
}
