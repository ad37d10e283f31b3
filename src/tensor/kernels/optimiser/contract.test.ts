import { describe, expect, it } from "vitest";
import type { AdamSettings, AdamState, Backend } from "../../backend.js";
import { largestDifference, testBackends } from "../../testing/backends.js";
import { fixtures } from "../../testing/fixtures.js";
import { dispatchOf, filled, floats, ints, normals, read } from "../../testing/kernel-inputs.js";

function stateOf(backend: Backend, weights: readonly number[]): AdamState {
  const state = {
    weight: backend.persistent(weights.length),
    firstMoment: backend.persistent(weights.length),
    secondMoment: backend.persistent(weights.length),
  };
  state.weight.view.set(weights);
  return state;
}

describe.each(testBackends)("Adam on $name", ({ create, tolerance }) => {
  describe.each(fixtures.adam)(
    "$decay",
    ({ decay, inputs, outputs, lr, betas, eps, weight_decay, start, steps }) => {
      const size = inputs * outputs;
      const experts = start.length / size;
      const settings: AdamSettings = {
        learningRate: lr,
        beta1: betas[0],
        beta2: betas[1],
        epsilon: eps,
        decay,
        weightDecay: weight_decay,
        gradientScale: 1,
      };

      it("adam agrees with PyTorch, and does not change a group without gradient", () => {
        const backend = create();
        const state = stateOf(backend, start);
        const counts = new Array<number>(experts).fill(0);
        for (const { gradients, weights } of steps) {
          const dense = floats(
            backend,
            gradients.flatMap((gradient) => gradient ?? new Array<number>(size).fill(NaN)),
          );
          gradients.forEach((gradient, e) => {
            if (!gradient) return;
            counts[e] = (counts[e] ?? 0) + 1;
            backend.adam(state, dense, e * size, size, counts[e], settings);
          });
          expect(largestDifference(read(state.weight), weights)).toBeLessThan(10 * tolerance);
          backend.endStep();
        }
      });

      it("adamGrouped follows PyTorch's per-expert parameters whose grad may be None", () => {
        const backend = create();
        const state = stateOf(backend, start);
        const counts = backend.scratchInts(experts); // lives as long as this test needs it: no endStep below
        counts.view.fill(0);
        for (const { gradients, weights } of steps) {
          // One-hot inputs write out the gradient of each active expert: pair i of an expert adds row i.
          const active = gradients.flatMap((gradient, e) => (gradient ? [{ gradient, e }] : []));
          const selection = active.flatMap(({ e }) => Array.from({ length: inputs }, () => [e]));
          const x = active.flatMap(() =>
            Array.from({ length: inputs }, (_, i) =>
              Array.from({ length: inputs }, (_, j) => (i === j ? 1 : 0)),
            ).flat(),
          );
          const dout = active.flatMap(({ gradient }) => gradient);
          const dispatch = dispatchOf(backend, selection.length > 0 ? selection : [[]], experts);
          backend.adamGrouped(
            state,
            floats(backend, x),
            floats(backend, dout),
            dispatch,
            inputs,
            outputs,
            counts,
            settings,
          );
          expect(largestDifference(read(state.weight), weights)).toBeLessThan(10 * tolerance);
        }
        const stepsOf = (e: number): number => steps.filter(({ gradients }) => gradients[e] !== null).length;
        expect(read(counts)).toEqual(Array.from({ length: experts }, (_, e) => stepsOf(e)));
      });
    },
  );

  it.each([
    [1, 1, "l2"],
    [5, 7, "decoupled"],
    [13, 16, "l2"],
    [74, 24, "decoupled"],
  ] as const)(
    "adamGrouped equals adam on the gradient written down: %i x %i, %s",
    (inputs, outputs, decay) => {
      const backend = create();
      const experts = 4;
      const size = inputs * outputs;
      const weights = normals("w", experts * size);
      const grouped = stateOf(backend, weights);
      const dense = stateOf(backend, weights);
      const counts = ints(backend, new Array<number>(experts).fill(0));
      const settings: AdamSettings = {
        learningRate: 0.01,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        decay,
        weightDecay: 0.01,
        gradientScale: 0.5,
      };
      for (let step = 1; step <= 3; step++) {
        const dispatch = dispatchOf(backend, [[0, 1], [1, 3], [], [3, 0]], experts);
        const x = floats(backend, normals(`x${step}`, 4 * inputs));
        const dout = floats(backend, normals(`d${step}`, dispatch.pairs * outputs));
        backend.adamGrouped(grouped, x, dout, dispatch, inputs, outputs, counts, settings);
        const gradient = filled(backend, experts * size);
        backend.groupedWeightGradient(x, dout, dispatch, inputs, outputs, gradient);
        for (const e of [0, 1, 3]) backend.adam(dense, gradient, e * size, size, step, settings);
      }
      expect(read(counts)).toEqual([3, 3, 0, 3]);
      for (const part of ["weight", "firstMoment", "secondMoment"] as const) {
        expect(largestDifference(read(grouped[part]), read(dense[part])), part).toBeLessThan(10 * tolerance);
      }
      expect(read(grouped.weight).slice(2 * size, 3 * size)).toEqual(weights.slice(2 * size, 3 * size));
    },
  );

  it.each(["l2", "decoupled"] as const)(
    "adamRows equals adam on each row, and touches no other (%s)",
    (decay) => {
      const backend = create();
      const [count, width] = [5, 7];
      const weights = normals("table", count * width);
      const table = stateOf(backend, weights);
      const dense = stateOf(backend, weights);
      const settings: AdamSettings = {
        ...{ learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
        ...{ decay, weightDecay: 0.1, gradientScale: 0.5 },
      };
      const counts = new Array<number>(count).fill(0);
      for (const rows of [[0, 3], [3], [], [0, 1, 3]]) {
        const gradient = normals(`g${rows.join()}`, rows.length * width);
        const steps = rows.map((row) => (counts[row] = (counts[row] ?? 0) + 1));
        const scattered = filled(backend, count * width, NaN);
        rows.forEach((row, i) => {
          scattered.view.set(gradient.slice(i * width, (i + 1) * width), row * width);
          backend.adam(dense, scattered, row * width, width, steps[i] ?? 0, settings);
        });
        backend.adamRows(
          table,
          floats(backend, gradient),
          ints(backend, rows),
          rows.length,
          width,
          ints(backend, steps),
          settings,
        );
      }
      for (const part of ["weight", "firstMoment", "secondMoment"] as const)
        expect(read(table[part]), part).toEqual(read(dense[part]));
      for (const row of [2, 4])
        expect(read(table.weight).slice(row * width, (row + 1) * width)).toEqual(
          weights.slice(row * width, (row + 1) * width),
        );
    },
  );
});
