import { describe, expect, test } from "vitest";
import { ShapeError } from "../core/errors.js";
import { expertMixture } from "../tensor/ops/expert-mixture.js";
import { Tape } from "../tensor/tape.js";
import { composedExpertMixture } from "./expert-mixture-composed.js";
import { weightedSum } from "./losses/weighted-sum.js";
import { modelBackends } from "./testing/backends.js";
import { mixtureInputs, type MixtureCase, ordinaryCase, runMixture } from "./testing/mixture-case.js";

const far = -1e3;
const cases: Readonly<Record<string, MixtureCase>> = {
  ordinary: ordinaryCase,
  "without noise": { ...ordinaryCase, noise: false },
  "one sample": { ...ordinaryCase, batch: 1, present: [1] },
  "K = N": { ...ordinaryCase, topK: 4 },
  "N < K": { ...ordinaryCase, topK: 9 },
  "one expert": { ...ordinaryCase, experts: 1 },
  "K = 1": { ...ordinaryCase, topK: 1 },
  "an expert that nobody chooses": { ...ordinaryCase, routerBias: [0, far, 0, 0] },
  "absent samples": { ...ordinaryCase, present: [0, 1, 1, 0, 1, 0] },
  "all samples absent": { ...ordinaryCase, present: [0, 0, 0, 0, 0, 0] },
  "all experts run": { ...ordinaryCase, run: "all", topK: 2 },
  "all experts run, absent samples": { ...ordinaryCase, run: "all", topK: 2, present: [1, 0, 1, 1, 0, 1] },
  "clamped log-variance": { ...ordinaryCase, logVarMin: -0.2, logVarMax: 0.3 },
  "odd widths, many experts": {
    ...ordinaryCase,
    batch: 3,
    inputs: 19,
    hidden: 9,
    experts: 11,
    present: [1, 1, 1],
  },
  "shifted log-variance": { ...ordinaryCase, shift: true, present: [1, 0, 1, 1, 1, 1] },
  "shifted and clamped log-variance, all experts run": {
    ...ordinaryCase,
    shift: true,
    run: "all",
    topK: 2,
    logVarMin: -0.4,
    logVarMax: 0.5,
  },
  "shifted gate, absent samples": { ...ordinaryCase, gateShift: true, present: [1, 0, 1, 1, 1, 1] },
  "both shifted, all experts run": { ...ordinaryCase, shift: true, gateShift: true, run: "all", topK: 2 },
  "width 1": { ...ordinaryCase, inputs: 1, hidden: 1 },
};

function largestGap(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return a.reduce(
    (worst, value, i) =>
      Math.max(worst, Math.abs(value - (b[i] ?? NaN)) / Math.max(1, Math.abs(b[i] ?? NaN))),
    0,
  );
}

describe.each(modelBackends)("the fused expert mixture, $name", ({ name: backendName, create }) => {
  const limit = backendName === "wasm" ? 2e-5 : 1e-12;

  test.each(Object.entries(cases))(
    "equals its composition from primitive operations, values and gradients: %s",
    (_, spec) => {
      const fused = runMixture(create(), expertMixture, spec);
      const composed = runMixture(create(), composedExpertMixture, spec);
      expect(fused.outputs.experts).toEqual(composed.outputs.experts);
      for (const key of Object.keys(composed.outputs))
        expect(largestGap(fused.outputs[key] ?? [], composed.outputs[key] ?? []), key).toBeLessThan(limit);
      for (const key of Object.keys(composed.gradients)) {
        expect(
          largestGap(fused.gradients[key] ?? [], composed.gradients[key] ?? []),
          `gradient of ${key}`,
        ).toBeLessThan(limit);
      }
    },
  );

  test.each(["one sample", "absent samples", "shifted log-variance", "both shifted, all experts run"])(
    "without variances, the means have the same bits: %s",
    (key) => {
      const spec = { ...ordinaryCase, ...cases[key], noise: false };
      const backend = create();
      const tape = new Tape(backend, false);
      const { inputs } = mixtureInputs(backend, tape, spec);
      const whole = expertMixture(tape, inputs);
      const means = expertMixture(tape, { ...inputs, meansOnly: true });
      for (const output of ["h", "gates", "probabilities"] as const)
        expect(means[output].toArray(), output).toEqual(whole[output].toArray());
      expect(means.sigma2.toArray().every(Number.isNaN)).toBe(true);
      expect(() => means.variance()).toThrow(/only means/);
    },
  );

  test("means alone need a tape that does not record", () => {
    const backend = create();
    const tape = new Tape(backend);
    const { inputs } = mixtureInputs(backend, tape, { ...ordinaryCase, noise: false });
    expect(() => expertMixture(tape, { ...inputs, meansOnly: true })).toThrow(/does not record/);
  });

  test("an expert that no sample selects is inactive in the gradients: the optimiser skips it", () => {
    const backend = create();
    const tape = new Tape(backend);
    const { inputs, parameters } = mixtureInputs(backend, tape, {
      ...ordinaryCase,
      routerBias: [0, far, 0, 0],
    });
    tape.backward(weightedSum(tape, expertMixture(tape, inputs).h, 1));
    const weight = parameters.get("experts/weight").gradient;
    const bias = parameters.get("experts/bias").gradient;
    expect(weight?.kind).toBe("factored");
    expect(bias?.kind).toBe("dense");
    for (const dispatch of [
      weight?.kind === "factored" ? weight.dispatch : undefined,
      bias?.kind === "dense" ? bias.active : undefined,
    ]) {
      const offsets = Array.from(dispatch?.offsets.view.subarray(0, 5) ?? []);
      const pairs = offsets.slice(1).map((end, j) => end - (offsets[j] ?? 0));
      expect(pairs).toEqual([6, 0, 6, 6]);
    }
  });

  test("a modality that no sample has: zeros and no gradient", () => {
    const run = runMixture(create(), expertMixture, { ...ordinaryCase, present: [0, 0, 0, 0, 0, 0] });
    for (const key of ["h", "gates", "sigma2", "kl", "probabilities"])
      expect(
        run.outputs[key]?.every((value) => value === 0),
        key,
      ).toBe(true);
    expect(run.loss).toBe(0);
  });

  test("a sample's output has the same bits in any batch and order, including noise", () => {
    const samples = [10, 11, 12, 13, 14, 15];
    const whole =
      runMixture(create(), expertMixture, { ...ordinaryCase, sampleIndex: samples }).outputs.h ?? [];
    const turned = [13, 10, 15, 11, 14, 12];
    const shuffled =
      runMixture(create(), expertMixture, { ...ordinaryCase, sampleIndex: turned }).outputs.h ?? [];
    samples.forEach((sample, b) => {
      const row = whole.slice(b * 5, (b + 1) * 5);
      const alone = runMixture(create(), expertMixture, {
        ...ordinaryCase,
        batch: 1,
        present: [1],
        sampleIndex: [sample],
      }).outputs.h;
      const place = turned.indexOf(sample);
      expect(alone).toEqual(row);
      expect(shuffled.slice(place * 5, (place + 1) * 5)).toEqual(row);
    });
  });

  test("shapes that do not agree are named", () => {
    const backend = create();
    const tape = new Tape(backend);
    const { inputs } = mixtureInputs(backend, tape, ordinaryCase);
    const wrong = { ...inputs, x: tape.constant(new Float32Array(12), [6, 2]) };
    expect(() => expertMixture(tape, wrong)).toThrow(ShapeError);
    expect(() => expertMixture(tape, wrong)).toThrow(/\[6, 2\].*\[7, 4\]/);
    expect(() => expertMixture(tape, { ...inputs, present: [1] })).toThrow(/1 entries for 6 samples/);
    expect(() => expertMixture(tape, { ...inputs, topK: 0 })).toThrow(/topK/);
    expect(() => expertMixture(tape, { ...inputs, logVarShift: tape.constant([1], [1, 1]) })).toThrow(
      /logVarShift must be \[6, 4\], got \[1, 1\]/,
    );
    expect(() => expertMixture(tape, { ...inputs, gateShift: tape.constant([1], [1, 1]) })).toThrow(
      /gateShift must be \[6, 4\], got \[1, 1\]/,
    );
  });
});
