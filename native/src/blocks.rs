// Written by scripts/write-kernel-table.js from src/tensor/kernels/. Do not edit.
/// Passes all blocks to `$callback`: name in `Level`, kernel file, function.
macro_rules! with_blocks {
    ($callback:ident, $($parameters:tt)*) => {
        $callback! {
            [$($parameters)*]
            fill: elementwise::fill_block;
            add_range: elementwise::add_range_block;
            unary: elementwise::unary_block;
            unary_backward: elementwise::unary_backward_block;
            activation_backward: elementwise::activation_backward_block;
            binary: elementwise::binary_block;
            affine: elementwise::affine_block;
            add_scaled: elementwise::add_scaled_block;
            clamp: elementwise::clamp_block;
            clamp_backward: elementwise::clamp_backward_block;
            dropout: random::dropout_block;
            normals: random::normals_block;
            grouped_linear: grouped::linear_block;
            grouped_input_products: grouped::input_products_block;
            grouped_input_sums: grouped::input_sums_block;
            grouped_weight_gradient: grouped::weight_gradient_block;
            grouped_bias_gradient: grouped::bias_gradient_block;
            gaussian_mixture: mixture::mixture_block;
            gaussian_mixture_backward: mixture::mixture_backward_block;
            broadcast: layout::broadcast_block;
            scatter_add_rows: layout::scatter_add_rows_block;
            permute: layout::permute_block;
            gemm: gemm::gemm_block;
            batched_gemm: gemm::batched_gemm_block;
            linear: gemm::linear_block;
            adam: adam::adam_block;
            adam_grouped: adam_grouped::adam_grouped_block;
            adam_rows: adam::adam_rows_block;
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
            add_layer_norm: normalise::add_layer_norm_block;
            attention: attention::attention_block;
            attention_backward: attention::backward_block;
            attention_backward_heads: attention::backward_heads_block;
        }
    };
}
pub(crate) use with_blocks;
