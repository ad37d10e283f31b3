import { describe, expect, it } from "vitest";
import { expectAgreement, onWasm } from "../../backends/wasm/testing/compare.js";

const shapes = [
  [1, 1, 1],
  [1, 5, 3],
  [2, 3, 4],
  [3, 4, 5],
  [4, 12, 64],
  [5, 13, 65],
  [7, 1, 72],
  [16, 8, 768],
  [6, 50, 18],
  [9, 49, 130],
  [17, 144, 47],
  [2, 27, 1],
  [3, 31, 0],
] as const;

describe("matrix products agree with the reference", () => {
  it.each(shapes)("[%i, %i] over depth %i, all layouts", (m, n, k) => {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        for (const accumulate of [false, true]) {
          expectAgreement((t) => {
            const shape = { m, n, k, transposeA, transposeB, accumulate };
            const out = t.random(m * n);
            t.backend.gemm(t.random(m * k), t.random(k * n), out, shape);
            const many = t.random(3 * m * n);
            t.backend.batchedGemm(t.random(3 * m * k), t.random(3 * k * n), many, 3, shape);
            return { out, many };
          });
        }
      }
    }
  });

  it.each(shapes)("linear [%i, %i] over depth %i", (m, n, k) => {
    expectAgreement((t) => {
      const out = t.random(m * n);
      const plain = t.random(m * n);
      const a = t.random(m * k);
      const w = t.random(k * n);
      t.backend.linear(a, w, t.random(n), out, m, k, n);
      t.backend.linear(a, w, undefined, plain, m, k, n);
      return { out, plain };
    });
  });

  it("NaN and infinity in one row stay in that row", () => {
    expectAgreement((t) => {
      const a = t.randomValues(6 * 8);
      a[10] = NaN;
      a[20] = Infinity;
      const out = t.zeros(6 * 5);
      t.backend.gemm(t.floats(a), t.random(40), out, { m: 6, n: 5, k: 8 });
      return { out };
    });
  });
});

describe("the bits of a row do not depend on its batch", () => {
  it.each([
    [8, 768],
    [72, 216],
    [50, 18],
    [1, 72],
    [144, 300],
  ])("width %i, depth %i", (n, k) => {
    const rows = 64;
    const values = onWasm((t) => ({ a: t.random(rows * k), w: t.random(k * n), bias: t.random(n) }));
    const [a = [], w = [], bias = []] = [values.get("a"), values.get("w"), values.get("bias")];
    const linear = (m: number, from: number): number[] =>
      onWasm((t) => {
        const out = t.zeros(m * n);
        t.backend.linear(
          t.floats(a.slice(from * k, (from + m) * k)),
          t.floats(w),
          t.floats(bias),
          out,
          m,
          k,
          n,
        );
        return { out };
      }).get("out") ?? [];
    const whole = linear(rows, 0);
    for (const m of [1, 2, 3, 4, 7]) {
      for (let from = 0; from + m <= rows; from += m)
        expect(linear(m, from)).toEqual(whole.slice(from * n, (from + m) * n));
    }
  });
});
