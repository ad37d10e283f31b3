import { describe, expect, it } from "vitest";
import { expectAgreement, onWasm } from "../../backends/wasm/testing/compare.js";

const exact = { tolerance: 0 };

describe("broadcast", () => {
  const cases: readonly (readonly [readonly number[], readonly number[]])[] = [
    [[1], [1]],
    [[1], [7]],
    [[5], [5]],
    [
      [1, 3],
      [4, 3],
    ],
    [
      [4, 1],
      [4, 3],
    ],
    [
      [1, 1],
      [3, 5],
    ],
    [
      [2, 1, 3],
      [2, 5, 3],
    ],
    [
      [2, 1, 3, 1],
      [2, 4, 3, 5],
    ],
    [
      [1, 4, 1, 2],
      [3, 4, 5, 2],
    ],
    [
      [1, 2, 1, 3, 1, 2],
      [2, 2, 3, 3, 2, 2],
    ],
    [
      [3, 0],
      [3, 0],
    ],
  ];
  it.each(cases)("%j to %j, and its adjoint", (from, to) => {
    const size = (shape: readonly number[]): number => shape.reduce((n, extent) => n * extent, 1);
    expectAgreement((t) => {
      const out = t.zeros(size(to));
      t.backend.broadcast(t.random(size(from)), from, to, out);
      return { out };
    }, exact);
    expectAgreement((t) => {
      const da = t.random(size(from));
      t.backend.broadcastBackward(t.random(size(to)), from, to, da);
      return { da };
    });
  });
});

describe("rows by index", () => {
  it.each([1, 3, 4, 18, 72])("gathers and scatters rows of width %i", (width) => {
    const indices = [3, 0, -1, 3, 4, 1, 3];
    expectAgreement((t) => {
      const out = t.random(indices.length * width);
      t.backend.gatherRows(t.random(5 * width), width, t.ints(indices), indices.length, out);
      const da = t.random(5 * width);
      t.backend.scatterAddRows(t.random(indices.length * width), width, t.ints(indices), indices.length, da);
      return { out, da };
    });
  });

  it("refuses an index outside the rows", () => {
    for (const kernel of ["gatherRows", "scatterAddRows"] as const) {
      expect(() =>
        onWasm((t) => {
          const out = t.zeros(6);
          t.backend[kernel](t.zeros(6), 3, t.ints([0, 2]), 2, out);
          return { out };
        }),
      ).toThrow(/index 2 at position 1 lies outside 2 rows/);
    }
  });
});

describe("permute", () => {
  type Four = readonly [number, number, number, number];
  const cases: readonly (readonly [Four, Four])[] = [
    [
      [1, 1, 3, 5],
      [0, 1, 3, 2],
    ],
    [
      [2, 3, 4, 5],
      [0, 2, 1, 3],
    ],
    [
      [2, 3, 4, 5],
      [3, 2, 1, 0],
    ],
    [
      [2, 3, 4, 5],
      [1, 3, 0, 2],
    ],
    [
      [2, 50, 4, 18],
      [0, 2, 1, 3],
    ],
    [
      [1, 1, 33, 17],
      [0, 1, 3, 2],
    ],
    [
      [1, 1, 1, 1],
      [0, 1, 2, 3],
    ],
  ];
  it.each(cases)("%j by %j", (shape, axes) => {
    const size = shape[0] * shape[1] * shape[2] * shape[3];
    expectAgreement((t) => {
      const out = t.zeros(size);
      t.backend.permute(t.random(size), shape, axes, out);
      return { out };
    }, exact);
  });
});
