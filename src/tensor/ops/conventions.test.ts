import { describe, expect, it } from "vitest";
import { EuarError } from "../../core/errors.js";
import { normalAt, randomKey } from "../../core/random.js";
import { Tape } from "../tape.js";
import type { Shape, Tensor } from "../tensor.js";
import { testBackends } from "../testing/backends.js";
import { operations } from "../testing/operations.js";
import { attention } from "./attention.js";
import { dropout } from "./dropout.js";
import { maximum, mul } from "./elementwise.js";
import { max, sum } from "./reductions.js";
import { gatherRows } from "./shape-ops.js";
import { logSumExp } from "./softmax.js";
import { clamp, stopGradient } from "./unary.js";

const normals = (name: string, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.fround(normalAt(randomKey(1, name), i)));

/** Behaviour of each operation in cases that mathematics leaves open. */
describe.each(testBackends)("conventions on $name", ({ create }) => {
  const backend = create();

  function gradientOf(
    values: readonly number[],
    f: (tape: Tape, x: Tensor) => Tensor,
    shape: Shape = [values.length],
  ): number[] {
    const tape = new Tape(backend);
    const x = tape.variable(values, shape);
    tape.backward(sum(tape, f(tape, x)));
    const gradient = Array.from(x.gradient?.view ?? []);
    backend.endStep();
    return gradient;
  }

  it("clamp passes the gradient on its bounds", () => {
    expect(gradientOf([-2, -1, 0, 1, 2], (tape, x) => clamp(tape, x, -1, 1))).toEqual([0, 1, 1, 1, 0]);
  });

  it("the first maximum takes the gradient of max", () => {
    expect(gradientOf([1, 3, 3, 2], (tape, x) => max(tape, x))).toEqual([0, 1, 0, 0]);
    expect(gradientOf([1, 1, 0, 1, 2, 2], (tape, x) => max(tape, x, 1), [2, 3])).toEqual([1, 0, 0, 0, 1, 0]);
  });

  it("the first operand takes the gradient of equal values in maximum", () => {
    expect(gradientOf([1, 2], (tape, x) => maximum(tape, x, tape.constant([1, 3], [2])))).toEqual([1, 0]);
    expect(gradientOf([1, 2], (tape, x) => maximum(tape, tape.constant([1, 1], [2]), x))).toEqual([0, 1]);
  });

  it("a negative index gathers zeros and gives no gradient", () => {
    const tape = new Tape(backend);
    expect(gatherRows(tape, tape.constant([1, 2, 3, 4], [2, 2]), [-1, 1]).toArray()).toEqual([0, 0, 3, 4]);
    expect(gradientOf([1, 2], (t, x) => gatherRows(t, x, [1, -1, 1]), [2, 1])).toEqual([0, 2]);
  });

  it("logSumExp of minus infinities is minus infinity", () => {
    const tape = new Tape(backend);
    expect(logSumExp(tape, tape.constant([-Infinity, -Infinity, Infinity, 0], [2, 2])).toArray()).toEqual([
      -Infinity,
      Infinity,
    ]);
    backend.endStep();
  });

  it("a NaN is not hidden by relu, max or clamp", () => {
    const tape = new Tape(backend);
    const x = tape.constant([1, NaN, 3], [3]);
    for (const name of ["relu", "max", "softmax"] as const)
      expect(operations[name]?.(tape, [x], {}).toArray().some(Number.isNaN), name).toBe(true);
    expect(clamp(tape, x, 0, 2).toArray().some(Number.isNaN)).toBe(true);
    backend.endStep();
  });

  it("stopGradient keeps the values and cuts the gradient", () => {
    expect(gradientOf([2, 3], (tape, x) => mul(tape, x, stopGradient(tape, x)))).toEqual([2, 3]);
  });

  describe("attention", () => {
    const queryShape = [2, 3, 4];
    const run = (tape: Tape, keyMask: number[], padding: number): { output: Tensor; inputs: Tensor[] } => {
      const key = normals("key", 2 * 5 * 4);
      const value = normals("value", 2 * 5 * 4);
      keyMask.forEach((real, i) => {
        if (real) return;
        key.fill(padding, i * 4, (i + 1) * 4);
        value.fill(padding, i * 4, (i + 1) * 4);
      });
      const inputs = [
        tape.variable(normals("query", 24), queryShape),
        tape.variable(key, [2, 5, 4]),
        tape.variable(value, [2, 5, 4]),
      ];
      const [q, k, v] = inputs;
      if (!q || !k || !v) throw new Error("unreachable");
      return { output: attention(tape, q, k, v, { heads: 2, keyMask }), inputs };
    };

    it("does not depend on the values of the padding", () => {
      const mask = [1, 1, 0, 0, 0, 0, 1, 1, 1, 0];
      const first = run(new Tape(backend), mask, 0).output.toArray();
      const second = run(new Tape(backend), mask, 123).output.toArray();
      expect(second).toEqual(first);
      expect(first.every(Number.isFinite)).toBe(true);
      backend.endStep();
    });

    it("gives zeros and finite gradients if every key is padding", () => {
      const tape = new Tape(backend);
      const { output, inputs } = run(tape, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1], 7);
      const values = output.toArray();
      expect(values.slice(0, 12)).toEqual(new Array(12).fill(0));
      expect(values.slice(12).every((v) => Number.isFinite(v) && v !== 0)).toBe(true);
      tape.backward(sum(tape, output));
      for (const tensor of inputs) {
        const gradient = Array.from(tensor.gradient?.view ?? [NaN]);
        expect(gradient.every(Number.isFinite)).toBe(true);
        expect(gradient.slice(0, gradient.length / 2).every((g) => g === 0)).toBe(true);
      }
      backend.endStep();
    });
  });

  describe("dropout", () => {
    const key = randomKey(3, "dropout/test");
    const drop = (tape: Tape, x: Tensor, sampleIndex: number[], step = 0, rate = 0.3): Tensor =>
      dropout(tape, x, rate, { key, step, sampleIndex });

    it("keeps about 1 - rate of the values, scaled so that the mean stays", () => {
      const tape = new Tape(backend);
      const values = drop(
        tape,
        tape.constant(new Array<number>(20_000).fill(1), [4, 5000]),
        [0, 1, 2, 3],
      ).toArray();
      backend.endStep();
      const kept = values.filter((v) => v !== 0);
      expect(kept.length / values.length).toBeGreaterThan(0.69);
      expect(kept.length / values.length).toBeLessThan(0.71);
      for (const v of kept) expect(v).toBeCloseTo(1 / 0.7, 5);
    });

    it("a sample has the same mask in any batch, and another mask in the next step", () => {
      const tape = new Tape(backend);
      const ones = (rows: number): Tensor => tape.constant(new Array<number>(rows * 33).fill(1), [rows, 33]);
      const together = drop(tape, ones(3), [7, 8, 9]).toArray();
      const alone = drop(tape, ones(1), [8]).toArray();
      const later = drop(tape, ones(1), [8], 1).toArray();
      backend.endStep();
      expect(together.slice(33, 66)).toEqual(alone);
      expect(later).not.toEqual(alone);
      expect(together.slice(0, 33)).not.toEqual(alone);
    });

    it("applies the mask of the forward pass to the gradient", () => {
      const values = normals("dropped", 26);
      const tape = new Tape(backend);
      const x = tape.variable(values, [2, 13]);
      const y = drop(tape, x, [4, 5]);
      tape.backward(sum(tape, y));
      const output = y.toArray();
      const gradient = Array.from(x.gradient?.view ?? []);
      backend.endStep();
      expect(output.some((v) => v === 0)).toBe(true);
      output.forEach((v, i) => {
        expect(gradient[i]).toBeCloseTo(v === 0 ? 0 : 1 / 0.7, 5);
      });
    });

    it("is the identity at rate 0", () => {
      const tape = new Tape(backend);
      const x = tape.variable([1, 2], [2, 1]);
      expect(drop(tape, x, [0, 1], 0, 0)).toBe(x);
      backend.endStep();
    });
  });
});

describe("shapes that do not fit", () => {
  const wrong: readonly [string, Readonly<Record<string, unknown>>, readonly Shape[], RegExp][] = [
    ["add", {}, [[3, 2], [3]], /add: shapes \[3, 2\] and \[3\] do not broadcast/],
    ["sum", { axis: 2 }, [[3, 2]], /sum: axis 2 does not exist in shape \[3, 2\]/],
    ["mean", {}, [[0, 2]], /mean: no values to reduce in shape \[0, 2\]/],
    ["max", { axis: 0 }, [[0, 2]], /max: no values/],
    ["softmax", {}, [[]], /softmax: needs at least one value along the last axis/],
    ["layerNorm", {}, [[2, 3], [3], [2]], /layerNorm: bias has shape \[2\], expected \[3\]/],
    [
      "matmul",
      {},
      [
        [2, 3],
        [2, 3],
      ],
      /matmul: cannot multiply \[2, 3\] by \[2, 3\]: inner extents 3 and 2 differ/,
    ],
    [
      "matmul",
      {},
      [
        [2, 3],
        [1, 3, 2],
      ],
      /both operands must be matrices/,
    ],
    [
      "matmul",
      {},
      [
        [2, 2, 3],
        [1, 3, 2],
      ],
      /2 matrices against 1/,
    ],
    [
      "linear",
      {},
      [
        [2, 3],
        [2, 4],
      ],
      /linear: .* got input \[2, 3\], weight \[2, 4\]/,
    ],
    ["linear", {}, [[2, 3], [3, 4], [3]], /linear: the bias must be \[F\]/],
    [
      "conv1d",
      { kernel: 3, padding: "valid" },
      [
        [1, 2, 1],
        [3, 1],
      ],
      /shorter than the kernel/,
    ],
    [
      "conv1d",
      { kernel: 3, padding: "same" },
      [
        [1, 2, 2],
        [3, 1],
      ],
      /needs a weight \[6, F\]/,
    ],
    [
      "conv1d",
      { kernel: 3, padding: "same" },
      [
        [2, 2],
        [3, 1],
      ],
      /must be \[B, T, C\]/,
    ],
    [
      "attention",
      { heads: 3 },
      [
        [1, 2, 4],
        [1, 2, 4],
        [1, 2, 4],
      ],
      /3 heads do not divide/,
    ],
    [
      "attention",
      {},
      [
        [1, 2, 4],
        [1, 3, 4],
        [1, 2, 4],
      ],
      /as many values as keys/,
    ],
    [
      "attention",
      {},
      [
        [1, 2, 4],
        [1, 0, 4],
        [1, 0, 4],
      ],
      /at least one key/,
    ],
    [
      "attention",
      { keyMask: [1] },
      [
        [1, 2, 4],
        [1, 3, 4],
        [1, 3, 4],
      ],
      /a mask of 1 values does not fit keys \[1, 3, 4\]/,
    ],
    ["reshape", { shape: [4] }, [[2, 3]], /reshape: 6 values/],
    [
      "concat",
      { axis: 0 },
      [
        [2, 3],
        [2, 4],
      ],
      /concat along axis 0: shapes \[2, 3\] and \[2, 4\] differ elsewhere/,
    ],
    ["slice", { axis: 0, start: 1, end: 4 }, [[3]], /slice: 1..4 along axis 0 lies outside shape \[3\]/],
    ["gatherRows", { indices: [3] }, [[3, 1]], /gatherRows: index 3 at position 0 is not a row/],
    ["permute", { axes: [0, 0] }, [[2, 3]], /permute: \[0, 0\] is not an order of the axes/],
    ["transpose", {}, [[3]], /at least two axes/],
    ["mse", {}, [[3], [3, 1]], /\[3\] and \[3, 1\] must be equal/],
    ["crossEntropy", { labels: [0] }, [[2, 3]], /one label per row/],
    ["crossEntropy", { labels: [3] }, [[1, 3]], /label 3 of row 0 is not a class index below 3/],
    ["crossEntropy", { labels: [0.5] }, [[1, 3]], /label 0.5/],
    ["huber", { delta: 0 }, [[1], [1]], /delta must be positive/],
    ["clamp", { low: 1, high: 0 }, [[1]], /lower bound 1 is above the upper bound 0/],
  ];
  const create = testBackends[0]?.create;
  it.each(wrong)("%s %j %j", (op, args, shapes, message) => {
    if (!create) throw new Error("no backend");
    const tape = new Tape(create());
    const inputs = shapes.map((shape) =>
      tape.variable(
        normals(
          "wrong",
          shape.reduce((p, n) => p * n, 1),
        ),
        shape,
      ),
    );
    const attempt = (): unknown => operations[op]?.(tape, inputs, args);
    expect(attempt).toThrow(EuarError);
    expect(attempt).toThrow(message);
  });

  it.each([-0.1, 1, NaN])("dropout rejects rate %s", (rate) => {
    if (!create) throw new Error("no backend");
    const tape = new Tape(create());
    expect(() =>
      dropout(tape, tape.constant([1], [1, 1]), rate, { key: randomKey(1, "x"), step: 0, sampleIndex: [0] }),
    ).toThrow(/rate must be in \[0, 1\)/);
    expect(() =>
      dropout(tape, tape.constant([1], [1, 1]), 0.5, {
        key: randomKey(1, "x"),
        step: 0,
        sampleIndex: [0, 1],
      }),
    ).toThrow(/2 sample indices/);
  });
});
