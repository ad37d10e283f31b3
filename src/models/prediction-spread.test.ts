import { describe, expect, it } from "vitest";
import { modelBackends } from "../nn/testing/backends.js";
import type { Backend } from "../tensor/backend.js";
import { Tape } from "../tensor/tape.js";
import { createEuar } from "./euar.js";
import { layOver } from "../core/nested-options.js";
import { type EuarOptions, euarConfigSchema } from "./euar-config.js";
import type { DataSignature, Model } from "./model.js";
import { type Missing, smallBatch, threeModalities } from "./testing/small-batch.js";

const twoTargets: DataSignature = {
  ...threeModalities,
  task: { kind: "regression", targets: ["joy", "anger"] },
};

const narrow: EuarOptions = {
  hidden: 6,
  experts: { count: 4, logVarMin: -2, logVarMax: 1 },
  head: [],
};

function build(backend: Backend, config: EuarOptions = {}, signature = threeModalities): Model {
  return createEuar(signature, euarConfigSchema.parse(layOver(narrow, config)), backend, 1);
}

function spreadOf(model: Model, samples: readonly number[], missing?: Missing): number[] {
  const batch = smallBatch(model.signature, samples, missing);
  const { spread } = model.forward(new Tape(model.parameters.backend, false), batch, {
    training: false,
    seed: 1,
    step: 0,
    spread: true,
  });
  model.parameters.backend.endStep();
  return Array.from(spread ?? []);
}

/**
 * Standard deviation of one sample's predictions when z is really drawn (Eq. 3), by output: copies of the
 * sample in one batch, each with its own noise.
 */
function drawnSpread(model: Model, sample: number, draws: number, missing?: Missing): number[] {
  const copies = {
    ...smallBatch(model.signature, new Array<number>(draws).fill(sample), missing),
    sampleIndex: Int32Array.from({ length: draws }, (_, i) => i),
  };
  const prediction = model.forward(new Tape(model.parameters.backend), copies, {
    training: true,
    seed: 3,
    step: 0,
  }).prediction;
  const [values, outputs] = [prediction.toArray(), prediction.extent(1)];
  model.parameters.backend.endStep();
  return Array.from({ length: outputs }, (_, output) => {
    const own = values.filter((_, i) => i % outputs === output);
    const mean = own.reduce((sum, value) => sum + value, 0) / draws;
    return Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (draws - 1));
  });
}

const noAudio: Missing = (_, modality) => modality === "audio";

describe.each(modelBackends)("the spread of a prediction on $name", ({ create }) => {
  // The standard error of a deviation from n draws is about 1 / sqrt(2 n): 2.2 % here. The draws are fixed,
  // so the bounds hold always or never.
  const draws = 1000;

  it.each([
    ["one fully connected layer", {}, threeModalities, undefined],
    ["two targets", {}, twoTargets, undefined],
    [
      "all experts run",
      { losses: { kl: { over: "all" } }, experts: { topK: 2 } },
      threeModalities,
      undefined,
    ],
    ["added blocks", { fusion: "add" }, threeModalities, undefined],
    ["a missing modality", {}, threeModalities, noAudio],
    ["a clamped log-variance", { experts: { logVarMin: -0.1, logVarMax: 0.1 } }, threeModalities, undefined],
    [
      "a hidden layer, whose ReLUs are only linear near the mean",
      { head: [7], experts: { logVarMin: -14, logVarMax: -12 } },
      threeModalities,
      undefined,
    ],
  ] satisfies [string, EuarOptions, DataSignature, Missing | undefined][])(
    "is that of predictions with sampled experts: %s",
    (_, config, signature, missing) => {
      const model = build(create(), config, signature);
      for (const sample of [4, 9]) {
        const expected = drawnSpread(model, sample, draws, missing);
        const spread = spreadOf(model, [sample], missing);
        expect(spread).toHaveLength(expected.length);
        spread.forEach((value, output) => {
          expect(
            Math.abs(value / (expected[output] ?? NaN) - 1),
            `sample ${sample}, output ${output}`,
          ).toBeLessThan(0.08);
        });
      }
    },
  );

  it("has the same bits at batch 1 and in any batch", () => {
    const model = build(create(), { head: [5], headNorm: true });
    const samples = Array.from({ length: 40 }, (_, i) => i);
    const missing: Missing = (sample, modality) => modality === "audio" && sample % 3 === 1;
    const whole = spreadOf(model, samples, missing);
    expect(spreadOf(model, samples.toReversed(), missing).toReversed()).toEqual(whole);
    for (const sample of [0, 1, 17, 39]) expect(spreadOf(model, [sample], missing)[0]).toBe(whole[sample]);
    expect(new Set(whole).size).toBe(40);
  });

  it("does not change the parameters' gradients, and is computed only on request", () => {
    const model = build(create(), { head: [5] });
    spreadOf(model, [1, 2]);
    expect(model.parameters.all().every((parameter) => parameter.gradient === undefined)).toBe(true);
    const plain = model.forward(new Tape(model.parameters.backend, false), smallBatch(model.signature, [1]), {
      training: false,
      seed: 1,
      step: 0,
    });
    expect(plain.spread).toBeUndefined();
  });

  it("follows the published code's gate too", () => {
    const model = build(create(), { experts: { gate: "batch-normalised" } });
    const [alone = NaN] = spreadOf(model, [4]);
    expect(Math.abs(alone / (drawnSpread(model, 4, draws)[0] ?? NaN) - 1)).toBeLessThan(0.08);
  });
});
