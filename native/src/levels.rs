//! Instruction sets. Each block of each kernel is compiled once for each of them. The best one of the
//! processor is selected at run time.
use crate::call::{Args, Block};
use crate::kernels::product::{Product, product};
use crate::vector::Vector;

/// A vector whose products are compiled for its instruction set.
#[allow(clippy::missing_safety_doc)]
pub trait Leveled: Vector {
    unsafe fn product(p: &Product);
}

/// Passes all blocks to `$callback`: the name in [`Level`], the file under kernels/, the function.
macro_rules! with_blocks {
    ($callback:ident, $($parameters:tt)*) => {
        $callback! {
            [$($parameters)*]
            fill: elementwise::fill_block;
            add_range: elementwise::add_range_block;
            unary: elementwise::unary_block;
            unary_backward: elementwise::unary_backward_block;
            binary: elementwise::binary_block;
            affine: elementwise::affine_block;
            add_scaled: elementwise::add_scaled_block;
            clamp: elementwise::clamp_block;
            clamp_backward: elementwise::clamp_backward_block;
            broadcast: layout::broadcast_block;
            scatter_add_rows: layout::scatter_add_rows_block;
            permute: layout::permute_block;
            reduce_sum: reduce::reduce_sum_block;
            reduce_sum_backward: reduce::reduce_sum_backward_block;
            reduce_max: reduce::reduce_max_block;
            reduce_max_backward: reduce::reduce_max_backward_block;
            column_sums: reduce::column_sums_block;
            row_sums: reduce::row_sums_block;
            softmax: normalise::softmax_block;
            softmax_backward: normalise::softmax_backward_block;
            log_sum_exp: normalise::log_sum_exp_block;
            layer_norm: normalise::layer_norm_block;
            layer_norm_input: normalise::layer_norm_input_block;
            layer_norm_parameters: normalise::layer_norm_parameters_block;
            gemm: gemm::gemm_block;
            linear: gemm::linear_block;
            batched_gemm: gemm::batched_gemm_block;
            grouped_linear: grouped::linear_block;
            grouped_input_products: grouped::input_products_block;
            grouped_input_sums: grouped::input_sums_block;
            grouped_weight_gradient: grouped::weight_gradient_block;
            grouped_bias_gradient: grouped::bias_gradient_block;
            gaussian_mixture: mixture::mixture_block;
            gaussian_mixture_backward: mixture::mixture_backward_block;
            normals: random::normals_block;
            dropout: random::dropout_block;
            adam: adam::adam_block;
            adam_rows: adam::adam_rows_block;
            add_layer_norm: normalise::add_layer_norm_block;
            activation_backward: elementwise::activation_backward_block;
            attention: attention::attention_block;
            attention_backward: attention::backward_block;
            attention_backward_heads: attention::backward_heads_block;
            adam_grouped: adam_grouped::adam_grouped_block;
        }
    };
}

macro_rules! level_struct {
    ([] $($name:ident: $file:ident :: $block:ident;)*) => {
        /// Blocks of all kernels for one instruction set.
        pub struct Level {
            pub name: &'static str,
            /// True if multiply and add are fused with one rounding: the fast arithmetic.
            pub fused: bool,
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

            pub static LEVEL: Level = Level { name: $label, fused: $fused, $($name,)* };
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
    with_blocks!(level, avx512, "AVX-512", Avx512<false>, false, 8, 3, "avx2,avx512f,avx512dq,avx512vl,avx512bw");
    with_blocks!(
        level,
        avx512_fused,
        "AVX-512 + FMA",
        Avx512<true>,
        true,
        8,
        3,
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
