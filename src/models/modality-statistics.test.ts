import { describe, expect, test } from "vitest";
import type { Split } from "../data/dataset.js";
import { LARGEST_DEVIATION, STATISTICS_WIDTH } from "../nn/input-statistics.js";
import { gradientValues } from "../nn/testing/gradients.js";
import { createReferenceBackend } from "../tensor/backends/reference/index.js";
import { Tape } from "../tensor/tape.js";
import { modalityInputs } from "./batch-input.js";
import type { ForwardResult, Model } from "./model.js";
import { ModalityStatistics } from "./modality-statistics.js";
import { createModel } from "./registry.js";
import { type Missing, smallBatch, threeModalities } from "./testing/small-batch.js";

const ordinary: Split = {
  ...trainingBatch(60),
  name: "train",
  ids: [],
};

function trainingBatch(size: number): Pick<Split, "size" | "modalities" | "labels"> {
  const { modalities, labels } = smallBatch(
    threeModalities,
    Array.from({ length: size }, (_, i) => i),
  );
  return { size, modalities, labels: labels ?? new Float32Array(size) };
}

function build(name: string, options: Readonly<Record<string, unknown>> = { inputStatistics: true }): Model {
  const model = createModel(
    name,
    threeModalities,
    { ...(name === "concat" && { hidden: 6, head: [4] }), ...options },
    createReferenceBackend(),
    1,
  );
  model.fitStatistics?.(ordinary);
  return model;
}

function predict(model: Model, samples: readonly number[], missing?: Missing, scale = 1): ForwardResult {
  const batch = smallBatch(threeModalities, samples, missing);
  const text = batch.modalities["text"];
  text?.values.forEach((value, i) => {
    text.values[i] = scale * value;
  });
  return model.forward(new Tape(model.parameters.backend, false), batch, {
    training: false,
    seed: 1,
    step: 0,
  });
}

describe.each(["linear", "concat"])("%s with input statistics", (name) => {
  test("reads them: weights get gradients that agree with finite differences, constants none", () => {
    const model = build(name);
    const { backend } = model.parameters;
    const batch = smallBatch(
      threeModalities,
      [1, 2, 3],
      (sample, modality) => modality === "audio" && sample === 2,
    );
    const run = (tape: Tape) => {
      const { losses } = model.forward(tape, batch, { training: true, seed: 1, step: 0 });
      if (!losses) throw new Error("no losses");
      return losses.total;
    };
    const tape = new Tape(backend);
    tape.backward(run(tape));
    const gradients = new Map(model.parameters.all().map((one) => [one.name, gradientValues(backend, one)]));
    let checked = 0;
    for (const parameter of model.parameters.all()) {
      const gradient = gradients.get(parameter.name);
      if (parameter.name.includes("/fitted/")) expect(gradient, parameter.name).toBeUndefined();
      else
        for (let i = 0; i < parameter.size; i += Math.max(1, Math.floor(parameter.size / 9)), checked++) {
          const { view } = parameter.buffer;
          const start = view[i] ?? NaN;
          const [above, below] = [1e-6, -1e-6].map((step) => {
            view[i] = start + step;
            return run(new Tape(backend, false)).item();
          });
          view[i] = start;
          expect(gradient?.[i], `${parameter.name}[${i}]`).toBeCloseTo(
            ((above ?? NaN) - (below ?? NaN)) / 2e-6,
            5,
          );
        }
    }
    expect(checked).toBeGreaterThan(10);
  });

  test("states the largest robust z-score as uncertainty, which training does not change", () => {
    const model = build(name);
    const [plain, loud] = [predict(model, [3, 4]), predict(model, [3, 4], undefined, 30)];
    const uncertainty = (of: ForwardResult, modality: string): number[] =>
      Array.from(of.diagnostics[modality]?.uncertainty ?? []);
    for (const b of [0, 1]) {
      expect(uncertainty(loud, "text")[b]).toBeGreaterThan(3 * (uncertainty(plain, "text")[b] ?? NaN));
      expect(uncertainty(loud, "text")[b]).toBeLessThanOrEqual(LARGEST_DEVIATION * 1.001);
      expect(uncertainty(loud, "audio")[b]).toBe(uncertainty(plain, "audio")[b]);
    }
    const batch = smallBatch(threeModalities, [3, 4]);
    const inputs = modalityInputs(batch, threeModalities.modalities);
    const statistics = new ModalityStatistics(
      createModel(name, threeModalities, {}, createReferenceBackend(), 1).parameters,
      threeModalities,
    );
    statistics.fit(ordinary);
    const own = statistics.forward(
      new Tape(createReferenceBackend(), false),
      inputs,
      inputs.map(({ present }) => present),
    );
    own.forEach((one, m) => {
      const values = Array.from(one.toArray());
      [0, 1].forEach((b) => {
        const row = values.slice(b * STATISTICS_WIDTH, (b + 1) * STATISTICS_WIDTH);
        expect(uncertainty(plain, inputs[m]?.name ?? "")[b]).toBeCloseTo(Math.expm1(Math.max(...row)), 4);
      });
    });
    for (const parameter of model.parameters.all())
      if (!parameter.name.includes("/fitted/")) parameter.buffer.view.fill(0.5);
    expect(uncertainty(predict(model, [3, 4]), "text")).toEqual(uncertainty(plain, "text"));
  });

  test("a prediction does not depend on its batch, nor on a missing modality", () => {
    const model = build(name);
    const onlyText: Missing = (_, modality) => modality !== "text";
    const whole = predict(model, [1, 2, 5], onlyText);
    const alone = predict(model, [2], onlyText);
    expect(alone.prediction.item()).toBe(whole.prediction.toArray()[1]);
    expect(alone.diagnostics["text"]?.contribution?.[0]).toBe(1);
    expect(alone.diagnostics["audio"]?.contribution?.[0]).toBe(0);
    expect(alone.diagnostics["audio"]?.uncertainty[0]).toBeNaN();
  });

  test("without the option it states no uncertainty and has nothing to fit", () => {
    const model = build(name, {});
    expect(model.fitStatistics).toBeUndefined();
    expect(predict(model, [3]).diagnostics["text"]?.uncertainty[0]).toBeNaN();
  });
});
