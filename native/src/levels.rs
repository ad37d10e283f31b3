//! Instruction sets. Each block of each kernel is compiled once for each of them. The best one of the
//! processor is selected at run time.
use crate::blocks::with_blocks;
use crate::call::{Args, Block};
use crate::kernels::product::{Product, product};
use crate::vector::Vector;

/// A vector whose products are compiled for its instruction set.
#[allow(clippy::missing_safety_doc)]
pub trait Leveled: Vector {
    unsafe fn product(p: &Product);
}

macro_rules! level_struct {
    ([] $($name:ident: $file:ident :: $block:ident;)*) => {
        /// Blocks of all kernels for one instruction set.
        pub struct Level {
            pub name: &'static str,
            /// True if multiply and add are fused with one rounding: the fast arithmetic.
            pub fused: bool,
            /// Runs rounds of multiply and add: [`crate::peak`].
            pub peak: unsafe fn(usize) -> (f64, f32),
            $(pub $name: Block,)*
        }
    };
}
with_blocks!(level_struct,);

macro_rules! level {
    ([$module:ident, $label:literal, $vector:ty, $fused:literal, $rows:literal, $vectors:literal,
      $features:literal] $($name:ident: $file:ident :: $block:ident;)*) => {
        mod $module {
            use super::*;

            #[target_feature(enable = $features)]
            unsafe fn whole_product(p: &Product) {
                unsafe { product::<$vector, $rows, $vectors>(p) }
            }

            impl Leveled for $vector {
                #[inline(always)]
                unsafe fn product(p: &Product) {
                    unsafe { whole_product(p) }
                }
            }

            $(
                #[target_feature(enable = $features)]
                unsafe fn $name(args: &Args, from: usize, to: usize) {
                    unsafe { crate::kernels::$file::$block::<$vector>(args, from, to) }
                }
            )*

            #[target_feature(enable = $features)]
            unsafe fn peak(rounds: usize) -> (f64, f32) {
                unsafe { crate::peak::peak::<$vector>(rounds) }
            }

            pub static LEVEL: Level = Level { name: $label, fused: $fused, peak, $($name,)* };
        }
    };
}

#[cfg(target_arch = "x86_64")]
mod sets {
    use super::*;
    use crate::vector::{Avx2, Avx512, Sse2};

    with_blocks!(level, sse2, "SSE2", Sse2, false, 6, 2, "sse2");
    with_blocks!(level, avx2, "AVX2", Avx2<false>, false, 6, 2, "avx2");
    with_blocks!(level, avx2_fused, "AVX2 + FMA", Avx2<true>, true, 6, 2, "avx2,fma");
    with_blocks!(
        level,
        avx512,
        "AVX-512",
        Avx512<false>,
        false,
        4,
        6,
        "avx2,avx512f,avx512dq,avx512vl,avx512bw"
    );
    with_blocks!(
        level,
        avx512_fused,
        "AVX-512 + FMA",
        Avx512<true>,
        true,
        4,
        6,
        "avx2,fma,avx512f,avx512dq,avx512vl,avx512bw"
    );

    /// From the plainest to the best.
    pub fn available() -> Vec<&'static Level> {
        let mut levels = vec![&sse2::LEVEL];
        if is_x86_feature_detected!("avx2") {
            levels.push(&avx2::LEVEL);
            if is_x86_feature_detected!("fma") {
                levels.push(&avx2_fused::LEVEL);
            }
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512bw")
            {
                levels.push(&avx512::LEVEL);
                if is_x86_feature_detected!("fma") {
                    levels.push(&avx512_fused::LEVEL);
                }
            }
        }
        levels
    }
}

#[cfg(target_arch = "aarch64")]
mod sets {
    use super::*;
    use crate::vector::Neon;

    with_blocks!(level, neon, "NEON", Neon<false>, false, 8, 2, "neon");
    with_blocks!(level, neon_fused, "NEON + FMA", Neon<true>, true, 8, 2, "neon");

    /// From the plainest to the best.
    pub fn available() -> Vec<&'static Level> {
        vec![&neon::LEVEL, &neon_fused::LEVEL]
    }
}

pub use sets::available;
