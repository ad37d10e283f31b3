import { describe, it } from "vitest";
import type { Reduction } from "../../backend.js";
import { type Bench, expectAgreement, type Outputs } from "../../backends/wasm/testing/compare.js";

const reductionNames: readonly Reduction[] = ["sum", "mean", "max"];
const views = [
  [1, 1, 1],
  [1, 5, 1],
  [3, 7, 1],
  [2, 64, 1],
  [1, 1000, 1],
  [2, 3, 4],
  [3, 5, 7],
  [1, 16, 72],
  [4, 50, 18],
  [2, 1, 3],
] as const;

describe("reduce", () => {
  it.each(reductionNames)("%s over every kind of axis, forward and backward", (op) => {
    for (const [outer, axis, inner] of views) {
      expectAgreement((t) => {
        const view = { outer, axis, inner };
        const a = t.random(outer * axis * inner);
        const out = t.zeros(outer * inner);
        t.backend.reduce(op, a, view, out);
        const da = t.random(outer * axis * inner);
        t.backend.reduceBackward(op, a, view, t.random(outer * inner), da);
        return { out, da };
      });
    }
  });

  it("max: the first of equals takes the gradient, NaN counts as the maximum", () => {
    expectAgreement((t) => {
      const view = { outer: 3, axis: 4, inner: 1 };
      const a = t.floats([1, 2, 2, 0, 1, NaN, 3, NaN, -Infinity, -Infinity, -Infinity, -Infinity]);
      const out = t.zeros(3);
      t.backend.reduce("max", a, view, out);
      const da = t.zeros(12);
      t.backend.reduceBackward("max", a, view, t.floats([1, 2, 3]), da);
      return { out, da };
    });
  });
});

describe("column sums and squared norm", () => {
  it.each([
    [1, 1],
    [5, 3],
    [16, 144],
    [33, 17],
    [256, 72],
  ])("of [%i, %i]", (rows, width) => {
    expectAgreement((t) => {
      const a = t.random(rows * width);
      const out = t.random(width);
      t.backend.columnSums(a, rows, width, out);
      return { out, norm: t.backend.squaredNorm(a, rows * width), part: t.backend.squaredNorm(a, 1) };
    });
  });
});

const rowShapes = [
  [1, 1],
  [3, 2],
  [2, 3],
  [4, 4],
  [5, 7],
  [2, 8],
  [16, 64],
  [3, 50],
  [2, 768],
] as const;

describe("softmax, log-sum-exp", () => {
  it.each(rowShapes)("[%i, %i]", (rows, width) => {
    for (const scale of [1, 30]) {
      expectAgreement((t) => {
        const a = t.random(rows * width, scale);
        const out = t.zeros(rows * width);
        t.backend.softmax(a, rows, width, out);
        const da = t.random(rows * width);
        t.backend.softmaxBackward(out, rows, width, t.random(rows * width), da);
        const lse = t.zeros(rows);
        t.backend.logSumExp(a, rows, width, lse);
        return { out, da, lse };
      });
    }
  });

  it("rows with infinities and NaN", () => {
    expectAgreement((t) => {
      const rows = [
        [0, NaN, 1],
        [-Infinity, 0, 1],
        [-Infinity, -Infinity, -Infinity],
        [Infinity, 0, 0],
        [1000, -1000, 999],
      ];
      const a = t.floats(rows.flat());
      const out = t.zeros(15);
      t.backend.softmax(a, 5, 3, out);
      const lse = t.zeros(5);
      t.backend.logSumExp(a, 5, 3, lse);
      return { out, lse };
    });
  });
});

describe("layer norm", () => {
  const run =
    (rows: number, width: number, withInput: boolean) =>
    (t: Bench): Outputs => {
      const n = rows * width;
      const a = t.random(n, 2);
      const gain = t.random(width);
      const [out, mean, inverseStd] = [t.zeros(n), t.zeros(rows), t.zeros(rows)];
      const call = { a, rows, width, gain, bias: t.random(width), epsilon: 1e-5, out, mean, inverseStd };
      t.backend.layerNorm(call);
      const [da, dgain, dbias] = [t.random(n), t.random(width), t.random(width)];
      const gradients = { dout: t.random(n), da: withInput ? da : undefined, dgain, dbias };
      t.backend.layerNormBackward(call, gradients);
      return { out, mean, inverseStd, da, dgain, dbias };
    };
  it.each([
    [3, 2],
    [2, 3],
    [4, 4],
    [5, 7],
    [16, 72],
    [3, 768],
  ])("[%i, %i]", (rows, width) => {
    expectAgreement(run(rows, width, true), { tolerance: 1e-5 });
    expectAgreement(run(rows, width, false), { tolerance: 1e-5 });
  });
  it("a row of width 1 is its bias", () => {
    expectAgreement(run(4, 1, true), { tolerance: 1e-5 });
  });
});
