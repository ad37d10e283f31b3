import { describe, expect, it } from "vitest";
import { exp } from "../../../core/math.js";
import { normalAt } from "../../../core/random.js";
import { largestDifference, testBackends } from "../../testing/backends.js";
import { dispatchOf, filled, floats, ints, keyBuffer, normals, read } from "../../testing/kernel-inputs.js";

/**
 * Sizes: B samples, S slots, N experts, D inputs, F outputs, R pairs. Sample 1 is absent and expert 2 is not
 * selected.
 */
const selection = [[3, 0, 1], [], [0, 1, 3], [1, 3, 0], [4, 0, 3]];
const [B, S, N] = [5, 3, 5];

describe.each(testBackends)("expert kernels on $name", ({ create, tolerance }) => {
  const backend = create();

  describe("topK", () => {
    it.each([1, 3, 4, 5, 8, 13, 33])("takes the largest of %i in descending order", (width) => {
      const probabilities = normals("topK", 6 * width);
      const k = Math.min(3, width);
      const indices = backend.scratchInts(6 * k);
      const values = backend.scratch(6 * k);
      backend.topK(floats(backend, probabilities), 6, width, k, indices, values);
      for (let r = 0; r < 6; r++) {
        const row = probabilities.slice(r * width, (r + 1) * width);
        const expected = [...row.keys()].sort((a, b) => (row[b] ?? 0) - (row[a] ?? 0) || a - b).slice(0, k);
        expect(read(indices).slice(r * k, (r + 1) * k)).toEqual(expected);
        expect(read(values).slice(r * k, (r + 1) * k)).toEqual(expected.map((i) => row[i]));
      }
      backend.endStep();
    });

    it("breaks ties to the lower index, also when all are equal", () => {
      const indices = backend.scratchInts(9);
      const values = backend.scratch(9);
      backend.topK(floats(backend, [1, 2, 2, 1, 0.5, 0.5, 0.5, 0.5, 0, 1, 0, 1]), 3, 4, 3, indices, values);
      expect(read(indices)).toEqual([1, 2, 0, 0, 1, 2, 1, 3, 0]);
      expect(read(values)).toEqual([2, 2, 1, 0.5, 0.5, 0.5, 1, 1, 0]);
      backend.endStep();
    });
  });

  describe("dispatch", () => {
    it("sorts pairs by expert and then by sample, without the absent", () => {
      const d = dispatchOf(backend, selection, N);
      expect(d.pairs).toBe(12);
      expect(read(d.offsets)).toEqual([0, 4, 7, 7, 11, 12]);
      expect(read(d.rows).slice(0, 12)).toEqual([0, 2, 3, 4, 0, 2, 3, 0, 2, 3, 4, 4]);
      expect(read(d.slots).slice(0, 12)).toEqual([1, 0, 2, 1, 2, 1, 0, 0, 2, 1, 2, 0]);
      expect(read(d.pairOf)).toEqual([7, 0, 4, -1, -1, -1, 1, 5, 8, 6, 9, 2, 11, 3, 10]);
      backend.endStep();
    });

    it("of absent samples only has no pairs", () => {
      const d = dispatchOf(backend, [[], []], 2);
      expect(d.pairs).toBe(0);
      expect(read(d.offsets)).toEqual([0, 0, 0]);
      expect(read(d.pairOf)).toEqual([-1, -1]);
      backend.endStep();
    });
  });

  describe.each([
    [1, 1],
    [3, 5],
    [7, 4],
    [13, 17],
    [47, 12],
  ])("grouped affine map %i -> %i", (D, F) => {
    const x = normals("x", B * D);
    const weight = normals("w", N * D * F);
    const bias = normals("b", N * F);
    const dout = normals("dout", 12 * F);
    const at = (values: readonly number[], i: number): number => values[i] ?? NaN;

    /** The pairs in dispatch order as [expert, row]. */
    const pairs = [0, 1, 3, 4].flatMap((e) =>
      selection.flatMap((chosen, row) => (chosen.includes(e) ? [[e, row] as const] : [])),
    );
    const closeTo = (actual: number[], expected: number[]): void => {
      expect(largestDifference(actual, expected)).toBeLessThan(10 * tolerance);
    };

    it("groupedLinear is x W[e] + bias[e] per pair", () => {
      const d = dispatchOf(backend, selection, N);
      const out = filled(backend, 12 * F, NaN);
      backend.groupedLinear(floats(backend, x), floats(backend, weight), floats(backend, bias), d, D, F, out);
      const expected = pairs.flatMap(([e, row]) =>
        Array.from({ length: F }, (_, j) =>
          Array.from({ length: D }, (_, i) => at(x, row * D + i) * at(weight, (e * D + i) * F + j)).reduce(
            (a, b) => a + b,
            at(bias, e * F + j),
          ),
        ),
      );
      closeTo(read(out), expected);
      backend.endStep();
    });

    it("groupedLinear computes the first columns with the same bits, and leaves the others", () => {
      const d = dispatchOf(backend, selection, N);
      const [whole, part] = [filled(backend, 12 * F, NaN), filled(backend, 12 * F, -7)];
      const inputs = [floats(backend, x), floats(backend, weight), floats(backend, bias)] as const;
      backend.groupedLinear(...inputs, d, D, F, whole);
      for (const columns of [F - 1, 1]) {
        part.view.fill(-7);
        backend.groupedLinear(...inputs, d, D, F, part, columns);
        expect(read(part)).toEqual(read(whole).map((value, i) => (i % F < columns ? value : -7)));
      }
      backend.endStep();
    });

    it("groupedLinearBackwardInput adds dout W[e]^T to the pair's sample", () => {
      const d = dispatchOf(backend, selection, N);
      const dx = filled(backend, B * D, 0.5);
      backend.groupedLinearBackwardInput(floats(backend, dout), floats(backend, weight), d, D, F, B, S, dx);
      const expected = new Array<number>(B * D).fill(0.5);
      pairs.forEach(([e, row], p) => {
        for (let i = 0; i < D; i++)
          for (let j = 0; j < F; j++)
            expected[row * D + i] =
              at(expected, row * D + i) + at(dout, p * F + j) * at(weight, (e * D + i) * F + j);
      });
      closeTo(read(dx), expected);
      backend.endStep();
    });

    it("groupedWeightGradient, groupedBiasGradient, groupedSquaredNorm agree with plain sums", () => {
      const d = dispatchOf(backend, selection, N);
      const dweight = filled(backend, N * D * F, 0.25);
      const dbias = filled(backend, N * F, 0.25);
      backend.groupedWeightGradient(floats(backend, x), floats(backend, dout), d, D, F, dweight);
      backend.groupedBiasGradient(floats(backend, dout), d, F, dbias);
      const expectedWeight = new Array<number>(N * D * F).fill(0);
      const expectedBias = new Array<number>(N * F).fill(0);
      pairs.forEach(([e, row], p) => {
        for (let j = 0; j < F; j++) {
          expectedBias[e * F + j] = at(expectedBias, e * F + j) + at(dout, p * F + j);
          for (let i = 0; i < D; i++) {
            const place = (e * D + i) * F + j;
            expectedWeight[place] = at(expectedWeight, place) + at(x, row * D + i) * at(dout, p * F + j);
          }
        }
      });
      closeTo(
        read(dweight),
        expectedWeight.map((v) => v + 0.25),
      );
      closeTo(
        read(dbias),
        expectedBias.map((v) => v + 0.25),
      );
      const norm = expectedWeight.reduce((sum, v) => sum + v * v, 0);
      expect(
        backend.groupedSquaredNorm(floats(backend, x), floats(backend, dout), d, D, F) / norm,
      ).toBeCloseTo(1, 5);
      expect(backend.squaredNorm(floats(backend, expectedWeight), expectedWeight.length) / norm).toBeCloseTo(
        1,
        5,
      );
      backend.endStep();
    });
  });

  it("squaredNorm counts only the requested elements", () => {
    expect(backend.squaredNorm(floats(backend, [1, 2, 3, 4, 5]), 3)).toBe(14);
    expect(backend.squaredNorm(floats(backend, []), 0)).toBe(0);
    backend.endStep();
  });

  describe.each([1, 3, 5, 8, 13, 72])("gaussianMixture of width %i", (H) => {
    const [low, high] = [-1, 0.75];
    const raw = normals(`raw/${H}`, 12 * 2 * H).map((v) => Math.fround(1.5 * v));
    const gate = normals("gate", B * S).map(Math.abs);
    const dh = normals("dh", B * H);
    const dsigma2 = normals("dsigma2", B * S);
    const dkl = normals("dkl", B * S);
    const at = (values: readonly number[], i: number): number => values[i] ?? NaN;
    const pairOf = [7, 0, 4, -1, -1, -1, 1, 5, 8, 6, 9, 2, 11, 3, 10];

    /** Formulas of Eqs. 3, 4, 6, 10 from raw and gate. */
    function expected(
      rawValues: readonly number[],
      gates: readonly number[],
      noise: (pair: number, j: number) => number,
    ): { h: number[]; sigma2: number[]; kl: number[] } {
      const h = new Array<number>(B * H).fill(0);
      const sigma2 = new Array<number>(B * S).fill(0);
      const kl = new Array<number>(B * S).fill(0);
      pairOf.forEach((pair, entry) => {
        if (pair < 0) return;
        for (let j = 0; j < H; j++) {
          const mu = at(rawValues, pair * 2 * H + j);
          const logVar = Math.min(high, Math.max(low, at(rawValues, pair * 2 * H + H + j)));
          const place = Math.floor(entry / S) * H + j;
          h[place] = at(h, place) + at(gates, entry) * (mu + noise(pair, j) * exp(logVar / 2));
          sigma2[entry] = at(sigma2, entry) + exp(logVar) / H;
          kl[entry] = at(kl, entry) - (1 + logVar - mu * mu - exp(logVar)) / 2 / H;
        }
      });
      return { h, sigma2, kl };
    }

    it.each([false, true])("matches its formula and its derivative, with noise: %s", (noisy) => {
      const d = dispatchOf(backend, selection, N);
      const keys = noisy ? keyBuffer(backend, "noise", 12) : undefined;
      const words = keys ? read(keys) : [];
      const noise = (pair: number, j: number): number =>
        noisy ? normalAt({ k0: at(words, 2 * pair), k1: at(words, 2 * pair + 1) }, j) : 0;
      const out = {
        h: filled(backend, B * H, NaN),
        sigma2: filled(backend, B * S, NaN),
        kl: filled(backend, B * S, NaN),
      };
      const gaussians = {
        raw: floats(backend, raw),
        gate: floats(backend, gate),
        dispatch: d,
        rows: B,
        slots: S,
        width: H,
        clampLow: low,
        clampHigh: high,
        keys,
      };
      backend.gaussianMixture({ ...gaussians, ...out });
      const wanted = expected(raw, gate, noise);
      for (const name of ["h", "sigma2", "kl"] as const)
        expect(largestDifference(read(out[name]), wanted[name]), name).toBeLessThan(5 * tolerance);

      const draw = filled(backend, 12 * 2 * H, NaN);
      const dgate = filled(backend, B * S, 0.5);
      backend.gaussianMixtureBackward(gaussians, {
        dh: floats(backend, dh),
        dsigma2: floats(backend, dsigma2),
        dkl: floats(backend, dkl),
        draw,
        dgate,
      });
      const loss = (rawValues: readonly number[], gates: readonly number[]): number => {
        const { h, sigma2, kl } = expected(rawValues, gates, noise);
        const dot = (a: readonly number[], b: readonly number[]): number =>
          a.reduce((sum, v, i) => sum + v * at(b, i), 0);
        return dot(h, dh) + dot(sigma2, dsigma2) + dot(kl, dkl);
      };
      const looser = Math.max(10 * tolerance, 1e-7);
      const compare = (
        actual: number[],
        values: readonly number[],
        offset: number,
        f: (moved: readonly number[]) => number,
      ): void => {
        // central differences of a sample of elements
        const some = [...values.keys()].filter((i) => i % Math.ceil(values.length / 61) === 0);
        const numeric = some.map(
          (i) =>
            (f(values.with(i, at(values, i) + 1e-5)) - f(values.with(i, at(values, i) - 1e-5))) / 2e-5 +
            offset,
        );
        expect(actual.every(Number.isFinite)).toBe(true);
        expect(
          largestDifference(
            some.map((i) => at(actual, i)),
            numeric,
          ),
        ).toBeLessThan(looser);
      };
      compare(read(draw), raw, 0, (moved) => loss(moved, gate));
      compare(read(dgate), gate, 0.5, (moved) => loss(raw, moved));
      backend.endStep();
    });
  });

  it("normals draws normalAt for each key", () => {
    const keys = keyBuffer(backend, "normals", 3);
    const words = read(keys);
    const out = backend.scratch(3 * 7);
    backend.normals(keys, 3, 7, out);
    const expected = Array.from({ length: 21 }, (_, i) =>
      normalAt({ k0: words[2 * Math.floor(i / 7)] ?? 0, k1: words[2 * Math.floor(i / 7) + 1] ?? 0 }, i % 7),
    );
    expect(largestDifference(read(out), expected)).toBeLessThan(tolerance);
    backend.endStep();
  });

  it("gather, scatter and their indices agree", () => {
    const indices = ints(backend, [1, -1, 1, 0]);
    const out = filled(backend, 4 * 3, NaN);
    backend.gatherRows(floats(backend, [1, 2, 3, 4, 5, 6]), 3, indices, 4, out);
    expect(read(out)).toEqual([4, 5, 6, 0, 0, 0, 4, 5, 6, 1, 2, 3]);
    const da = filled(backend, 6, 1);
    backend.scatterAddRows(out, 3, indices, 4, da);
    expect(read(da)).toEqual([2, 3, 4, 9, 11, 13]);
    backend.endStep();
  });
});
