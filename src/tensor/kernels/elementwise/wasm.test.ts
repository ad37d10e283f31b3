import { describe, expect, it } from "vitest";
import { expectAgreement, onWasm } from "../../backends/wasm/testing/compare.js";
import { binaryOps, special, unaryOps } from "./testing/operations.js";

const sizes = [0, 1, 3, 4, 5, 17, 1000];

describe("unary kernels", () => {
  it.each(unaryOps)("%s agrees with the reference over sizes and ranges", (op) => {
    for (const size of sizes) {
      for (const scale of [0.01, 1, 10]) {
        expectAgreement(
          (t) => {
            const positive = op === "log" || op === "sqrt";
            const a = t.floats(t.randomValues(size, scale).map((x) => (positive ? Math.abs(x) + 1e-3 : x)));
            const out = t.zeros(size);
            t.backend.unary(op, a, out);
            const da = t.random(size);
            t.backend.unaryBackward(op, a, out, t.random(size), da);
            return { out, da };
          },
          { tolerance: 1e-6 },
        );
      }
    }
  });

  // functions.test.ts has the bounds of geluErf, whose kernel limits its argument
  const unlimited = unaryOps.filter((op) => op !== "geluErf");

  it.each(unlimited)("%s treats NaN, infinities, zeros and extreme values as the reference does", (op) => {
    expectAgreement(
      (t) => {
        const a = t.floats(special);
        const out = t.zeros(special.length);
        t.backend.unary(op, a, out);
        return { out };
      },
      { tolerance: 1e-6, relativeTo: "element" },
    );
  });
});

describe("binary kernels", () => {
  it.each(binaryOps)("%s agrees with the reference", (op) => {
    for (const size of sizes) {
      expectAgreement(
        (t) => {
          const out = t.zeros(size);
          t.backend.binary(op, t.random(size), t.random(size), out);
          return { out };
        },
        { tolerance: 1.2e-7, relativeTo: "element" },
      );
    }
  });

  it.each(binaryOps)("%s of special values", (op) => {
    expectAgreement(
      (t) => {
        const n = special.length;
        const out = t.zeros(n * n);
        t.backend.binary(
          op,
          t.floats(special.flatMap((x) => special.map(() => x))),
          t.floats(special.flatMap(() => special)),
          out,
        );
        return { out };
      },
      { tolerance: 1.2e-7, relativeTo: "element" },
    );
  });
});

describe("other elementwise kernels", () => {
  it.each(sizes)("fill, affine, addScaled, clamp and their kin on %i elements", (size) => {
    expectAgreement((t) => {
      const b = t.backend;
      const a = t.random(size, 3);
      const filled = t.zeros(size);
      b.fill(filled, 1.25);
      const affine = t.zeros(size);
      b.affine(a, 0.5, -2, affine);
      const added = t.random(size);
      b.addScaled(a, -0.1, added);
      const clamped = t.zeros(size);
      b.clamp(a, -2, 1, clamped);
      const da = t.random(size);
      b.clampBackward(a, -2, 1, t.random(size), da);
      return { filled, affine, added, clamped, da };
    });
  });

  it("clamp: NaN stays, the bounds count as inside", () => {
    expectAgreement((t) => {
      const a = t.floats([NaN, -1, 1, 0, 2, -2, Infinity, -Infinity]);
      const out = t.zeros(8);
      t.backend.clamp(a, -1, 1, out);
      const da = t.zeros(8);
      t.backend.clampBackward(a, -1, 1, t.floats([1, 2, 3, 4, 5, 6, 7, 8]), da);
      return { out, da };
    });
  });

  it("copies parts and does not change the rest", () => {
    for (const count of [0, 1, 3, 4, 6, 9]) {
      for (const accumulate of [false, true]) {
        expectAgreement(
          (t) => {
            const out = t.random(16);
            t.backend.copy(t.random(20), 7, out, 3, count, accumulate);
            return { out };
          },
          { tolerance: 1e-7 },
        );
      }
    }
  });

  it("refuses a buffer that is too small", () => {
    expect(() =>
      onWasm((t) => {
        const out = t.zeros(4);
        t.backend.copy(t.zeros(4), 2, out, 0, 4);
        return { out };
      }),
    ).toThrow(/buffer of 4 elements but needs 6/);
  });
});
