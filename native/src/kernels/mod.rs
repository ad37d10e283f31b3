//! Kernels by name. The names are those of kernels/index.ts.
use crate::call::Call;
use std::cell::RefCell;

mod adam_element;
pub mod adam;
pub mod adam_grouped;
pub mod attention;
pub mod elementwise;
pub mod gemm;
pub mod gram;
pub mod grouped;
pub mod layout;
pub mod math;
pub mod mixture;
pub mod normalise;
pub mod product;
pub mod random;
pub mod reduce;
pub mod routing;
pub mod rows;

/// A kernel: its name, its number of arguments and its function.
pub struct Kernel {
    pub name: &'static str,
    pub arity: u32,
    pub run: fn(&Call) -> f64,
}

/// State that a call keeps for later calls of its thread.
#[derive(Clone, Copy, Default)]
pub struct Held {
    pub adam: adam::AdamSettings,
    pub attention: attention::AttentionCall,
}

thread_local! {
    static HELD: RefCell<Held> = RefCell::default();
}

fn hold(change: impl FnOnce(&mut Held)) {
    HELD.with_borrow_mut(change)
}

pub fn held() -> Held {
    HELD.with_borrow(|held| *held)
}

macro_rules! kernels {
    ($($name:literal, $arity:literal, $run:path;)*) => {
        /// Kernels in the order of the indices that JavaScript uses.
        pub static KERNELS: &[Kernel] = &[$(Kernel { name: $name, arity: $arity, run: $run },)*];
    };
}

kernels! {
    "fill", 3, elementwise::fill;
    "copyRange", 3, elementwise::copy_range;
    "addRange", 3, elementwise::add_range;
    "unary", 4, elementwise::unary;
    "unaryBackward", 6, elementwise::unary_backward;
    "binary", 5, elementwise::binary;
    "affine", 5, elementwise::affine;
    "addScaled", 4, elementwise::add_scaled;
    "clamp", 5, elementwise::clamp;
    "clampBackward", 6, elementwise::clamp_backward;
    "broadcast2", 6, layout::broadcast;
    "gatherRows", 6, layout::gather_rows;
    "scatterAddRows", 6, layout::scatter_add_rows;
    "permute4", 10, layout::permute;
    "reduceSum", 6, reduce::reduce_sum;
    "reduceSumBackward", 6, reduce::reduce_sum_backward;
    "reduceMax", 5, reduce::reduce_max;
    "reduceMaxBackward", 6, reduce::reduce_max_backward;
    "columnSums", 4, reduce::column_sums;
    "rowSums", 4, reduce::row_sums;
    "squaredNorm", 2, reduce::squared_norm;
    "softmax", 4, normalise::softmax;
    "softmaxBackward", 5, normalise::softmax_backward;
    "logSumExp", 5, normalise::log_sum_exp;
    "layerNorm", 9, normalise::layer_norm;
    "layerNormBackward", 10, normalise::layer_norm_backward;
    "gemm", 9, gemm::gemm;
    "batchedGemm", 10, gemm::batched_gemm;
    "linear", 7, gemm::linear;
    "topK", 6, routing::top_k;
    "dispatch", 9, routing::dispatch;
    "groupedLinear", 9, grouped::linear;
    "groupedLinearBackwardInput", 12, grouped::linear_backward_input;
    "groupedWeightGradient", 8, grouped::weight_gradient;
    "groupedBiasGradient", 5, grouped::bias_gradient;
    "groupedSquaredNorm", 7, gram::squared_norm;
    "gaussianMixture", 14, mixture::mixture;
    "gaussianMixtureBackward", 16, mixture::mixture_backward;
    "normals", 5, random::normals;
    "dropout", 7, random::dropout;
    "adamSettings", 7, adam::settings;
    "adam", 7, adam::adam;
    "adamGrouped", 12, adam_grouped::adam_grouped;
    "adamRows", 8, adam::adam_rows;
    "addLayerNorm", 11, normalise::add_layer_norm;
    "activationBackward", 5, elementwise::activation_backward;
    "attentionCall", 13, attention::settings;
    "packedAttention", 9, attention::attention;
    "packedAttentionBackward", 16, attention::attention_backward;
}
