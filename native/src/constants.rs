// Written by scripts/write-kernel-table.js from src/tensor/kernels/. Do not edit.
//! Codes of operations and sizes of blocks.
#![allow(dead_code)]

pub const UNARY_NEG: i32 = 0;
pub const UNARY_EXP: i32 = 1;
pub const UNARY_LOG: i32 = 2;
pub const UNARY_SQRT: i32 = 3;
pub const UNARY_SQUARE: i32 = 4;
pub const UNARY_ABS: i32 = 5;
pub const UNARY_RECIPROCAL: i32 = 6;
pub const UNARY_RELU: i32 = 7;
pub const UNARY_GELU: i32 = 8;
pub const UNARY_SIGMOID: i32 = 9;
pub const UNARY_TANH: i32 = 10;
pub const UNARY_SOFTPLUS: i32 = 11;
pub const UNARY_GELU_ERF: i32 = 12;
pub const BINARY_ADD: i32 = 0;
pub const BINARY_SUB: i32 = 1;
pub const BINARY_MUL: i32 = 2;
pub const BINARY_DIV: i32 = 3;
pub const BINARY_MAX: i32 = 4;
pub const BLOCK: usize = 16;
pub const DEPTH: usize = 64;
pub const QUERIES: usize = 64;

/// Calls `$run!(CODE)` with the code of the operation.
#[allow(unused_macros)]
macro_rules! by_unary {
    ($op:expr, $run:ident) => {{
        use crate::constants::*;
        match $op {
            UNARY_NEG => $run!(UNARY_NEG),
            UNARY_EXP => $run!(UNARY_EXP),
            UNARY_LOG => $run!(UNARY_LOG),
            UNARY_SQRT => $run!(UNARY_SQRT),
            UNARY_SQUARE => $run!(UNARY_SQUARE),
            UNARY_ABS => $run!(UNARY_ABS),
            UNARY_RECIPROCAL => $run!(UNARY_RECIPROCAL),
            UNARY_RELU => $run!(UNARY_RELU),
            UNARY_GELU => $run!(UNARY_GELU),
            UNARY_SIGMOID => $run!(UNARY_SIGMOID),
            UNARY_TANH => $run!(UNARY_TANH),
            UNARY_SOFTPLUS => $run!(UNARY_SOFTPLUS),
            _ => $run!(UNARY_GELU_ERF),
        }
    }};
}
#[allow(unused_imports)]
pub(crate) use by_unary;

/// Calls `$run!(CODE)` with the code of the operation.
#[allow(unused_macros)]
macro_rules! by_binary {
    ($op:expr, $run:ident) => {{
        use crate::constants::*;
        match $op {
            BINARY_ADD => $run!(BINARY_ADD),
            BINARY_SUB => $run!(BINARY_SUB),
            BINARY_MUL => $run!(BINARY_MUL),
            BINARY_DIV => $run!(BINARY_DIV),
            _ => $run!(BINARY_MAX),
        }
    }};
}
#[allow(unused_imports)]
pub(crate) use by_binary;
