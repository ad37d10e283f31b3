// Written by scripts/write-kernel-table.js from src/tensor/kernels/. Do not edit.
//! Kernels by name, with their files. The shared files have no kernel of their own.
use crate::kernel::Kernel;

pub mod columns;
pub mod math;
pub mod pack;
pub mod product;
pub mod rows;
pub mod tile;

#[path = "../../../src/tensor/kernels/optimiser/adam.rs"]
pub mod adam;
#[path = "../../../src/tensor/kernels/optimiser/adam_element.rs"]
pub mod adam_element;
#[path = "../../../src/tensor/kernels/optimiser/adam_grouped.rs"]
pub mod adam_grouped;
#[path = "../../../src/tensor/kernels/sequences/attention.rs"]
pub mod attention;
#[path = "../../../src/tensor/kernels/sequences/attention_sample.rs"]
pub mod attention_sample;
#[path = "../../../src/tensor/kernels/elementwise/elementwise.rs"]
pub mod elementwise;
#[path = "../../../src/tensor/kernels/matrices/gemm.rs"]
pub mod gemm;
#[path = "../../../src/tensor/kernels/experts/gram.rs"]
pub mod gram;
#[path = "../../../src/tensor/kernels/experts/grouped.rs"]
pub mod grouped;
#[path = "../../../src/tensor/kernels/layout/layout.rs"]
pub mod layout;
#[path = "../../../src/tensor/kernels/experts/mixture.rs"]
pub mod mixture;
#[path = "../../../src/tensor/kernels/reductions/normalise.rs"]
pub mod normalise;
#[path = "../../../src/tensor/kernels/elementwise/random.rs"]
pub mod random;
#[path = "../../../src/tensor/kernels/reductions/reduce.rs"]
pub mod reduce;
#[path = "../../../src/tensor/kernels/experts/routing.rs"]
pub mod routing;

/// Kernels in the order of the indices that JavaScript uses.
pub static KERNELS: &[Kernel] = &[
    Kernel { name: "fill", arity: 3, run: elementwise::fill },
    Kernel { name: "copyRange", arity: 3, run: elementwise::copy_range },
    Kernel { name: "addRange", arity: 3, run: elementwise::add_range },
    Kernel { name: "unary", arity: 4, run: elementwise::unary },
    Kernel { name: "unaryBackward", arity: 6, run: elementwise::unary_backward },
    Kernel { name: "activationBackward", arity: 5, run: elementwise::activation_backward },
    Kernel { name: "binary", arity: 5, run: elementwise::binary },
    Kernel { name: "affine", arity: 5, run: elementwise::affine },
    Kernel { name: "addScaled", arity: 4, run: elementwise::add_scaled },
    Kernel { name: "clamp", arity: 5, run: elementwise::clamp },
    Kernel { name: "clampBackward", arity: 6, run: elementwise::clamp_backward },
    Kernel { name: "dropout", arity: 7, run: random::dropout },
    Kernel { name: "normals", arity: 5, run: random::normals },
    Kernel { name: "topK", arity: 6, run: routing::top_k },
    Kernel { name: "dispatch", arity: 9, run: routing::dispatch },
    Kernel { name: "groupedLinear", arity: 10, run: grouped::linear },
    Kernel { name: "groupedLinearBackwardInput", arity: 12, run: grouped::linear_backward_input },
    Kernel { name: "groupedWeightGradient", arity: 8, run: grouped::weight_gradient },
    Kernel { name: "groupedBiasGradient", arity: 5, run: grouped::bias_gradient },
    Kernel { name: "groupedSquaredNorm", arity: 7, run: gram::squared_norm },
    Kernel { name: "gaussianMixture", arity: 14, run: mixture::mixture },
    Kernel { name: "gaussianMixtureBackward", arity: 16, run: mixture::mixture_backward },
    Kernel { name: "broadcast2", arity: 6, run: layout::broadcast },
    Kernel { name: "gatherRows", arity: 6, run: layout::gather_rows },
    Kernel { name: "scatterAddRows", arity: 6, run: layout::scatter_add_rows },
    Kernel { name: "permute4", arity: 10, run: layout::permute },
    Kernel { name: "gemm", arity: 9, run: gemm::gemm },
    Kernel { name: "batchedGemm", arity: 10, run: gemm::batched_gemm },
    Kernel { name: "linear", arity: 7, run: gemm::linear },
    Kernel { name: "adamSettings", arity: 7, run: adam::settings },
    Kernel { name: "adam", arity: 7, run: adam::adam },
    Kernel { name: "adamGrouped", arity: 12, run: adam_grouped::adam_grouped },
    Kernel { name: "adamRows", arity: 8, run: adam::adam_rows },
    Kernel { name: "reduceSum", arity: 6, run: reduce::reduce_sum },
    Kernel { name: "reduceSumBackward", arity: 6, run: reduce::reduce_sum_backward },
    Kernel { name: "reduceMax", arity: 5, run: reduce::reduce_max },
    Kernel { name: "reduceMaxBackward", arity: 6, run: reduce::reduce_max_backward },
    Kernel { name: "columnSums", arity: 4, run: reduce::column_sums },
    Kernel { name: "rowSums", arity: 4, run: reduce::row_sums },
    Kernel { name: "squaredNorm", arity: 2, run: reduce::squared_norm },
    Kernel { name: "softmax", arity: 4, run: normalise::softmax },
    Kernel { name: "softmaxBackward", arity: 5, run: normalise::softmax_backward },
    Kernel { name: "logSumExp", arity: 5, run: normalise::log_sum_exp },
    Kernel { name: "layerNorm", arity: 9, run: normalise::layer_norm },
    Kernel { name: "layerNormBackward", arity: 10, run: normalise::layer_norm_backward },
    Kernel { name: "addLayerNorm", arity: 11, run: normalise::add_layer_norm },
    Kernel { name: "attentionCall", arity: 13, run: attention::settings },
    Kernel { name: "packedAttention", arity: 9, run: attention::attention },
    Kernel { name: "packedAttentionBackward", arity: 16, run: attention::attention_backward },
];
