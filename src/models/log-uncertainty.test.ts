import { describe, expect, test } from "vitest";
import { weightedSum } from "../nn/losses/weighted-sum.js";
import { modelBackends } from "../nn/testing/backends.js";
import { mixtureInputs, ordinaryCase } from "../nn/testing/mixture-case.js";
import { type ExpertMixture, expertMixture } from "../tensor/ops/expert-mixture.js";
import { Tape } from "../tensor/tape.js";
import { euarDiagnostics } from "./euar-diagnostics.js";
import { logUncertainty } from "./log-uncertainty.js";

const present = [1, 1, 0, 1, 1, 1];

describe.each(modelBackends)("log-uncertainty on $name", ({ name, create }) => {
  test.each(["selected", "all"] as const)(
    "log-uncertainty: the logarithm of what the diagnostics report, 0 where absent (%s experts run)",
    (run) => {
      const backend = create();
      const tape = new Tape(backend);
      const mixture = expertMixture(
        tape,
        mixtureInputs(backend, tape, { ...ordinaryCase, present, run, topK: 2 }).inputs,
      );
      const { uncertainty } = euarDiagnostics(mixture, present, 2, undefined);
      const found = logUncertainty(tape, mixture, present).toArray();
      present.forEach((flag, b) => {
        expect(found[b]).toBeCloseTo(flag === 0 ? 0 : Math.log(uncertainty[b] ?? NaN), 5);
      });
    },
  );

  test("log-uncertainty: its gradients to gates and variances agree with finite differences", () => {
    const backend = create();
    const [gates, sigma2] = [
      [0.5, 0.2, 0.7, 0.1],
      [0.3, 2, 1.1, 0.4],
    ];
    const at = (
      g: readonly number[],
      v: readonly number[],
    ): { readonly loss: number; readonly slopes: number[] } => {
      const tape = new Tape(backend);
      const mixture = { gates: tape.variable(g, [2, 2]), sigma2: tape.variable(v, [2, 2]), slots: 2 };
      const total = weightedSum(
        tape,
        logUncertainty(tape, mixture as unknown as ExpertMixture, [1, 1]),
        [1, -2],
      );
      tape.backward(total);
      return {
        loss: total.item(),
        slopes: [mixture.gates, mixture.sigma2].flatMap(({ gradient }) => Array.from(gradient?.view ?? [])),
      };
    };
    const step = name === "wasm" ? 1e-2 : 1e-5;
    const { slopes } = at(gates, sigma2);
    [...gates, ...sigma2].forEach((_, i) => {
      const moved = (by: number): number =>
        at(
          gates.map((value, k) => value + (k === i ? by : 0)),
          sigma2.map((value, k) => value + (k + 4 === i ? by : 0)),
        ).loss;
      expect(slopes[i]).toBeCloseTo((moved(step) - moved(-step)) / (2 * step), name === "wasm" ? 1 : 6);
    });
  });
});
