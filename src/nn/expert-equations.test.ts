import { describe, expect, test } from "vitest";
import { foldIn, normalAt } from "../core/random.js";
import { expertMixture } from "../tensor/ops/expert-mixture.js";
import { expertNoiseKey } from "../tensor/ops/expert-noise.js";
import { Tape } from "../tensor/tape.js";
import { composedExpertMixture } from "./expert-mixture-composed.js";
import { modelBackends } from "./testing/backends.js";
import { mixtureInputs, type MixtureCase, ordinaryCase } from "./testing/mixture-case.js";

/**
 * Equations in plain loops over the numbers of the test case. Both implementations must give the same result.
 */
function byHand(
  spec: MixtureCase,
  values: Record<"x" | "routerWeight" | "routerBias" | "weight" | "bias", number[]>,
) {
  const { batch, inputs, hidden, experts, topK, logVarMin, logVarMax } = spec;
  const at = (array: readonly number[], i: number): number => array[i] ?? NaN;
  return Array.from({ length: batch }, (_, b) => {
    const x = values.x.slice(b * inputs, (b + 1) * inputs);
    const logits = Array.from({ length: experts }, (_, j) =>
      x.reduce((sum, v, i) => sum + v * at(values.routerWeight, i * experts + j), at(values.routerBias, j)),
    );
    const exps = logits.map((logit) => Math.exp(logit - Math.max(...logits)));
    const total = exps.reduce((sum, e) => sum + e, 0);
    const probabilities = exps.map((e) => e / total);
    const order = probabilities.map((_, j) => j).sort((i, j) => at(probabilities, j) - at(probabilities, i));
    const chosen = order.slice(0, Math.min(topK, experts));
    const gate = probabilities.map((p, j) => (chosen.includes(j) ? p : 0)); // Eq. 5
    const gaussians = Array.from({ length: experts }, (_, j) => {
      const column = (f: number): number =>
        x.reduce(
          (sum, v, i) => sum + v * at(values.weight, (j * inputs + i) * 2 * hidden + f),
          at(values.bias, j * 2 * hidden + f),
        );
      const mu = Array.from({ length: hidden }, (_, f) => column(f)); // Eq. 2
      const logVar = Array.from({ length: hidden }, (_, f) =>
        Math.min(logVarMax, Math.max(logVarMin, column(hidden + f))),
      ); // Eq. 2
      const key = foldIn(foldIn(expertNoiseKey(3, "text", 4), 10 + b), j);
      // Eq. 3
      const z = mu.map((m, f) => m + (spec.noise ? normalAt(key, f) * Math.exp(at(logVar, f) / 2) : 0));
      // Eq. 4
      const divergence = mu.map((m, f) => -0.5 * (1 + at(logVar, f) - m * m - Math.exp(at(logVar, f))));
      const mean = (array: readonly number[]): number => array.reduce((sum, v) => sum + v, 0) / array.length;
      return { z, kl: mean(divergence), sigma2: mean(logVar.map((v) => Math.exp(v))) };
    });
    const h = Array.from({ length: hidden }, (_, f) =>
      gaussians.reduce((sum, { z }, j) => sum + at(gate, j) * at(z, f), 0),
    ); // Eq. 6
    return { probabilities, chosen, gate, gaussians, h };
  });
}

function evaluate(
  spec: MixtureCase,
  mixture: typeof expertMixture,
  create: (typeof modelBackends)[number]["create"],
) {
  const backend = create();
  const tape = new Tape(backend);
  const { inputs } = mixtureInputs(backend, tape, spec);
  const { x, routerWeight, routerBias, weight, bias } = inputs;
  const values = { x, routerWeight, routerBias, weight, bias };
  const expected = byHand(spec, {
    x: x.toArray(),
    routerWeight: routerWeight.toArray(),
    routerBias: routerBias.toArray(),
    weight: weight.toArray(),
    bias: bias.toArray(),
  });
  expect(Object.values(values).every((tensor) => tensor.size > 0)).toBe(true);
  return { result: mixture(tape, inputs), expected };
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] ?? NaN, 5);
  });
}

const implementations = [
  { of: "fused", mixture: expertMixture },
  { of: "composed", mixture: (...args: Parameters<typeof expertMixture>) => composedExpertMixture(...args) },
];

describe.each(modelBackends)("on $name", ({ create }) => {
  describe.each(implementations)("$of", ({ mixture }) => {
    test("Eqs. 1-3: an expert maps features to a diagonal Gaussian and z = mu + epsilon * sigma", () => {
      const spec = { ...ordinaryCase, experts: 1, topK: 1 }; // one expert has gate 1, so that h is its z
      const { result, expected } = evaluate(spec, mixture, create);
      expectClose(
        result.h.toArray(),
        expected.flatMap(({ gaussians }) => gaussians[0]?.z ?? []),
      );
      expectClose(
        result.sigma2.toArray(),
        expected.map(({ gaussians }) => gaussians[0]?.sigma2 ?? NaN),
      );
    });

    test("Eq. 3: without noise z = mu", () => {
      const { result, expected } = evaluate(
        { ...ordinaryCase, experts: 1, topK: 1, noise: false },
        mixture,
        create,
      );
      expectClose(
        result.h.toArray(),
        expected.flatMap(({ gaussians }) => gaussians[0]?.z ?? []),
      );
    });

    test("Eq. 4: the divergence of each chosen expert's Gaussian from N(0, I)", () => {
      const { result, expected } = evaluate(ordinaryCase, mixture, create);
      expectClose(
        result.kl.toArray(),
        expected.flatMap(({ chosen, gaussians }) => chosen.map((j) => gaussians[j]?.kl ?? NaN)),
      );
      expect(result.kl.toArray().every((value) => value >= 0)).toBe(true);
    });

    test("Eq. 5: the gate is the softmax with all but the K largest set to zero, not renormalised", () => {
      const { result, expected } = evaluate({ ...ordinaryCase, run: "all" }, mixture, create);
      const slots = 4;
      const dense = expected.map(() => new Array<number>(4).fill(NaN));
      result.gates.toArray().forEach((gate, i) => {
        const row = dense[Math.floor(i / slots)];
        if (row) row[result.indices.view[i] ?? -1] = gate;
      });
      expectClose(
        dense.flat(),
        expected.flatMap(({ gate }) => gate),
      );
      for (const row of dense) {
        expect(row.filter((gate) => gate === 0)).toHaveLength(1);
        expect(row.reduce((sum, gate) => sum + gate, 0)).toBeLessThan(1);
      }
      expectClose(
        result.probabilities.toArray(),
        expected.flatMap(({ probabilities }) => probabilities),
      );
    });

    test("Eq. 5: K larger than N counts as N", () => {
      const { result } = evaluate({ ...ordinaryCase, topK: 50 }, mixture, create);
      expect([result.selected, result.slots]).toEqual([4, 4]);
      const gates = result.gates.toArray();
      for (let b = 0; b < 6; b++)
        expect(gates.slice(4 * b, 4 * b + 4).reduce((sum, gate) => sum + gate, 0)).toBeCloseTo(1, 5);
    });

    test("Eq. 6: h = sum_j G_j(x) E_j(x)", () => {
      const { result, expected } = evaluate(ordinaryCase, mixture, create);
      expectClose(
        result.h.toArray(),
        expected.flatMap(({ h }) => h),
      );
    });
  });
});
