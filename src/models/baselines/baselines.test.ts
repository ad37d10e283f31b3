import { describe, expect, test } from "vitest";
import { ConfigError } from "../../core/errors.js";
import type { Batch, BatchModality } from "../../data/batch.js";
import { modelBackends } from "../../nn/testing/backends.js";
import { gradientValues } from "../../nn/testing/gradients.js";
import type { Backend } from "../../tensor/backend.js";
import { createReferenceBackend } from "../../tensor/backends/reference/index.js";
import { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { DataSignature, ForwardResult, Model } from "../model.js";
import { builtInModels, createModel } from "../registry.js";
import { type Missing, smallBatch, threeModalities } from "../testing/small-batch.js";
import { hideModalities } from "./shared/hidden-modalities.js";

const names = builtInModels
  .map(({ name }) => name)
  .filter((name) => !["euar", "linear", "ridge"].includes(name));
const classes: DataSignature = {
  ...threeModalities,
  task: { kind: "classification", classes: ["negative", "neutral", "positive"] },
};

function build(
  name: string,
  backend: Backend = createReferenceBackend(),
  options: Readonly<Record<string, unknown>> = {},
  signature = classes,
): Model {
  return createModel(name, signature, { hidden: 6, ...options }, backend, 1);
}

function predict(model: Model, samples: readonly number[], missing?: Missing): ForwardResult {
  return model.forward(
    new Tape(model.parameters.backend, false),
    smallBatch(model.signature, samples, missing),
    { training: false, seed: 1, step: 0 },
  );
}

/** Plain gradient descent on the samples 1 to 8, with the draws of step 0. */
function descend(model: Model, steps: number, rate = 0.05): void {
  for (let step = 0; step < steps; step++) {
    const tape = new Tape(model.parameters.backend);
    const { losses } = model.forward(tape, smallBatch(model.signature, [1, 2, 3, 4, 5, 6, 7, 8]), {
      training: true,
      seed: 1,
      step: 0,
    });
    if (losses) tape.backward(losses.total);
    for (const parameter of model.parameters.all()) {
      const { view } = parameter.buffer;
      gradientValues(model.parameters.backend, parameter)?.forEach((slope, i) => {
        view[i] = (view[i] ?? NaN) - rate * slope;
      });
      parameter.gradient = undefined;
    }
    model.parameters.backend.endStep();
  }
}

/** The losses of the samples 1 to 8 with the draws of step 0. */
function partsOf(model: Model, training = true): Readonly<Record<string, number>> {
  const { losses } = model.forward(
    new Tape(model.parameters.backend),
    smallBatch(model.signature, [1, 2, 3, 4, 5, 6, 7, 8]),
    { training, seed: 1, step: 0 },
  );
  return Object.fromEntries(Object.entries(losses?.parts ?? {}).map(([part, value]) => [part, value.item()]));
}

const contributionOf = (result: ForwardResult, modality: string, sample = 0): number =>
  result.diagnostics[modality]?.contribution?.[sample] ?? NaN;

describe.each(modelBackends)("every baseline on $name", ({ create }) => {
  test.each(names)(
    "%s: a prediction and its diagnostics do not depend on batch size, order or batch-mates",
    (name) => {
      const model = build(name, create());
      const missing: Missing = (sample, modality) => modality === "audio" && sample % 3 === 1;
      const samples = Array.from({ length: 20 }, (_, i) => i);
      const whole = predict(model, samples, missing);
      for (const sample of [0, 1, 7, 19]) {
        const alone = predict(model, [sample], missing);
        expect(alone.prediction.toArray()).toEqual(
          whole.prediction.toArray().slice(3 * sample, 3 * sample + 3),
        );
        expect(contributionOf(alone, "text")).toBe(contributionOf(whole, "text", sample));
        expect(alone.diagnostics["vision"]?.uncertainty[0]).toEqual(
          whole.diagnostics["vision"]?.uncertainty[sample],
        );
      }
    },
  );

  test.each(names)(
    "%s: a missing modality contributes nothing, and no gradient reaches its encoder",
    (name) => {
      const model = build(name, create());
      const onlyText: Missing = (_, modality) => modality !== "text";
      const batch = smallBatch(classes, [3, 4], onlyText);
      const others = smallBatch(classes, [8, 9], onlyText);
      const text = batch.modalities["text"];
      if (!text) throw new Error("no text");
      const context = { training: false, seed: 1, step: 0 };
      const result = model.forward(new Tape(model.parameters.backend, false), batch, context);
      const swapped = model.forward(
        new Tape(model.parameters.backend, false),
        { ...others, modalities: { ...others.modalities, text } },
        context,
      );
      expect(swapped.prediction.toArray()).toEqual(result.prediction.toArray());
      expect(contributionOf(result, "text")).toBe(1);
      expect(contributionOf(result, "audio")).toBe(0);
      expect(result.diagnostics["audio"]?.uncertainty[0]).toBeNaN();
      const tape = new Tape(model.parameters.backend);
      const { losses } = model.forward(tape, batch, { ...context, training: true });
      if (!losses) throw new Error("no losses");
      tape.backward(losses.total);
      const gradient = gradientValues(
        model.parameters.backend,
        model.parameters.get("audio/encoder/linear/weight"),
      );
      expect(gradient === undefined || gradient.every((value) => value === 0)).toBe(true);
    },
  );

  test.each(names)(
    "%s: a batch that does not bring a modality at all is one in which every sample lacks it",
    (name) => {
      const model = build(name, create());
      const lacking = smallBatch(classes, [1, 2, 3, 4], (_, modality) => modality === "audio");
      const modalities = Object.fromEntries(
        Object.entries(lacking.modalities).filter(([modality]) => modality !== "audio"),
      );
      const [marked, without] = [lacking, { ...lacking, modalities }].map((batch) =>
        model.forward(new Tape(model.parameters.backend), batch, { training: true, seed: 1, step: 0 }),
      );
      expect(without?.prediction.toArray()).toEqual(marked?.prediction.toArray());
      expect(without?.losses?.total.item()).toBe(marked?.losses?.total.item());
    },
  );

  test.each(names)("%s: a sample without any modality still gets a finite prediction", (name) => {
    const { prediction } = predict(build(name, create()), [1, 2], (sample) => sample === 1);
    expect(prediction.toArray().every((value) => Number.isFinite(value))).toBe(true);
  });
});

/** Small sizes for the baselines that have many parameters by default. */
const fewer: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  mmin: { autoencoders: 2, autoencoderWidth: 4, head: [4] },
  gcnet: { head: [4] },
  dicmor: { flowLayers: 2, head: [4] },
};

/**
 * Parameters through which something flows that a method takes as a constant: the slope of the loss is meant
 * to differ from their gradient.
 */
const takenAsGiven: Readonly<Record<string, (parameter: string) => boolean>> = {
  qmf: (parameter) => parameter !== "output/bias", // the weights of its fusion
  // reliabilities that weigh features and guide the router, and the fitted scale of the labels
  "qa-moe": (parameter) => /encoder|variance|labels/.test(parameter),
  mmin: (parameter) => parameter.includes("/encoder/"), // the vectors that imagination is held against
  // the vectors that the flows describe, and recovery is held against
  dicmor: (parameter) => parameter.includes("/encoder/") || parameter.includes("/embedding/"),
};

test.each(names)("%s: the gradient of the whole loss agrees with finite differences in float64", (name) => {
  const backend = createReferenceBackend();
  const model = build(name, backend, { dropout: 0.1, ...fewer[name] });
  const batch = {
    ...smallBatch(classes, [1, 2, 3, 4, 5], (sample, modality) => modality === "vision" && sample === 2),
    taught: 4,
  };
  const context = { training: true, seed: 1, step: 400 };
  const total = (): number => {
    const value = model.forward(new Tape(backend, false), batch, context).losses?.total.item() ?? NaN;
    backend.endStep();
    return value;
  };
  const tape = new Tape(backend);
  const { losses } = model.forward(tape, batch, context);
  if (!losses) throw new Error("no losses");
  tape.backward(losses.total);
  const gradients = model.parameters
    .all()
    .map((parameter) => gradientValues(backend, parameter) ?? new Array<number>(parameter.size).fill(0));
  backend.endStep();
  const checked = model.parameters
    .all()
    .filter((parameter) => !(takenAsGiven[name]?.(parameter.name) ?? false));
  expect(checked.length).toBeGreaterThan(0);
  for (const parameter of checked) {
    const gradient = gradients[model.parameters.all().indexOf(parameter)] ?? [];
    const view = parameter.buffer.view;
    for (let i = 0; i < parameter.size; i += Math.max(1, Math.floor(parameter.size / 5))) {
      const start = view[i] ?? NaN;
      const at = (value: number): number => {
        view[i] = value;
        return total();
      };
      const numeric = (at(start + 1e-6) - at(start - 1e-6)) / 2e-6;
      view[i] = start;
      expect(Math.abs((gradient[i] ?? NaN) - numeric), `${parameter.name}[${i}]`).toBeLessThan(
        2e-7 + 1e-5 * Math.abs(numeric),
      );
    }
  }
});

describe("definition of each", () => {
  test("concat: one head over all vectors, so it sees combinations of modalities", () => {
    const model = build("concat");
    expect(model.parameters.get("head/0/linear/weight").shape).toEqual([18, 72]);
    const [both, one, other, none] = [[], ["audio"], ["text"], ["text", "audio"]].map(
      (gone) =>
        predict(model, [5], (_, modality) =>
          gone.some((name) => name === modality),
        ).prediction.toArray()[0] ?? NaN,
    );
    // not additive
    expect(Math.abs((both ?? NaN) - (one ?? NaN) - (other ?? NaN) + (none ?? NaN))).toBeGreaterThan(1e-4);
  });

  test("late fusion: the mean of the predictions from each modality alone", () => {
    const model = build("late-fusion");
    const alone = classes.modalities.map(({ name }) =>
      predict(model, [5], (_, modality) => modality !== name).prediction.toArray(),
    );
    predict(model, [5])
      .prediction.toArray()
      .forEach((value, k) => {
        expect(value).toBeCloseTo(alone.reduce((sum, one) => sum + (one[k] ?? NaN), 0) / 3, 12);
      });
    const certain = predict(model, [5]).diagnostics["text"]?.uncertainty[0] ?? NaN;
    expect(certain).toBeGreaterThan(0);
    expect(certain).toBeLessThanOrEqual(Math.log(3));
  });

  test("MMTM: gates between 0 and 2 that depend on the other modalities", () => {
    const model = build("mmtm");
    for (const name of ["text", "vision", "audio"]) {
      model.parameters.get(`transfer/${name}/weight`).buffer.view.fill(0);
      model.parameters.get(`transfer/${name}/bias`).buffer.view.fill(name === "text" ? 50 : 0);
    }
    const twice = predict(model, [5], (_, modality) => modality !== "text").prediction.toArray();
    model.parameters.get("transfer/text/bias").buffer.view.fill(0); // 2 sigmoid(0) = 1
    const once = predict(model, [5], (_, modality) => modality !== "text").prediction.toArray();
    twice.forEach((value, k) => {
      expect(value).toBeCloseTo(2 * (once[k] ?? NaN), 10);
    });
    const fresh = build("mmtm");
    const late = classes.modalities.map(
      ({ name }) => predict(fresh, [5], (_, modality) => modality !== name).prediction.toArray()[0] ?? NaN,
    );
    expect(
      Math.abs((predict(fresh, [5]).prediction.toArray()[0] ?? NaN) - late.reduce((a, b) => a + b) / 3),
    ).toBeGreaterThan(1e-4);
  });

  test.each(["tmc", "qmf"])("%s: refuses a regression task, and a task loss that is not its own", (name) => {
    expect(() => build(name, createReferenceBackend(), {}, threeModalities)).toThrow(ConfigError);
    expect(() => build(name, createReferenceBackend(), { taskLoss: "cross-entropy" })).toThrow(
      /its own losses/,
    );
  });

  test("TMC: the ignorance of a modality is C / S, and falls with more modalities that agree", () => {
    const model = build("tmc");
    const result = predict(model, [5]);
    for (const { name } of classes.modalities) {
      const ignorance = result.diagnostics[name]?.uncertainty[0] ?? NaN;
      expect(ignorance).toBeGreaterThan(0);
      expect(ignorance).toBeLessThan(1);
    }
    for (const { name } of classes.modalities) {
      model.parameters.get(`${name}/head/weight`).buffer.view.fill(0);
      model.parameters.get(`${name}/head/bias`).buffer.view.set([3, -9, -9]);
    }
    const strength = (gone: readonly string[]): number =>
      Math.exp(predict(model, [5], (_, modality) => gone.includes(modality)).prediction.toArray()[0] ?? NaN);
    expect(strength([])).toBeGreaterThan(strength(["audio"]));
    expect(strength(["audio"])).toBeGreaterThan(strength(["audio", "vision"]));
  });

  test("precision fusion: shares of the precision weigh the predictions of single modalities", () => {
    const model = build("precision-fusion");
    const alone = classes.modalities.map(({ name }) =>
      predict(model, [5], (_, modality) => modality !== name).prediction.toArray(),
    );
    const both = predict(model, [5]);
    const precisions = classes.modalities.map(
      ({ name }) => 1 / (both.diagnostics[name]?.uncertainty[0] ?? NaN),
    );
    const sum = precisions.reduce((a, b) => a + b);
    both.prediction.toArray().forEach((value, k) => {
      const expected = alone.reduce((a, one, m) => a + ((precisions[m] ?? NaN) / sum) * (one[k] ?? NaN), 0);
      expect(value).toBeCloseTo(expected, 7); // uncertainties are float32
    });
    model.parameters.get("text/precision/bias").buffer.view.fill(-40);
    const doubted = predict(model, [5]);
    const without = predict(model, [5], (_, modality) => modality === "text");
    doubted.prediction.toArray().forEach((value, k) => {
      expect(value).toBeCloseTo(without.prediction.toArray()[k] ?? NaN, 12);
    });
  });

  test("precision fusion: corrupted copies teach the variances, in order of severity", () => {
    const model = build("precision-fusion");
    const batch = {
      ...smallBatch(classes, [1, 2, 3, 4]),
      severity: { text: Float32Array.of(0, 1, 2, 0) },
      damage: { text: Int32Array.of(0, 1, 1, 0) },
    };
    const context = { training: true, seed: 1, step: 0 };
    const parts = (weight: number): Record<string, Tensor> => ({
      ...build("precision-fusion", createReferenceBackend(), { varianceRanking: weight }).forward(
        new Tape(model.parameters.backend),
        batch,
        context,
      ).losses?.parts,
    });
    expect(Object.keys(parts(0))).not.toContain("rank/text");
    expect(Object.keys(parts(1))).toContain("rank/text");
    expect(Object.keys(parts(1))).not.toContain("rank/audio");
    const variances = (): Float32Array | undefined =>
      predict(model, [1, 2, 3, 4]).diagnostics["text"]?.uncertainty;
    for (let step = 0; step < 200; step++) {
      const tape = new Tape(model.parameters.backend);
      const { losses } = model.forward(tape, batch, context);
      if (losses) tape.backward(losses.total);
      for (const parameter of model.parameters.all()) {
        gradientValues(model.parameters.backend, parameter)?.forEach((slope, i) => {
          parameter.buffer.view[i] = (parameter.buffer.view[i] ?? NaN) - 0.1 * slope;
        });
        parameter.gradient = undefined;
      }
      model.parameters.backend.endStep();
    }
    const [clean = NaN, mild = NaN, severe = NaN, other = NaN] = variances() ?? [];
    expect(severe).toBeGreaterThan(mild);
    expect(mild).toBeGreaterThan(Math.max(clean, other));
  });

  test("DCCA: its variables correlate more with a weight on the correlation than without it", () => {
    const correlationAfter = (correlation: number): number => {
      const model = build("dcca", createReferenceBackend(), {
        correlation,
        canonical: 2,
        canonicalRidge: 0.01,
        head: [4],
      });
      descend(model, 60);
      return 1 - (partsOf(model)["correlation"] ?? NaN);
    };
    expect(correlationAfter(1)).toBeGreaterThan(correlationAfter(0) + 0.05);
  });

  test("MCTN: predicts from its source alone, any modality; it learns to recover the others", () => {
    for (const source of [undefined, "audio"]) {
      const model = build(
        "mctn",
        createReferenceBackend(),
        source === undefined ? {} : { translationSource: source },
      );
      const name = source ?? "text";
      const whole = predict(model, [5]);
      expect(predict(model, [5], (_, modality) => modality !== name).prediction.toArray()).toEqual(
        whole.prediction.toArray(),
      );
      expect(predict(model, [5], (_, modality) => modality === name).prediction.toArray()).not.toEqual(
        whole.prediction.toArray(),
      );
      expect(contributionOf(whole, name)).toBe(1);
    }
    const model = build("mctn", createReferenceBackend(), {
      translation: 1,
      translationCycle: 1,
      hidden: 8,
      head: [6],
    });
    const before = partsOf(model);
    descend(model, 600);
    const after = partsOf(model);
    expect(Object.keys(after).sort()).toEqual([
      "cycle/audio",
      "cycle/vision",
      "task",
      "translation/audio",
      "translation/vision",
    ]);
    for (const part of Object.keys(after))
      expect(after[part], part).toBeLessThan(0.8 * (before[part] ?? NaN));
    expect(() => build("mctn", createReferenceBackend(), { translationSource: "txt" })).toThrow(
      /no modality "txt"/,
    );
  });

  test("MMIN: learns to imagine hidden modalities, and has no such loss without hidden ones", () => {
    const model = build("mmin", createReferenceBackend(), {
      imaginationRate: 1,
      imaginationCycle: 0,
      autoencoders: 2,
      autoencoderWidth: 8,
      head: [6],
    });
    expect(partsOf(model, false)).toMatchObject({ imagination: 0, cycle: 0 });
    const before = partsOf(model)["imagination"] ?? NaN;
    descend(model, 150);
    expect(partsOf(model)["imagination"]).toBeLessThan(before / 2);
  });

  test.each(["dcca", "mctn", "mmin", "gcnet", "dicmor"])("%s: refuses a single modality", (name) => {
    expect(() =>
      build(name, createReferenceBackend(), {}, { ...classes, modalities: classes.modalities.slice(0, 1) }),
    ).toThrow(/two modalities/);
  });

  test("GCNet: learns to complete hidden modalities, and has no completion loss without hidden ones", () => {
    const model = build("gcnet", createReferenceBackend(), { completionRate: 1, head: [6] });
    const parts = ["completion/audio", "completion/text", "completion/vision"];
    expect(partsOf(model, false)).toMatchObject(Object.fromEntries(parts.map((part) => [part, 0])));
    const before = partsOf(model);
    descend(model, 400);
    const after = partsOf(model);
    for (const part of parts) expect(after[part], part).toBeLessThan((before[part] ?? NaN) / 2);
  });

  test("DiCMoR: learns to recover hidden modalities, and has no recovery loss without hidden ones", () => {
    const errorAfter = (recovery: number): number => {
      const model = build("dicmor", createReferenceBackend(), { recovery, recoveryRate: 1, head: [6] });
      expect(partsOf(model, false)).toMatchObject({ recovery: 0 });
      descend(model, 100);
      return partsOf(model)["recovery"] ?? NaN;
    };
    expect(errorAfter(1)).toBeLessThan(errorAfter(0) / 2);
  });

  test.each([
    { name: "mmin", rate: "imaginationRate" },
    { name: "gcnet", rate: "completionRate" },
    { name: "dicmor", rate: "recoveryRate" },
  ])("$name: in training too, what is hidden from it does not reach its prediction", ({ name, rate }) => {
    const model = build(name, createReferenceBackend(), { [rate]: 1 });
    const samples = [1, 2, 3, 4, 5, 6];
    const [batch, others] = [
      smallBatch(classes, samples),
      smallBatch(
        classes,
        samples.map((sample) => sample + 20),
      ),
    ];
    const present = classes.modalities.map(() => new Uint8Array(samples.length).fill(1));
    const { hidden } = hideModalities(present, 1, name, {
      training: true,
      seed: 1,
      step: 0,
      sampleIndex: samples,
    });
    const exchange = (which: (flag: number) => boolean): Batch => {
      const modalities = classes.modalities.map(
        ({ name: modality, width, steps }, m): [string, BatchModality] => {
          const [own, other] = [batch.modalities[modality], others.modalities[modality]];
          if (!own || !other) throw new Error("no such modality");
          const values = own.values.map((value, i) =>
            which(hidden[m]?.[Math.floor(i / (width * steps))] ?? NaN) ? (other.values[i] ?? NaN) : value,
          );
          return [modality, { ...own, values }];
        },
      );
      return { ...batch, modalities: Object.fromEntries(modalities) };
    };
    const predictionOf = (of: Batch): number[] =>
      model
        .forward(new Tape(model.parameters.backend, false), of, { training: true, seed: 1, step: 0 })
        .prediction.toArray();
    expect(predictionOf(exchange((flag) => flag === 1))).toEqual(predictionOf(batch));
    const exchanged = predictionOf(exchange((flag) => flag === 0));
    predictionOf(batch).forEach((value, i) => {
      expect(exchanged[i]).not.toBe(value);
    });
  });

  test("DiCMoR: the flows' likelihood rises, and predictions use the recovered vectors", () => {
    for (const signature of [classes, threeModalities]) {
      const model = build("dicmor", createReferenceBackend(), { flowLikelihood: 1, head: [6] }, signature);
      const before = partsOf(model);
      descend(model, 100, 0.03);
      const after = partsOf(model);
      for (const { name } of signature.modalities)
        expect(after[`flow/${name}`], name).toBeLessThan((before[`flow/${name}`] ?? NaN) - 0.05);
      const lacking = predict(model, [5], (_, modality) => modality === "audio");
      model.parameters.get("audio/refine/0/out/bias").buffer.view.fill(3);
      expect(predict(model, [5], (_, modality) => modality === "audio").prediction.toArray()).not.toEqual(
        lacking.prediction.toArray(),
      );
    }
  });

  test("QMF: a modality with flat logits has less weight than one with high logits", () => {
    const model = build("qmf");
    for (const { name } of classes.modalities) {
      model.parameters.get(`${name}/head/weight`).buffer.view.fill(0);
      model.parameters.get(`${name}/head/bias`).buffer.view.set(name === "text" ? [0, 8, 0] : [1, 0, 0]);
    }
    const { prediction, diagnostics } = predict(model, [5]);
    const confidence = (logits: readonly number[]): number =>
      Math.log(logits.reduce((sum, value) => sum + Math.exp(value), 0));
    const [high, flat] = [confidence([0, 8, 0]), confidence([1, 0, 0])];
    expect(prediction.toArray().map((value) => Number(value.toFixed(6)))).toEqual(
      [2 * 0.1 * flat, 8 * 0.1 * high, 0].map((value) => Number(value.toFixed(6))),
    );
    expect(diagnostics["text"]?.uncertainty[0]).toBeCloseTo(Math.exp(-high), 6);
    expect(diagnostics["audio"]?.uncertainty[0]).toBeCloseTo(Math.exp(-flat), 6);
  });
});
