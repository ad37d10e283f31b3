import { describe, expect, test } from "vitest";
import { gradientValues } from "../../nn/testing/gradients.js";
import { createReferenceBackend } from "../../tensor/backends/reference/index.js";
import { Tape } from "../../tensor/tape.js";
import type { Split } from "../../data/dataset.js";
import type { DataSignature, ForwardResult, Model } from "../model.js";
import { createModel } from "../registry.js";
import { type Missing, smallBatch, threeModalities } from "../testing/small-batch.js";
import { LARGEST_LOG_VARIANCE } from "./qa-moe.js";
import { LabelScale } from "./shared/label-scale.js";
import { mixExperts, topExperts } from "./shared/top-experts.js";
import { ParameterSet } from "../../nn/parameter-set.js";

const classes: DataSignature = {
  ...threeModalities,
  task: { kind: "classification", classes: ["negative", "neutral", "positive"] },
};
const names = classes.modalities.map(({ name }) => name);
const HIDDEN = 6;

function build(options: Readonly<Record<string, unknown>> = {}, signature = classes): Model {
  return createModel("qa-moe", signature, { hidden: HIDDEN, ...options }, createReferenceBackend(), 1);
}

const context = { training: false, seed: 1, step: 0 };
const samples = [1, 2, 3, 4, 5, 6, 7, 8];

function predict(model: Model, of: readonly number[] = samples, missing?: Missing): ForwardResult {
  return model.forward(
    new Tape(model.parameters.backend, false),
    smallBatch(model.signature, of, missing),
    context,
  );
}

/** Sets the log-variance of every sample of a modality, before its limit. */
function setLogVariance(model: Model, name: string, value: number): void {
  model.parameters.get(`${name}/variance/weight`).buffer.view.fill(0);
  model.parameters.get(`${name}/variance/bias`).buffer.view.fill(value);
}

const uncertaintyOf = (result: ForwardResult, name: string): number[] =>
  Array.from(result.diagnostics[name]?.uncertainty ?? []);

describe("QA-MoE, reliability r = 1 / (1 + v), and 0 for a missing modality", () => {
  test("a modality with a rising variance fades to a missing one, on one scale", () => {
    const model = build({ dropout: 0 });
    const missing = predict(model, samples, (_, name) => name === "audio").prediction.toArray();
    const distances = [-6, -2, 0, 2, 6, 1e3].map((value) => {
      setLogVariance(model, "audio", value);
      const found = predict(model).prediction.toArray();
      return Math.max(...found.map((one, i) => Math.abs(one - (missing[i] ?? NaN))));
    });
    for (const [i, distance] of distances.slice(1).entries())
      expect(distance).toBeLessThan(distances[i] ?? NaN);
    expect(distances.at(-1)).toBeLessThan(0.02 * (distances[0] ?? NaN));
  });

  test("is what the router and the experts read: by hand, one expert", () => {
    const model = build({ qualityExperts: 1, qualityTopK: 1, dropout: 0 });
    setLogVariance(model, "text", 0);
    const { prediction } = predict(model, [5], (_, name) => name !== "text");
    const x = model.forward(
      new Tape(model.parameters.backend, false),
      smallBatch(classes, [5], (_, name) => name !== "text"),
      { ...context, joint: true },
    ).joint;
    // r = 1 / 2 and the only gate is 1: halving the weights of a model with r near 1 has the same joint
    const sure = build({ qualityExperts: 1, qualityTopK: 1, dropout: 0 });
    setLogVariance(sure, "text", -1e3);
    const factor = 0.5 * (1 + Math.exp(-LARGEST_LOG_VARIANCE));
    const { view } = sure.parameters.get("experts/in/weight").buffer;
    view.forEach((value, i) => (view[i] = factor * value));
    const same = sure.forward(
      new Tape(sure.parameters.backend, false),
      smallBatch(classes, [5], (_, name) => name !== "text"),
      { ...context, joint: true },
    );
    expect(x).toHaveLength(HIDDEN);
    x?.forEach((value, i) => {
      expect(value).toBeCloseTo(same.joint?.[i] ?? NaN, 6);
    });
    prediction.toArray().forEach((value, i) => {
      expect(value).toBeCloseTo(same.prediction.toArray()[i] ?? NaN, 10);
    });
  });

  test("guides the router: with equal features, another variance selects other experts", () => {
    const model = build({ qualityTopK: 1, dropout: 0 });
    const router = model.parameters.get("router/weight").buffer.view;
    const [experts, features] = [4, HIDDEN * names.length];
    router.fill(0);
    router[features * experts] = 9; // the first expert, if text is reliable
    model.parameters.get("router/bias").buffer.view.set([0, 3, 0, 0]);
    const outputs = model.parameters.get("experts/in/weight").buffer.view;
    const bias = model.parameters.get("experts/in/bias").buffer.view;
    outputs.fill(0);
    bias.fill(0);
    bias.fill(1, 0, HIDDEN);
    bias.fill(2, HIDDEN, 2 * HIDDEN);
    const jointOf = (variance: number): number => {
      setLogVariance(model, "text", variance);
      const batch = smallBatch(classes, [5]);
      const tape = new Tape(model.parameters.backend, false);
      return model.forward(tape, batch, { ...context, joint: true }).joint?.[0] ?? NaN;
    };
    expect(jointOf(-4)).toBe(1);
    expect(jointOf(4)).toBe(2);
  });
});

describe("QA-MoE, aleatoric variances", () => {
  test("the uncertainty is exp(s) with s limited smoothly", () => {
    const model = build();
    setLogVariance(model, "text", 3);
    setLogVariance(model, "audio", 1e4);
    const result = predict(model);
    const limit = LARGEST_LOG_VARIANCE;
    expect(uncertaintyOf(result, "text")[0]).toBeCloseTo(Math.exp(limit * Math.tanh(3 / limit)), 4);
    expect(uncertaintyOf(result, "audio")[0]).toBeCloseTo(Math.exp(limit), 3);
  });

  test("only the likelihood trains them", () => {
    for (const aleatoric of [0, 1]) {
      const model = build({ aleatoric });
      const tape = new Tape(model.parameters.backend);
      const { losses } = model.forward(tape, smallBatch(classes, samples), { ...context, training: true });
      if (!losses) throw new Error("no losses");
      tape.backward(losses.total);
      const parameter = model.parameters.get("text/variance/weight");
      const slopes = gradientValues(model.parameters.backend, parameter) ?? [0];
      expect(slopes.some((slope) => slope !== 0)).toBe(aleatoric === 1);
    }
  });

  test.each([
    { signature: classes, rate: 0.05 },
    { signature: threeModalities, rate: 0.01 },
  ])("are high where features cannot tell the labels: $signature.task.kind", ({ signature, rate }) => {
    const model = build({ dropout: 0, qualityExperts: 2 }, signature);
    // the features of audio are the same in every sample, so that they cannot tell the labels
    const batch = smallBatch(signature, samples);
    const { audio } = batch.modalities;
    if (!audio) throw new Error("no audio");
    const blank = { ...audio, values: new Float32Array(audio.values.length).fill(0.5) };
    const given = { ...batch, modalities: { ...batch.modalities, audio: blank } };
    for (let step = 0; step < 400; step++) {
      const tape = new Tape(model.parameters.backend);
      const { losses } = model.forward(tape, given, { ...context, training: true });
      if (losses) tape.backward(losses.total);
      for (const parameter of model.parameters.all()) {
        gradientValues(model.parameters.backend, parameter)?.forEach((slope, i) => {
          parameter.buffer.view[i] = (parameter.buffer.view[i] ?? NaN) - rate * slope;
        });
        parameter.gradient = undefined;
      }
      model.parameters.backend.endStep();
    }
    const result = model.forward(new Tape(model.parameters.backend, false), given, context);
    const mean = (name: string): number =>
      uncertaintyOf(result, name).reduce((sum, value) => sum + value, 0) / samples.length;
    expect(mean("audio")).toBeGreaterThan(2 * mean("text"));
  });
});

describe("QA-MoE, scale of the labels", () => {
  const labels = Float32Array.of(1, 10, 3, 10, 5, 10);

  test("is the standard deviation of each target in the training labels; 1 without spread", () => {
    const backend = createReferenceBackend();
    const parameters = new ParameterSet(backend, 1);
    const scale = new LabelScale(parameters, { kind: "regression", targets: ["a", "b"] });
    scale.fit(labels);
    const tape = new Tape(backend, false);
    const deviation = Math.sqrt(8 / 3);
    const { means, labels: divided } = scale.divide(tape, tape.constant([2, 4], [1, 2]), [1, 10]);
    expect(means.toArray()[0]).toBeCloseTo(2 / deviation, 6);
    expect(means.toArray()[1]).toBe(4);
    expect(divided[0]).toBeCloseTo(1 / deviation, 6);
    expect(divided[1]).toBe(10);
  });

  test("classes are 0 and 1, and their predictions are probabilities", () => {
    const backend = createReferenceBackend();
    const scale = new LabelScale(new ParameterSet(backend, 1), classes.task);
    scale.fit([0, 0, 0, 1]);
    const tape = new Tape(backend, false);
    const { means, labels: divided } = scale.divide(tape, tape.constant([0, 0, 0], [1, 3]), [1]);
    const deviation = Math.sqrt(3) / 4; // a share of 1/4 or 3/4
    expect(means.toArray()[0]).toBeCloseTo(1 / 3 / deviation, 6);
    expect(means.toArray()[2]).toBeCloseTo(1 / 3, 12); // no label has the class
    expect(divided[0]).toBe(0);
    expect(divided[1]).toBeCloseTo(1 / deviation, 6);
    const several = new LabelScale(new ParameterSet(backend, 1), { kind: "multi-label", labels: ["a", "b"] });
    expect(several.divide(tape, tape.constant([0, 0], [1, 2]), [1, 0]).means.toArray()).toEqual([0.5, 0.5]);
  });

  test("a likelihood does not depend on the unit of labels and predictions", () => {
    const likelihoodIn = (unit: number): number => {
      const model = build({ dropout: 0 }, threeModalities);
      const batch = smallBatch(threeModalities, samples);
      const scaled = Float32Array.from(batch.labels ?? [], (label) => unit * label);
      model.fitStatistics?.({ labels: scaled } as unknown as Split);
      for (const part of ["text/head/weight", "text/head/bias", "output/bias"]) {
        const { view } = model.parameters.get(part).buffer;
        view.forEach((value, i) => (view[i] = unit * value));
      }
      const tape = new Tape(model.parameters.backend, false);
      const { losses } = model.forward(tape, { ...batch, labels: scaled }, context);
      return losses?.parts["aleatoric/text"]?.item() ?? NaN;
    };
    expect(likelihoodIn(100)).toBeCloseTo(likelihoodIn(1), 4);
  });
});

describe("QA-MoE, routing", () => {
  const tape = (): Tape => new Tape(createReferenceBackend(), false);

  test("gates: softmax over the K largest logits, 0 elsewhere; of equal ones the first is selected", () => {
    const on = tape();
    const { gates, indices } = topExperts(on, on.constant([1, 3, 2, 0, 5, 5, 5, 5], [2, 4]), 2);
    const e = Math.exp(1);
    const expected = [0, e / (1 + e), 1 / (1 + e), 0, 0.5, 0.5, 0, 0];
    gates.toArray().forEach((gate, i) => {
      expect(gate).toBeCloseTo(expected[i] ?? NaN, 12);
    });
    expect(Array.from(indices.view)).toEqual([1, 2, 0, 1]);
    expect(topExperts(on, on.constant([1, 3], [1, 2]), 9).selected).toBe(2);
  });

  test("mixture: sum_j G_j e_j", () => {
    const on = tape();
    const mixed = mixExperts(on, on.constant([1, 2, 10, 20], [1, 4]), on.constant([0.25, 0.75], [1, 2]));
    expect(mixed.toArray()).toEqual([7.75, 15.5]);
  });

  test("load balance: only if some experts are left out", () => {
    const partsOf = (options: Readonly<Record<string, unknown>>): string[] => {
      const model = build(options);
      const on = new Tape(model.parameters.backend);
      return Object.keys(model.forward(on, smallBatch(classes, samples), context).losses?.parts ?? {});
    };
    expect(partsOf({})).toContain("balance");
    expect(partsOf({ qualityTopK: 4 })).not.toContain("balance");
    expect(partsOf({ qualityTopK: 99 })).not.toContain("balance");
    expect(partsOf({ qualityBalance: 0 })).not.toContain("balance");
  });
});
