// Register tiles: c[r, :] += sum over k of a[k, r] * b[k, :], in order of k. Multiply and add are separate
// (vector.ts), because Wasm has no fused form that is the same everywhere.
//
// `a` is packed [k][rows]. `b` and `c` are row-major with strides in bytes. Every tile adds the same products
// in the same order for an output element, so a row's bits do not depend on its tile.
//
// x86 has 16 vector registers, and V8 reserves one. It loads all operands of an iteration before it
// multiplies, so sums plus loads must fit. 4 x 8 needs 8 + 6 and fits. 4 x 12 needs 12 + 7, so its sums would
// go through the stack in every iteration.
import { addProduct } from "./vector";

/** 4 rows x 12 columns. */
export function tile4x3(a: usize, b: usize, ldb: usize, c: usize, ldc: usize, k: usize): void {
  const c1 = c + ldc;
  const c2 = c1 + ldc;
  const c3 = c2 + ldc;
  let x0_0 = v128.load(c);
  let x0_1 = v128.load(c, 16);
  let x0_2 = v128.load(c, 32);
  let x1_0 = v128.load(c1);
  let x1_1 = v128.load(c1, 16);
  let x1_2 = v128.load(c1, 32);
  let x2_0 = v128.load(c2);
  let x2_1 = v128.load(c2, 16);
  let x2_2 = v128.load(c2, 32);
  let x3_0 = v128.load(c3);
  let x3_1 = v128.load(c3, 16);
  let x3_2 = v128.load(c3, 32);
  for (const end = a + k * 16; a < end; a += 16) {
    let s: v128;
    const w0 = v128.load(b);
    const w1 = v128.load(b, 16);
    const w2 = v128.load(b, 32);
    s = v128.load32_splat(a);
    x0_0 = addProduct(x0_0, s, w0);
    x0_1 = addProduct(x0_1, s, w1);
    x0_2 = addProduct(x0_2, s, w2);
    s = v128.load32_splat(a, 4);
    x1_0 = addProduct(x1_0, s, w0);
    x1_1 = addProduct(x1_1, s, w1);
    x1_2 = addProduct(x1_2, s, w2);
    s = v128.load32_splat(a, 8);
    x2_0 = addProduct(x2_0, s, w0);
    x2_1 = addProduct(x2_1, s, w1);
    x2_2 = addProduct(x2_2, s, w2);
    s = v128.load32_splat(a, 12);
    x3_0 = addProduct(x3_0, s, w0);
    x3_1 = addProduct(x3_1, s, w1);
    x3_2 = addProduct(x3_2, s, w2);
    b += ldb;
  }
  v128.store(c, x0_0);
  v128.store(c, x0_1, 16);
  v128.store(c, x0_2, 32);
  v128.store(c1, x1_0);
  v128.store(c1, x1_1, 16);
  v128.store(c1, x1_2, 32);
  v128.store(c2, x2_0);
  v128.store(c2, x2_1, 16);
  v128.store(c2, x2_2, 32);
  v128.store(c3, x3_0);
  v128.store(c3, x3_1, 16);
  v128.store(c3, x3_2, 32);
}

/** 3 rows x 16 columns. */
export function tile3x4(a: usize, b: usize, ldb: usize, c: usize, ldc: usize, k: usize): void {
  const c1 = c + ldc;
  const c2 = c1 + ldc;
  let x0_0 = v128.load(c);
  let x0_1 = v128.load(c, 16);
  let x0_2 = v128.load(c, 32);
  let x0_3 = v128.load(c, 48);
  let x1_0 = v128.load(c1);
  let x1_1 = v128.load(c1, 16);
  let x1_2 = v128.load(c1, 32);
  let x1_3 = v128.load(c1, 48);
  let x2_0 = v128.load(c2);
  let x2_1 = v128.load(c2, 16);
  let x2_2 = v128.load(c2, 32);
  let x2_3 = v128.load(c2, 48);
  for (const end = a + k * 12; a < end; a += 12) {
    let s: v128;
    const w0 = v128.load(b);
    const w1 = v128.load(b, 16);
    const w2 = v128.load(b, 32);
    const w3 = v128.load(b, 48);
    s = v128.load32_splat(a);
    x0_0 = addProduct(x0_0, s, w0);
    x0_1 = addProduct(x0_1, s, w1);
    x0_2 = addProduct(x0_2, s, w2);
    x0_3 = addProduct(x0_3, s, w3);
    s = v128.load32_splat(a, 4);
    x1_0 = addProduct(x1_0, s, w0);
    x1_1 = addProduct(x1_1, s, w1);
    x1_2 = addProduct(x1_2, s, w2);
    x1_3 = addProduct(x1_3, s, w3);
    s = v128.load32_splat(a, 8);
    x2_0 = addProduct(x2_0, s, w0);
    x2_1 = addProduct(x2_1, s, w1);
    x2_2 = addProduct(x2_2, s, w2);
    x2_3 = addProduct(x2_3, s, w3);
    b += ldb;
  }
  v128.store(c, x0_0);
  v128.store(c, x0_1, 16);
  v128.store(c, x0_2, 32);
  v128.store(c, x0_3, 48);
  v128.store(c1, x1_0);
  v128.store(c1, x1_1, 16);
  v128.store(c1, x1_2, 32);
  v128.store(c1, x1_3, 48);
  v128.store(c2, x2_0);
  v128.store(c2, x2_1, 16);
  v128.store(c2, x2_2, 32);
  v128.store(c2, x2_3, 48);
}

/** 2 rows x 24 columns. */
export function tile2x6(a: usize, b: usize, ldb: usize, c: usize, ldc: usize, k: usize): void {
  const c1 = c + ldc;
  let x0_0 = v128.load(c);
  let x0_1 = v128.load(c, 16);
  let x0_2 = v128.load(c, 32);
  let x0_3 = v128.load(c, 48);
  let x0_4 = v128.load(c, 64);
  let x0_5 = v128.load(c, 80);
  let x1_0 = v128.load(c1);
  let x1_1 = v128.load(c1, 16);
  let x1_2 = v128.load(c1, 32);
  let x1_3 = v128.load(c1, 48);
  let x1_4 = v128.load(c1, 64);
  let x1_5 = v128.load(c1, 80);
  for (const end = a + k * 8; a < end; a += 8) {
    let s: v128;
    const w0 = v128.load(b);
    const w1 = v128.load(b, 16);
    const w2 = v128.load(b, 32);
    const w3 = v128.load(b, 48);
    const w4 = v128.load(b, 64);
    const w5 = v128.load(b, 80);
    s = v128.load32_splat(a);
    x0_0 = addProduct(x0_0, s, w0);
    x0_1 = addProduct(x0_1, s, w1);
    x0_2 = addProduct(x0_2, s, w2);
    x0_3 = addProduct(x0_3, s, w3);
    x0_4 = addProduct(x0_4, s, w4);
    x0_5 = addProduct(x0_5, s, w5);
    s = v128.load32_splat(a, 4);
    x1_0 = addProduct(x1_0, s, w0);
    x1_1 = addProduct(x1_1, s, w1);
    x1_2 = addProduct(x1_2, s, w2);
    x1_3 = addProduct(x1_3, s, w3);
    x1_4 = addProduct(x1_4, s, w4);
    x1_5 = addProduct(x1_5, s, w5);
    b += ldb;
  }
  v128.store(c, x0_0);
  v128.store(c, x0_1, 16);
  v128.store(c, x0_2, 32);
  v128.store(c, x0_3, 48);
  v128.store(c, x0_4, 64);
  v128.store(c, x0_5, 80);
  v128.store(c1, x1_0);
  v128.store(c1, x1_1, 16);
  v128.store(c1, x1_2, 32);
  v128.store(c1, x1_3, 48);
  v128.store(c1, x1_4, 64);
  v128.store(c1, x1_5, 80);
}

/** 1 row x 48 columns. */
export function tile1x12(a: usize, b: usize, ldb: usize, c: usize, ldc: usize, k: usize): void {
  let x0_0 = v128.load(c);
  let x0_1 = v128.load(c, 16);
  let x0_2 = v128.load(c, 32);
  let x0_3 = v128.load(c, 48);
  let x0_4 = v128.load(c, 64);
  let x0_5 = v128.load(c, 80);
  let x0_6 = v128.load(c, 96);
  let x0_7 = v128.load(c, 112);
  let x0_8 = v128.load(c, 128);
  let x0_9 = v128.load(c, 144);
  let x0_10 = v128.load(c, 160);
  let x0_11 = v128.load(c, 176);
  for (const end = a + k * 4; a < end; a += 4) {
    const s0 = v128.load32_splat(a);
    let w: v128;
    w = v128.load(b);
    x0_0 = addProduct(x0_0, s0, w);
    w = v128.load(b, 16);
    x0_1 = addProduct(x0_1, s0, w);
    w = v128.load(b, 32);
    x0_2 = addProduct(x0_2, s0, w);
    w = v128.load(b, 48);
    x0_3 = addProduct(x0_3, s0, w);
    w = v128.load(b, 64);
    x0_4 = addProduct(x0_4, s0, w);
    w = v128.load(b, 80);
    x0_5 = addProduct(x0_5, s0, w);
    w = v128.load(b, 96);
    x0_6 = addProduct(x0_6, s0, w);
    w = v128.load(b, 112);
    x0_7 = addProduct(x0_7, s0, w);
    w = v128.load(b, 128);
    x0_8 = addProduct(x0_8, s0, w);
    w = v128.load(b, 144);
    x0_9 = addProduct(x0_9, s0, w);
    w = v128.load(b, 160);
    x0_10 = addProduct(x0_10, s0, w);
    w = v128.load(b, 176);
    x0_11 = addProduct(x0_11, s0, w);
    b += ldb;
  }
  v128.store(c, x0_0);
  v128.store(c, x0_1, 16);
  v128.store(c, x0_2, 32);
  v128.store(c, x0_3, 48);
  v128.store(c, x0_4, 64);
  v128.store(c, x0_5, 80);
  v128.store(c, x0_6, 96);
  v128.store(c, x0_7, 112);
  v128.store(c, x0_8, 128);
  v128.store(c, x0_9, 144);
  v128.store(c, x0_10, 160);
  v128.store(c, x0_11, 176);
}

/** 4 rows x 4 columns. */
export function tile4x1(a: usize, b: usize, ldb: usize, c: usize, ldc: usize, k: usize): void {
  const c1 = c + ldc;
  const c2 = c1 + ldc;
  const c3 = c2 + ldc;
  let x0_0 = v128.load(c);
  let x1_0 = v128.load(c1);
  let x2_0 = v128.load(c2);
  let x3_0 = v128.load(c3);
  for (const end = a + k * 16; a < end; a += 16) {
    let s: v128;
    const w0 = v128.load(b);
    s = v128.load32_splat(a);
    x0_0 = addProduct(x0_0, s, w0);
    s = v128.load32_splat(a, 4);
    x1_0 = addProduct(x1_0, s, w0);
    s = v128.load32_splat(a, 8);
    x2_0 = addProduct(x2_0, s, w0);
    s = v128.load32_splat(a, 12);
    x3_0 = addProduct(x3_0, s, w0);
    b += ldb;
  }
  v128.store(c, x0_0);
  v128.store(c1, x1_0);
  v128.store(c2, x2_0);
  v128.store(c3, x3_0);
}

/** 3 rows x 4 columns. */
export function tile3x1(a: usize, b: usize, ldb: usize, c: usize, ldc: usize, k: usize): void {
  const c1 = c + ldc;
  const c2 = c1 + ldc;
  let x0_0 = v128.load(c);
  let x1_0 = v128.load(c1);
  let x2_0 = v128.load(c2);
  for (const end = a + k * 12; a < end; a += 12) {
    let s: v128;
    const w0 = v128.load(b);
    s = v128.load32_splat(a);
    x0_0 = addProduct(x0_0, s, w0);
    s = v128.load32_splat(a, 4);
    x1_0 = addProduct(x1_0, s, w0);
    s = v128.load32_splat(a, 8);
    x2_0 = addProduct(x2_0, s, w0);
    b += ldb;
  }
  v128.store(c, x0_0);
  v128.store(c1, x1_0);
  v128.store(c2, x2_0);
}

/** 2 rows x 4 columns. */
export function tile2x1(a: usize, b: usize, ldb: usize, c: usize, ldc: usize, k: usize): void {
  const c1 = c + ldc;
  let x0_0 = v128.load(c);
  let x1_0 = v128.load(c1);
  for (const end = a + k * 8; a < end; a += 8) {
    let s: v128;
    const w0 = v128.load(b);
    s = v128.load32_splat(a);
    x0_0 = addProduct(x0_0, s, w0);
    s = v128.load32_splat(a, 4);
    x1_0 = addProduct(x1_0, s, w0);
    b += ldb;
  }
  v128.store(c, x0_0);
  v128.store(c1, x1_0);
}

/** 1 row x 4 columns. */
export function tile1x1(a: usize, b: usize, ldb: usize, c: usize, ldc: usize, k: usize): void {
  let x0_0 = v128.load(c);
  for (const end = a + k * 4; a < end; a += 4) {
    const s0 = v128.load32_splat(a);
    let w: v128;
    w = v128.load(b);
    x0_0 = addProduct(x0_0, s0, w);
    b += ldb;
  }
  v128.store(c, x0_0);
}

/** 4 rows x 8 columns. */
export function tile4x2(a: usize, b: usize, ldb: usize, c: usize, ldc: usize, k: usize): void {
  const c1 = c + ldc;
  const c2 = c1 + ldc;
  const c3 = c2 + ldc;
  let x0_0 = v128.load(c);
  let x0_1 = v128.load(c, 16);
  let x1_0 = v128.load(c1);
  let x1_1 = v128.load(c1, 16);
  let x2_0 = v128.load(c2);
  let x2_1 = v128.load(c2, 16);
  let x3_0 = v128.load(c3);
  let x3_1 = v128.load(c3, 16);
  for (const end = a + k * 16; a < end; a += 16) {
    let s: v128;
    const w0 = v128.load(b);
    const w1 = v128.load(b, 16);
    s = v128.load32_splat(a);
    x0_0 = addProduct(x0_0, s, w0);
    x0_1 = addProduct(x0_1, s, w1);
    s = v128.load32_splat(a, 4);
    x1_0 = addProduct(x1_0, s, w0);
    x1_1 = addProduct(x1_1, s, w1);
    s = v128.load32_splat(a, 8);
    x2_0 = addProduct(x2_0, s, w0);
    x2_1 = addProduct(x2_1, s, w1);
    s = v128.load32_splat(a, 12);
    x3_0 = addProduct(x3_0, s, w0);
    x3_1 = addProduct(x3_1, s, w1);
    b += ldb;
  }
  v128.store(c, x0_0);
  v128.store(c, x0_1, 16);
  v128.store(c1, x1_0);
  v128.store(c1, x1_1, 16);
  v128.store(c2, x2_0);
  v128.store(c2, x2_1, 16);
  v128.store(c3, x3_0);
  v128.store(c3, x3_1, 16);
}
