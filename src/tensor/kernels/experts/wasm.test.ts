import { describe, expect, it } from "vitest";
import type { Backend, Dispatch } from "../../backend.js";
import { integerAt, randomKey } from "../../../core/random.js";
import { type Bench, expectAgreement, onWasm, type Outputs } from "../../backends/wasm/testing/compare.js";

interface Case {
  readonly rows: number;
  readonly experts: number;
  readonly slots: number;
  readonly inputs: number;
  readonly width: number;
  /** Rows without this modality. */
  readonly absent?: readonly number[];
}

const cases: readonly Case[] = [
  { rows: 1, experts: 1, slots: 1, inputs: 1, width: 1 },
  { rows: 1, experts: 8, slots: 3, inputs: 47, width: 72 },
  { rows: 5, experts: 3, slots: 2, inputs: 7, width: 3, absent: [0, 3] },
  { rows: 16, experts: 8, slots: 3, inputs: 74, width: 72 },
  { rows: 16, experts: 64, slots: 3, inputs: 33, width: 9, absent: [15] },
  { rows: 40, experts: 4, slots: 3, inputs: 130, width: 10 },
  { rows: 4, experts: 5, slots: 2, inputs: 6, width: 4, absent: [0, 1, 2, 3] },
  { rows: 6, experts: 3, slots: 2, inputs: 19, width: 301 },
  { rows: 9, experts: 2, slots: 1, inputs: 70, width: 26 },
  { rows: 300, experts: 2, slots: 2, inputs: 21, width: 8 },
  { rows: 30, experts: 3, slots: 2, inputs: 21, width: 15 },
];

function routed(t: Bench, { rows, experts, slots, absent = [] }: Case): Dispatch {
  const b = t.backend;
  const probabilities = t.zeros(rows * experts);
  b.softmax(t.random(rows * experts), rows, experts, probabilities);
  const indices = t.ints(new Int32Array(rows * slots));
  b.topK(probabilities, rows, experts, slots, indices, t.zeros(rows * slots));
  const present = t.ints(Int32Array.from({ length: rows }, (_, r) => (absent.includes(r) ? 0 : 1)));
  const n = rows * slots;
  const ints = (size: number) => t.ints(new Int32Array(size));
  const sorted = { experts, offsets: ints(experts + 1), rows: ints(n), slots: ints(n), pairOf: ints(n) };
  return { ...sorted, pairs: b.dispatch({ indices, present, rows, slots }, sorted) };
}

function keysFor(t: Bench, count: number): ReturnType<Bench["ints"]> {
  const key = randomKey(7, "keys");
  return t.ints(Int32Array.from({ length: 2 * count }, (_, i) => integerAt(key, i, 4294967296) | 0));
}

describe("routing", () => {
  it.each(cases)("top-k and dispatch are exactly the reference's: %j", (c) => {
    expectAgreement(
      (t) => {
        const d = routed(t, c);
        return { pairs: d.pairs, offsets: d.offsets, rows: d.rows, slots: d.slots, pairOf: d.pairOf };
      },
      { tolerance: 0 },
    );
  });

  it("top-k: ties go to the lower index, NaN is taken as the reference takes it", () => {
    expectAgreement(
      (t) => {
        const indices = t.ints(new Int32Array(12));
        const values = t.zeros(12);
        const p = t.floats([1, 1, 1, 1, 0, 2, 2, 3, NaN, 5, NaN, 1, 4, NaN, 2, 9]);
        t.backend.topK(p, 4, 4, 3, indices, values);
        return { indices, values };
      },
      { tolerance: 0 },
    );
  });

  it("refuses k beyond the number of experts", () => {
    expect(() =>
      onWasm((t) => {
        t.backend.topK(t.zeros(2), 1, 2, 3, t.ints([0, 0, 0]), t.zeros(3));
        return {};
      }),
    ).toThrow(/3 largest of 2/);
  });
});

describe("grouped products", () => {
  const run =
    (c: Case) =>
    (t: Bench): Outputs => {
      const { rows, experts, slots, inputs } = c;
      const outputs = 2 * c.width;
      const b = t.backend;
      const d = routed(t, c);
      const x = t.random(rows * inputs);
      const weight = t.random(experts * inputs * outputs);
      const out = t.zeros(d.pairs * outputs);
      b.groupedLinear(x, weight, t.random(experts * outputs), d, inputs, outputs, out);
      const means = t.zeros(d.pairs * outputs);
      b.groupedLinear(x, weight, t.random(experts * outputs), d, inputs, outputs, means, c.width);
      const dout = t.random(d.pairs * outputs);
      const dx = t.random(rows * inputs);
      b.groupedLinearBackwardInput(dout, weight, d, inputs, outputs, rows, slots, dx);
      const dweight = t.random(experts * inputs * outputs);
      b.groupedWeightGradient(x, dout, d, inputs, outputs, dweight);
      const dbias = t.random(experts * outputs);
      b.groupedBiasGradient(dout, d, outputs, dbias);
      return { out, means, dx, dweight, dbias, norm: b.groupedSquaredNorm(x, dout, d, inputs, outputs) };
    };
  it.each(cases)("%j", (c) => {
    expectAgreement(run(c));
  });
});

describe("Gaussian mixture", () => {
  const run =
    (c: Case, sampled: boolean) =>
    (t: Bench): Outputs => {
      const { rows, slots, width } = c;
      const b: Backend = t.backend;
      const d = routed(t, c);
      const n = rows * slots;
      const raw = t.random(2 * width * d.pairs, 2);
      const gate = t.floats(t.randomValues(n).map((g) => Math.abs(g)));
      const keys = sampled ? keysFor(t, Math.max(1, d.pairs)) : undefined;
      const [h, sigma2, kl] = [t.random(rows * width), t.random(n), t.random(n)];
      const pairs = { raw, gate, dispatch: d, rows, slots, width, clampLow: -3, clampHigh: 2, keys };
      b.gaussianMixture({ ...pairs, h, sigma2, kl });
      const [draw, dgate] = [t.zeros(2 * width * d.pairs), t.random(n)];
      const [dh, dsigma2, dkl] = [t.random(rows * width), t.random(n), t.random(n)];
      b.gaussianMixtureBackward(pairs, { dh, dsigma2, dkl, draw, dgate });
      return { h, sigma2, kl, draw, dgate };
    };

  it.each(cases)("stored noise equals the noise that is drawn again: %j", (c) => {
    const { rows, slots, width } = c;
    const n = rows * slots;
    const keeping =
      (kept: boolean) =>
      (t: Bench): Outputs => {
        const d = routed(t, c);
        const keys = keysFor(t, Math.max(1, d.pairs));
        const [raw, gate, dh] = [t.random(2 * width * d.pairs, 2), t.random(n), t.random(rows * width)];
        const drawn = t.zeros(d.pairs * width);
        if (d.pairs > 0) t.backend.normals(keys, d.pairs, width, drawn);
        const noise = kept ? t.random(d.pairs * width) : drawn;
        const [h, sigma2, kl, draw, dgate] = [
          t.zeros(rows * width),
          t.zeros(n),
          t.zeros(n),
          t.zeros(2 * width * d.pairs),
          t.zeros(n),
        ];
        const [dsigma2, dkl] = [t.zeros(n), t.zeros(n)];
        const sizes = { rows, slots, width, clampLow: -3, clampHigh: 2 };
        const pairs = { ...sizes, raw, gate, dispatch: d, keys, noise: kept ? noise : undefined };
        t.backend.gaussianMixture({ ...pairs, h, sigma2, kl });
        t.backend.gaussianMixtureBackward(pairs, { dh, dsigma2, dkl, draw, dgate });
        return { h, noise, draw, dgate };
      };
    expect(onWasm(keeping(true))).toEqual(onWasm(keeping(false)));
    expectAgreement(keeping(true), { tolerance: 4e-6 });
  });

  it.each(cases)("%j", (c) => {
    expectAgreement(run(c, true), { tolerance: 4e-6 });
    expectAgreement(run(c, false), { tolerance: 4e-6 });
  });
});

describe("Adam", () => {
  const settings = {
    learningRate: 1e-2,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    gradientScale: 0.5,
  } as const;
  const decays = [
    { decay: "l2", weightDecay: 0 },
    { decay: "l2", weightDecay: 0.1 },
    { decay: "decoupled", weightDecay: 0.1 },
  ] as const;

  const state = (t: Bench, size: number) => ({
    weight: t.random(size),
    firstMoment: t.random(size, 0.1),
    secondMoment: t.floats(t.randomValues(size, 0.1).map((v) => v * v)),
  });

  it.each(decays)("on part of an array, %j", (decay) => {
    for (const [start, count] of [
      [0, 1],
      [3, 5],
      [0, 64],
      [1, 100],
    ] as const) {
      expectAgreement((t) => {
        const s = state(t, 110);
        for (let step = 1; step <= 3; step++)
          t.backend.adam(s, t.random(110), start, count, step, { ...settings, ...decay });
        return { ...s };
      });
    }
  });

  it.each(cases)("grouped, gradient formed on the fly: %j", (c) => {
    for (const decay of decays) {
      expectAgreement((t) => {
        const outputs = 2 * c.width;
        const d = routed(t, c);
        const s = state(t, c.experts * c.inputs * outputs);
        const steps = t.ints(Int32Array.from({ length: c.experts }, (_, e) => e));
        for (let i = 0; i < 2; i++) {
          t.backend.adamGrouped(
            s,
            t.random(c.rows * c.inputs),
            t.random(d.pairs * outputs),
            d,
            c.inputs,
            outputs,
            steps,
            { ...settings, ...decay },
          );
        }
        return { ...s, steps };
      });
    }
  });

  /** Every number up to 20, and both sides of each threshold of the kernel. */
  const numbersOfPairs = [...Array.from({ length: 20 }, (_, i) => i + 1), 31, 32, 33, 34, 255, 256, 257];

  it.each([1, 2, 3, 5, 7, 8, 11, 12, 17, 31])("grouped, %i columns, any number of pairs", (outputs) => {
    for (const rows of numbersOfPairs) {
      for (const decay of decays.slice(0, 2)) {
        expectAgreement((t) => {
          const c = { rows, experts: 1, slots: 1, inputs: 23, width: outputs };
          const s = state(t, c.inputs * outputs);
          const steps = t.ints(new Int32Array(1));
          t.backend.adamGrouped(
            s,
            t.random(rows * c.inputs),
            t.random(rows * outputs),
            routed(t, c),
            c.inputs,
            outputs,
            steps,
            { ...settings, ...decay },
          );
          return { ...s };
        });
      }
    }
  });

  it("starts from zero moments", () => {
    expectAgreement(
      (t) => {
        const s = { weight: t.random(9), firstMoment: t.zeros(9), secondMoment: t.zeros(9) };
        t.backend.adam(s, t.floats([0, 1, -1, 1e-10, -1e-10, 1e10, 3, NaN, 0.5]), 0, 9, 1, {
          ...settings,
          ...decays[0],
        });
        return { ...s };
      },
      { relativeTo: "element" },
    );
  });
});

describe("the bits of a sample do not depend on its batch", () => {
  it("grouped linear and mixture, alone and in a batch of 64", () => {
    const [rows, experts, inputs, width] = [64, 8, 74, 72];
    const values = onWasm((t) => ({
      x: t.random(rows * inputs),
      weight: t.random(experts * inputs * 2 * width),
      bias: t.random(experts * 2 * width),
    }));
    const slice = (name: string, from: number, to: number): number[] =>
      (values.get(name) ?? []).slice(from, to);
    const key = randomKey(3, "choices");
    const choices = Array.from({ length: rows }, (_, r) => [
      integerAt(key, 2 * r, 4),
      4 + integerAt(key, 2 * r + 1, 4),
    ]);

    const mixture = (order: readonly number[]) =>
      onWasm((t) => {
        const n = order.length;
        const ints = (size: number) => t.ints(new Int32Array(size));
        const sorted = {
          experts,
          offsets: ints(experts + 1),
          rows: ints(2 * n),
          slots: ints(2 * n),
          pairOf: ints(2 * n),
        };
        const chosen = t.ints(order.flatMap((r) => choices[r] ?? []));
        const present = t.ints(order.map(() => 1));
        const pairs = t.backend.dispatch({ indices: chosen, present, rows: n, slots: 2 }, sorted);
        const d = { ...sorted, pairs };
        const raw = t.zeros(pairs * 2 * width);
        const x = t.floats(order.flatMap((r) => slice("x", r * inputs, (r + 1) * inputs)));
        t.backend.groupedLinear(
          x,
          t.floats(slice("weight", 0, Infinity)),
          t.floats(slice("bias", 0, Infinity)),
          d,
          inputs,
          2 * width,
          raw,
        );
        const keys = ints(2 * pairs);
        for (let p = 0; p < pairs; p++) {
          keys.view[2 * p] = order[sorted.rows.view[p] ?? 0] ?? 0;
          keys.view[2 * p + 1] = sorted.slots.view[p] ?? 0;
        }
        const [h, sigma2, kl] = [t.zeros(n * width), t.zeros(2 * n), t.zeros(2 * n)];
        const gate = t.floats(order.flatMap(() => [0.6, 0.3]));
        const sizes = { rows: n, slots: 2, width, clampLow: -8, clampHigh: 5 };
        t.backend.gaussianMixture({ ...sizes, raw, gate, dispatch: d, keys, h, sigma2, kl });
        return { h, sigma2, kl };
      });

    const all = Array.from({ length: rows }, (_, r) => r);
    const whole = mixture(all);
    const reversed = mixture([...all].reverse());
    for (const r of all) {
      const alone = mixture([r]);
      for (const [name, per] of [
        ["h", width],
        ["sigma2", 2],
        ["kl", 2],
      ] as const) {
        const expected = (whole.get(name) ?? []).slice(r * per, (r + 1) * per);
        expect(alone.get(name)).toEqual(expected);
        expect((reversed.get(name) ?? []).slice((rows - 1 - r) * per, (rows - r) * per)).toEqual(expected);
      }
    }
  });
});
