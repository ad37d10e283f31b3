//! SSE2, AVX2 and AVX-512.
use super::{Quad, Vector};
use core::arch::x86_64::*;

#[derive(Clone, Copy)]
pub struct Sse2(__m128);
/// Eight lanes. `FUSED`: multiply and add with one rounding (the fast arithmetic).
#[derive(Clone, Copy)]
pub struct Avx2<const FUSED: bool>(__m256);
/// Sixteen lanes; `FUSED` as in [`Avx2`].
#[derive(Clone, Copy)]
pub struct Avx512<const FUSED: bool>(__m512);

impl Sse2 {
    /// Transposes rows to columns.
    #[inline(always)]
    pub unsafe fn transpose(rows: [Self; 4]) -> [Self; 4] {
        unsafe {
            let [r0, r1, r2, r3] = rows;
            let (low01, low23) = (_mm_unpacklo_ps(r0.0, r1.0), _mm_unpacklo_ps(r2.0, r3.0));
            let (high01, high23) = (_mm_unpackhi_ps(r0.0, r1.0), _mm_unpackhi_ps(r2.0, r3.0));
            [
                Self(_mm_movelh_ps(low01, low23)),
                Self(_mm_movehl_ps(low23, low01)),
                Self(_mm_movelh_ps(high01, high23)),
                Self(_mm_movehl_ps(high23, high01)),
            ]
        }
    }
}

#[inline(always)]
unsafe fn store_lanes(lanes: *const f32, p: *mut f32, count: usize) {
    unsafe { core::ptr::copy_nonoverlapping(lanes, p, count) }
}

macro_rules! common {
    ($lanes:literal, $si:ident, $load:ident, $store:ident, $set1:ident, $set1i:ident, $add:ident, $sub:ident,
     $mul:ident, $div:ident, $sqrt:ident, $min:ident, $max:ident, $and:ident, $or:ident, $xor:ident,
     $addi:ident, $subi:ident, $sll:ident, $sra:ident, $srl:ident, $cvt:ident, $toi:ident, $tof:ident) => {
        const LANES: usize = $lanes;

        #[inline(always)]
        unsafe fn load(p: *const f32) -> Self {
            unsafe { Self($load(p)) }
        }
        #[inline(always)]
        unsafe fn store(self, p: *mut f32) {
            unsafe { $store(p, self.0) }
        }
        #[inline(always)]
        unsafe fn splat(x: f32) -> Self {
            unsafe { Self($set1(x)) }
        }
        #[inline(always)]
        unsafe fn splat_int(x: i32) -> Self {
            unsafe { Self($tof($set1i(x))) }
        }
        #[inline(always)]
        unsafe fn add(self, b: Self) -> Self {
            unsafe { Self($add(self.0, b.0)) }
        }
        #[inline(always)]
        unsafe fn sub(self, b: Self) -> Self {
            unsafe { Self($sub(self.0, b.0)) }
        }
        #[inline(always)]
        unsafe fn mul(self, b: Self) -> Self {
            unsafe { Self($mul(self.0, b.0)) }
        }
        #[inline(always)]
        unsafe fn div(self, b: Self) -> Self {
            unsafe { Self($div(self.0, b.0)) }
        }
        #[inline(always)]
        unsafe fn sqrt(self) -> Self {
            unsafe { Self($sqrt(self.0)) }
        }
        // The processor's minimum is (first < second ? first : second).
        #[inline(always)]
        unsafe fn pmin(self, b: Self) -> Self {
            unsafe { Self($min(b.0, self.0)) }
        }
        #[inline(always)]
        unsafe fn pmax(self, b: Self) -> Self {
            unsafe { Self($max(b.0, self.0)) }
        }
        #[inline(always)]
        unsafe fn and(self, b: Self) -> Self {
            unsafe { Self($tof($and($toi(self.0), $toi(b.0)))) }
        }
        #[inline(always)]
        unsafe fn or(self, b: Self) -> Self {
            unsafe { Self($tof($or($toi(self.0), $toi(b.0)))) }
        }
        #[inline(always)]
        unsafe fn xor(self, b: Self) -> Self {
            unsafe { Self($tof($xor($toi(self.0), $toi(b.0)))) }
        }
        #[inline(always)]
        unsafe fn add_int(self, b: Self) -> Self {
            unsafe { Self($tof($addi($toi(self.0), $toi(b.0)))) }
        }
        #[inline(always)]
        unsafe fn sub_int(self, b: Self) -> Self {
            unsafe { Self($tof($subi($toi(self.0), $toi(b.0)))) }
        }
        #[inline(always)]
        unsafe fn from_int(self) -> Self {
            unsafe { Self($cvt($toi(self.0))) }
        }
    };
}

macro_rules! shifts {
    ($sll:ident, $sra:ident, $srl:ident, $toi:ident, $tof:ident) => {
        #[inline(always)]
        unsafe fn shift_left<const BY: i32>(self) -> Self {
            unsafe { Self($tof($sll::<BY>($toi(self.0)))) }
        }
        #[inline(always)]
        unsafe fn shift_right<const BY: i32>(self) -> Self {
            unsafe { Self($tof($sra::<BY>($toi(self.0)))) }
        }
        #[inline(always)]
        unsafe fn shift_right_unsigned<const BY: i32>(self) -> Self {
            unsafe { Self($tof($srl::<BY>($toi(self.0)))) }
        }
    };
}

/// Converts unsigned to float in two exact halves. Only the last addition rounds, as a hardware conversion
/// would.
macro_rules! unsigned_by_halves {
    () => {
        #[inline(always)]
        unsafe fn from_unsigned(self) -> Self {
            unsafe {
                let high = self.shift_right_unsigned::<16>().from_int().mul(Self::splat(65536.0));
                let low = self.and(Self::splat_int(0xffff)).from_int();
                high.add(low)
            }
        }
    };
}

impl Vector for Sse2 {
    type Mask = __m128;
    type Half = Self;
    common!(
        4, si128, _mm_loadu_ps, _mm_storeu_ps, _mm_set1_ps, _mm_set1_epi32, _mm_add_ps, _mm_sub_ps,
        _mm_mul_ps, _mm_div_ps, _mm_sqrt_ps, _mm_min_ps, _mm_max_ps, _mm_and_si128, _mm_or_si128,
        _mm_xor_si128, _mm_add_epi32, _mm_sub_epi32, _mm_slli_epi32, _mm_srai_epi32, _mm_srli_epi32,
        _mm_cvtepi32_ps, _mm_castps_si128, _mm_castsi128_ps
    );
    shifts!(_mm_slli_epi32, _mm_srai_epi32, _mm_srli_epi32, _mm_castps_si128, _mm_castsi128_ps);
    unsigned_by_halves!();

    #[inline(always)]
    unsafe fn store_first(self, p: *mut f32, count: usize) {
        unsafe {
            let mut lanes = [0f32; 4];
            self.store(lanes.as_mut_ptr());
            store_lanes(lanes.as_ptr(), p, count)
        }
    }
    #[inline(always)]
    unsafe fn count_up() -> Self {
        unsafe { Self(_mm_castsi128_ps(_mm_setr_epi32(0, 1, 2, 3))) }
    }
    #[inline(always)]
    unsafe fn add_product(self, a: Self, b: Self) -> Self {
        unsafe { self.add(a.mul(b)) }
    }
    #[inline(always)]
    unsafe fn lt(self, b: Self) -> __m128 {
        unsafe { _mm_cmplt_ps(self.0, b.0) }
    }
    #[inline(always)]
    unsafe fn le(self, b: Self) -> __m128 {
        unsafe { _mm_cmple_ps(self.0, b.0) }
    }
    #[inline(always)]
    unsafe fn equal(self, b: Self) -> __m128 {
        unsafe { _mm_cmpeq_ps(self.0, b.0) }
    }
    #[inline(always)]
    unsafe fn both(a: __m128, b: __m128) -> __m128 {
        unsafe { _mm_and_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn select(mask: __m128, yes: Self, no: Self) -> Self {
        unsafe { Self(_mm_or_ps(_mm_and_ps(mask, yes.0), _mm_andnot_ps(mask, no.0))) }
    }
    #[inline(always)]
    unsafe fn keep(self, mask: __m128) -> Self {
        unsafe { Self(_mm_and_ps(mask, self.0)) }
    }
    #[inline(always)]
    unsafe fn drop(self, mask: __m128) -> Self {
        unsafe { Self(_mm_andnot_ps(mask, self.0)) }
    }
    #[inline(always)]
    unsafe fn equal_int(self, b: Self) -> __m128 {
        unsafe { _mm_castsi128_ps(_mm_cmpeq_epi32(_mm_castps_si128(self.0), _mm_castps_si128(b.0))) }
    }
    #[inline(always)]
    unsafe fn at_least_unsigned(self, b: Self) -> __m128 {
        unsafe {
            let flip = Self::splat_int(i32::MIN);
            let (x, y) = (_mm_castps_si128(self.xor(flip).0), _mm_castps_si128(b.xor(flip).0));
            let less = _mm_cmplt_epi32(x, y);
            _mm_castsi128_ps(_mm_xor_si128(less, _mm_set1_epi32(-1)))
        }
    }
    #[inline(always)]
    unsafe fn store_interleaved(self, b: Self, p: *mut f32) {
        unsafe {
            _mm_storeu_ps(p, _mm_unpacklo_ps(self.0, b.0));
            _mm_storeu_ps(p.add(4), _mm_unpackhi_ps(self.0, b.0));
        }
    }
    #[inline(always)]
    unsafe fn add_quads(self, sums: Quad) -> Quad {
        unsafe { sums.add(self) }
    }
    #[inline(always)]
    unsafe fn add_quads_first(self, sums: Quad, count: usize) -> Quad {
        unsafe {
            let lanes = _mm_castps_si128(Self::count_up().0);
            let mask = _mm_castsi128_ps(_mm_cmplt_epi32(lanes, _mm_set1_epi32(count as i32)));
            sums.add(self.keep(mask))
        }
    }
}

impl<const FUSED: bool> Vector for Avx2<FUSED> {
    type Mask = __m256;
    type Half = Self;
    common!(
        8, si256, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_set1_ps, _mm256_set1_epi32, _mm256_add_ps,
        _mm256_sub_ps, _mm256_mul_ps, _mm256_div_ps, _mm256_sqrt_ps, _mm256_min_ps, _mm256_max_ps,
        _mm256_and_si256, _mm256_or_si256, _mm256_xor_si256, _mm256_add_epi32, _mm256_sub_epi32,
        _mm256_slli_epi32, _mm256_srai_epi32, _mm256_srli_epi32, _mm256_cvtepi32_ps, _mm256_castps_si256,
        _mm256_castsi256_ps
    );
    shifts!(
        _mm256_slli_epi32,
        _mm256_srai_epi32,
        _mm256_srli_epi32,
        _mm256_castps_si256,
        _mm256_castsi256_ps
    );
    unsigned_by_halves!();

    #[inline(always)]
    unsafe fn store_first(self, p: *mut f32, count: usize) {
        unsafe {
            // Some processors take tens of cycles for a store with a mask.
            let (mut rest, mut p) = (_mm256_castps256_ps128(self.0), p);
            if count & 4 != 0 {
                _mm_storeu_ps(p, rest);
                (rest, p) = (_mm256_extractf128_ps::<1>(self.0), p.add(4));
            }
            if count & 2 != 0 {
                _mm_storel_epi64(p.cast(), _mm_castps_si128(rest));
                (rest, p) = (_mm_movehl_ps(rest, rest), p.add(2));
            }
            if count & 1 != 0 {
                _mm_store_ss(p, rest);
            }
        }
    }
    #[inline(always)]
    unsafe fn count_up() -> Self {
        unsafe { Self(_mm256_castsi256_ps(_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7))) }
    }
    #[inline(always)]
    unsafe fn add_product(self, a: Self, b: Self) -> Self {
        unsafe {
            if FUSED {
                Self(_mm256_fmadd_ps(a.0, b.0, self.0))
            } else {
                self.add(a.mul(b))
            }
        }
    }
    #[inline(always)]
    unsafe fn lt(self, b: Self) -> __m256 {
        unsafe { _mm256_cmp_ps::<_CMP_LT_OQ>(self.0, b.0) }
    }
    #[inline(always)]
    unsafe fn le(self, b: Self) -> __m256 {
        unsafe { _mm256_cmp_ps::<_CMP_LE_OQ>(self.0, b.0) }
    }
    #[inline(always)]
    unsafe fn equal(self, b: Self) -> __m256 {
        unsafe { _mm256_cmp_ps::<_CMP_EQ_OQ>(self.0, b.0) }
    }
    #[inline(always)]
    unsafe fn both(a: __m256, b: __m256) -> __m256 {
        unsafe { _mm256_and_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn select(mask: __m256, yes: Self, no: Self) -> Self {
        unsafe { Self(_mm256_blendv_ps(no.0, yes.0, mask)) }
    }
    #[inline(always)]
    unsafe fn keep(self, mask: __m256) -> Self {
        unsafe { Self(_mm256_and_ps(mask, self.0)) }
    }
    #[inline(always)]
    unsafe fn drop(self, mask: __m256) -> Self {
        unsafe { Self(_mm256_andnot_ps(mask, self.0)) }
    }
    #[inline(always)]
    unsafe fn equal_int(self, b: Self) -> __m256 {
        unsafe {
            let (x, y) = (_mm256_castps_si256(self.0), _mm256_castps_si256(b.0));
            _mm256_castsi256_ps(_mm256_cmpeq_epi32(x, y))
        }
    }
    #[inline(always)]
    unsafe fn at_least_unsigned(self, b: Self) -> __m256 {
        unsafe {
            let (x, y) = (_mm256_castps_si256(self.0), _mm256_castps_si256(b.0));
            _mm256_castsi256_ps(_mm256_cmpeq_epi32(_mm256_max_epu32(x, y), x))
        }
    }
    #[inline(always)]
    unsafe fn store_interleaved(self, b: Self, p: *mut f32) {
        unsafe {
            let (low, high) = (_mm256_unpacklo_ps(self.0, b.0), _mm256_unpackhi_ps(self.0, b.0));
            _mm256_storeu_ps(p, _mm256_permute2f128_ps::<0x20>(low, high));
            _mm256_storeu_ps(p.add(8), _mm256_permute2f128_ps::<0x31>(low, high));
        }
    }
    #[inline(always)]
    unsafe fn add_quads(self, sums: Quad) -> Quad {
        unsafe {
            let sums = sums.add(Sse2(_mm256_castps256_ps128(self.0)));
            sums.add(Sse2(_mm256_extractf128_ps::<1>(self.0)))
        }
    }
    #[inline(always)]
    unsafe fn add_quads_first(self, sums: Quad, count: usize) -> Quad {
        unsafe {
            let (low, high) = (_mm256_castps256_ps128(self.0), _mm256_extractf128_ps::<1>(self.0));
            if count <= 4 {
                return Sse2(low).add_quads_first(sums, count);
            }
            Sse2(high).add_quads_first(sums.add(Sse2(low)), count - 4)
        }
    }
}

impl<const FUSED: bool> Vector for Avx512<FUSED> {
    type Mask = __mmask16;
    type Half = Avx2<FUSED>;
    common!(
        16, si512, _mm512_loadu_ps, _mm512_storeu_ps, _mm512_set1_ps, _mm512_set1_epi32, _mm512_add_ps,
        _mm512_sub_ps, _mm512_mul_ps, _mm512_div_ps, _mm512_sqrt_ps, _mm512_min_ps, _mm512_max_ps,
        _mm512_and_si512, _mm512_or_si512, _mm512_xor_si512, _mm512_add_epi32, _mm512_sub_epi32,
        _mm512_slli_epi32, _mm512_srai_epi32, _mm512_srli_epi32, _mm512_cvtepi32_ps, _mm512_castps_si512,
        _mm512_castsi512_ps
    );

    #[inline(always)]
    unsafe fn shift_left<const BY: i32>(self) -> Self {
        unsafe {
            let count = _mm_cvtsi32_si128(BY);
            Self(_mm512_castsi512_ps(_mm512_sll_epi32(_mm512_castps_si512(self.0), count)))
        }
    }
    #[inline(always)]
    unsafe fn shift_right<const BY: i32>(self) -> Self {
        unsafe {
            let count = _mm_cvtsi32_si128(BY);
            Self(_mm512_castsi512_ps(_mm512_sra_epi32(_mm512_castps_si512(self.0), count)))
        }
    }
    #[inline(always)]
    unsafe fn shift_right_unsigned<const BY: i32>(self) -> Self {
        unsafe {
            let count = _mm_cvtsi32_si128(BY);
            Self(_mm512_castsi512_ps(_mm512_srl_epi32(_mm512_castps_si512(self.0), count)))
        }
    }
    #[inline(always)]
    unsafe fn from_unsigned(self) -> Self {
        unsafe { Self(_mm512_cvtepu32_ps(_mm512_castps_si512(self.0))) }
    }
    #[inline(always)]
    unsafe fn store_first(self, p: *mut f32, count: usize) {
        unsafe { _mm512_mask_storeu_ps(p, ((1u32 << count) - 1) as __mmask16, self.0) }
    }
    #[inline(always)]
    unsafe fn count_up() -> Self {
        unsafe {
            Self(_mm512_castsi512_ps(_mm512_setr_epi32(
                0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
            )))
        }
    }
    #[inline(always)]
    unsafe fn add_product(self, a: Self, b: Self) -> Self {
        unsafe {
            if FUSED {
                Self(_mm512_fmadd_ps(a.0, b.0, self.0))
            } else {
                self.add(a.mul(b))
            }
        }
    }
    #[inline(always)]
    unsafe fn lt(self, b: Self) -> __mmask16 {
        unsafe { _mm512_cmp_ps_mask::<_CMP_LT_OQ>(self.0, b.0) }
    }
    #[inline(always)]
    unsafe fn le(self, b: Self) -> __mmask16 {
        unsafe { _mm512_cmp_ps_mask::<_CMP_LE_OQ>(self.0, b.0) }
    }
    #[inline(always)]
    unsafe fn equal(self, b: Self) -> __mmask16 {
        unsafe { _mm512_cmp_ps_mask::<_CMP_EQ_OQ>(self.0, b.0) }
    }
    #[inline(always)]
    unsafe fn both(a: __mmask16, b: __mmask16) -> __mmask16 {
        a & b
    }
    #[inline(always)]
    unsafe fn select(mask: __mmask16, yes: Self, no: Self) -> Self {
        unsafe { Self(_mm512_mask_blend_ps(mask, no.0, yes.0)) }
    }
    #[inline(always)]
    unsafe fn keep(self, mask: __mmask16) -> Self {
        unsafe { Self(_mm512_maskz_mov_ps(mask, self.0)) }
    }
    #[inline(always)]
    unsafe fn drop(self, mask: __mmask16) -> Self {
        unsafe { Self(_mm512_maskz_mov_ps(!mask, self.0)) }
    }
    #[inline(always)]
    unsafe fn equal_int(self, b: Self) -> __mmask16 {
        unsafe { _mm512_cmpeq_epi32_mask(_mm512_castps_si512(self.0), _mm512_castps_si512(b.0)) }
    }
    #[inline(always)]
    unsafe fn at_least_unsigned(self, b: Self) -> __mmask16 {
        unsafe { _mm512_cmpge_epu32_mask(_mm512_castps_si512(self.0), _mm512_castps_si512(b.0)) }
    }
    #[inline(always)]
    unsafe fn store_interleaved(self, b: Self, p: *mut f32) {
        unsafe {
            let first = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
            let second = _mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
            _mm512_storeu_ps(p, _mm512_permutex2var_ps(self.0, first, b.0));
            _mm512_storeu_ps(p.add(16), _mm512_permutex2var_ps(self.0, second, b.0));
        }
    }
    #[inline(always)]
    unsafe fn add_quads(self, sums: Quad) -> Quad {
        unsafe {
            let sums = sums.add(Sse2(_mm512_castps512_ps128(self.0)));
            let sums = sums.add(Sse2(_mm512_extractf32x4_ps::<1>(self.0)));
            let sums = sums.add(Sse2(_mm512_extractf32x4_ps::<2>(self.0)));
            sums.add(Sse2(_mm512_extractf32x4_ps::<3>(self.0)))
        }
    }
    #[inline(always)]
    unsafe fn add_quads_first(self, sums: Quad, count: usize) -> Quad {
        unsafe {
            let mut lanes = [0f32; 16];
            self.store(lanes.as_mut_ptr());
            let mut sums = sums;
            let mut at = 0;
            while at + 4 <= count {
                sums = sums.add(Sse2::load(lanes.as_ptr().add(at)));
                at += 4;
            }
            if at < count {
                sums = Sse2::load(lanes.as_ptr().add(at)).add_quads_first(sums, count - at);
            }
            sums
        }
    }
}
