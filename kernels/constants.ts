// Written by scripts/write-kernel-table.js from src/tensor/kernels/. Do not edit.
// @ts-ignore: decorator
@inline
export const UNARY_NEG: i32 = 0;
// @ts-ignore: decorator
@inline
export const UNARY_EXP: i32 = 1;
// @ts-ignore: decorator
@inline
export const UNARY_LOG: i32 = 2;
// @ts-ignore: decorator
@inline
export const UNARY_SQRT: i32 = 3;
// @ts-ignore: decorator
@inline
export const UNARY_SQUARE: i32 = 4;
// @ts-ignore: decorator
@inline
export const UNARY_ABS: i32 = 5;
// @ts-ignore: decorator
@inline
export const UNARY_RECIPROCAL: i32 = 6;
// @ts-ignore: decorator
@inline
export const UNARY_RELU: i32 = 7;
// @ts-ignore: decorator
@inline
export const UNARY_GELU: i32 = 8;
// @ts-ignore: decorator
@inline
export const UNARY_SIGMOID: i32 = 9;
// @ts-ignore: decorator
@inline
export const UNARY_TANH: i32 = 10;
// @ts-ignore: decorator
@inline
export const UNARY_SOFTPLUS: i32 = 11;
// @ts-ignore: decorator
@inline
export const UNARY_GELU_ERF: i32 = 12;
// @ts-ignore: decorator
@inline
export const BINARY_ADD: i32 = 0;
// @ts-ignore: decorator
@inline
export const BINARY_SUB: i32 = 1;
// @ts-ignore: decorator
@inline
export const BINARY_MUL: i32 = 2;
// @ts-ignore: decorator
@inline
export const BINARY_DIV: i32 = 3;
// @ts-ignore: decorator
@inline
export const BINARY_MAX: i32 = 4;
// @ts-ignore: decorator
@inline
export const BLOCK: usize = 16;
// @ts-ignore: decorator
@inline
export const DEPTH: usize = 64;
// @ts-ignore: decorator
@inline
export const QUERIES: usize = 64;
