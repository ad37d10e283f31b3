// One to three rows times a matrix. Walks b along its rows, in memory order, so that prefetchers can follow.
// Sums stay in the first-level cache. With so few rows, reading the matrix from memory takes most of the
// time. The products and their order are those of tile.ts.
import { addProduct, storeTail } from "./vector";

/** 1 row, 4 rows of b at a time. */
export function stream1(a: usize, b: usize, ldb: usize, c: usize, ldc: usize, k: usize, n: usize): void {
  const whole = n & ~3;
  for (; k >= 4; k -= 4) {
    const s0_0 = v128.load32_splat(a);
    const s0_1 = v128.load32_splat(a, 4);
    const s0_2 = v128.load32_splat(a, 8);
    const s0_3 = v128.load32_splat(a, 12);
    let b1 = b + ldb;
    let b2 = b1 + ldb;
    let b3 = b2 + ldb;
    let b0 = b;
    let c0 = c;
    let w: v128;
    for (const end = c0 + (whole << 2); c0 < end; c0 += 16) {
      let x0 = v128.load(c0);
      w = v128.load(b0);
      x0 = addProduct(x0, s0_0, w);
      w = v128.load(b1);
      x0 = addProduct(x0, s0_1, w);
      w = v128.load(b2);
      x0 = addProduct(x0, s0_2, w);
      w = v128.load(b3);
      x0 = addProduct(x0, s0_3, w);
      v128.store(c0, x0);
      b0 += 16;
      b1 += 16;
      b2 += 16;
      b3 += 16;
    }
    if (n > whole) {
      let x0 = v128.load(c0);
      w = v128.load(b0);
      x0 = addProduct(x0, s0_0, w);
      w = v128.load(b1);
      x0 = addProduct(x0, s0_1, w);
      w = v128.load(b2);
      x0 = addProduct(x0, s0_2, w);
      w = v128.load(b3);
      x0 = addProduct(x0, s0_3, w);
      storeTail(c0, x0, n - whole);
    }
    a += 16;
    b += 4 * ldb;
  }
  for (; k > 0; k--) {
    for (let j: usize = 0; j < n; j += 4) {
      const w = v128.load(b + (j << 2));
      const p0 = c + (j << 2);
      const x0 = addProduct(v128.load(p0), v128.load32_splat(a), w);
      if (j < whole) v128.store(p0, x0);
      else storeTail(p0, x0, n - whole);
    }
    a += 4;
    b += ldb;
  }
}

/** 2 rows, 4 rows of b at a time. */
export function stream2(a: usize, b: usize, ldb: usize, c: usize, ldc: usize, k: usize, n: usize): void {
  const whole = n & ~3;
  for (; k >= 4; k -= 4) {
    const s0_0 = v128.load32_splat(a);
    const s1_0 = v128.load32_splat(a, 4);
    const s0_1 = v128.load32_splat(a, 8);
    const s1_1 = v128.load32_splat(a, 12);
    const s0_2 = v128.load32_splat(a, 16);
    const s1_2 = v128.load32_splat(a, 20);
    const s0_3 = v128.load32_splat(a, 24);
    const s1_3 = v128.load32_splat(a, 28);
    let b1 = b + ldb;
    let b2 = b1 + ldb;
    let b3 = b2 + ldb;
    let b0 = b;
    let c0 = c;
    let c1 = c + ldc;
    let w: v128;
    for (const end = c0 + (whole << 2); c0 < end; c0 += 16) {
      let x0 = v128.load(c0);
      let x1 = v128.load(c1);
      w = v128.load(b0);
      x0 = addProduct(x0, s0_0, w);
      x1 = addProduct(x1, s1_0, w);
      w = v128.load(b1);
      x0 = addProduct(x0, s0_1, w);
      x1 = addProduct(x1, s1_1, w);
      w = v128.load(b2);
      x0 = addProduct(x0, s0_2, w);
      x1 = addProduct(x1, s1_2, w);
      w = v128.load(b3);
      x0 = addProduct(x0, s0_3, w);
      x1 = addProduct(x1, s1_3, w);
      v128.store(c0, x0);
      v128.store(c1, x1);
      c1 += 16;
      b0 += 16;
      b1 += 16;
      b2 += 16;
      b3 += 16;
    }
    if (n > whole) {
      let x0 = v128.load(c0);
      let x1 = v128.load(c1);
      w = v128.load(b0);
      x0 = addProduct(x0, s0_0, w);
      x1 = addProduct(x1, s1_0, w);
      w = v128.load(b1);
      x0 = addProduct(x0, s0_1, w);
      x1 = addProduct(x1, s1_1, w);
      w = v128.load(b2);
      x0 = addProduct(x0, s0_2, w);
      x1 = addProduct(x1, s1_2, w);
      w = v128.load(b3);
      x0 = addProduct(x0, s0_3, w);
      x1 = addProduct(x1, s1_3, w);
      storeTail(c0, x0, n - whole);
      storeTail(c1, x1, n - whole);
    }
    a += 32;
    b += 4 * ldb;
  }
  for (; k > 0; k--) {
    for (let j: usize = 0; j < n; j += 4) {
      const w = v128.load(b + (j << 2));
      const p0 = c + (j << 2);
      const x0 = addProduct(v128.load(p0), v128.load32_splat(a), w);
      if (j < whole) v128.store(p0, x0);
      else storeTail(p0, x0, n - whole);
      const p1 = c + ldc + (j << 2);
      const x1 = addProduct(v128.load(p1), v128.load32_splat(a, 4), w);
      if (j < whole) v128.store(p1, x1);
      else storeTail(p1, x1, n - whole);
    }
    a += 8;
    b += ldb;
  }
}

/** 3 rows, 2 rows of b at a time. */
export function stream3(a: usize, b: usize, ldb: usize, c: usize, ldc: usize, k: usize, n: usize): void {
  const whole = n & ~3;
  for (; k >= 2; k -= 2) {
    const s0_0 = v128.load32_splat(a);
    const s1_0 = v128.load32_splat(a, 4);
    const s2_0 = v128.load32_splat(a, 8);
    const s0_1 = v128.load32_splat(a, 12);
    const s1_1 = v128.load32_splat(a, 16);
    const s2_1 = v128.load32_splat(a, 20);
    let b1 = b + ldb;
    let b0 = b;
    let c0 = c;
    let c1 = c + ldc;
    let c2 = c + 2 * ldc;
    let w: v128;
    for (const end = c0 + (whole << 2); c0 < end; c0 += 16) {
      let x0 = v128.load(c0);
      let x1 = v128.load(c1);
      let x2 = v128.load(c2);
      w = v128.load(b0);
      x0 = addProduct(x0, s0_0, w);
      x1 = addProduct(x1, s1_0, w);
      x2 = addProduct(x2, s2_0, w);
      w = v128.load(b1);
      x0 = addProduct(x0, s0_1, w);
      x1 = addProduct(x1, s1_1, w);
      x2 = addProduct(x2, s2_1, w);
      v128.store(c0, x0);
      v128.store(c1, x1);
      v128.store(c2, x2);
      c1 += 16;
      c2 += 16;
      b0 += 16;
      b1 += 16;
    }
    if (n > whole) {
      let x0 = v128.load(c0);
      let x1 = v128.load(c1);
      let x2 = v128.load(c2);
      w = v128.load(b0);
      x0 = addProduct(x0, s0_0, w);
      x1 = addProduct(x1, s1_0, w);
      x2 = addProduct(x2, s2_0, w);
      w = v128.load(b1);
      x0 = addProduct(x0, s0_1, w);
      x1 = addProduct(x1, s1_1, w);
      x2 = addProduct(x2, s2_1, w);
      storeTail(c0, x0, n - whole);
      storeTail(c1, x1, n - whole);
      storeTail(c2, x2, n - whole);
    }
    a += 24;
    b += 2 * ldb;
  }
  for (; k > 0; k--) {
    for (let j: usize = 0; j < n; j += 4) {
      const w = v128.load(b + (j << 2));
      const p0 = c + (j << 2);
      const x0 = addProduct(v128.load(p0), v128.load32_splat(a), w);
      if (j < whole) v128.store(p0, x0);
      else storeTail(p0, x0, n - whole);
      const p1 = c + ldc + (j << 2);
      const x1 = addProduct(v128.load(p1), v128.load32_splat(a, 4), w);
      if (j < whole) v128.store(p1, x1);
      else storeTail(p1, x1, n - whole);
      const p2 = c + 2 * ldc + (j << 2);
      const x2 = addProduct(v128.load(p2), v128.load32_splat(a, 8), w);
      if (j < whole) v128.store(p2, x2);
      else storeTail(p2, x2, n - whole);
    }
    a += 12;
    b += ldb;
  }
}
