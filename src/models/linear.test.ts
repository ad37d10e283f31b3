import { describe, expect, test } from "vitest";
import { ConfigError } from "../core/errors.js";
import { modelBackends } from "../nn/testing/backends.js";
import { Tape } from "../tensor/tape.js";
import { createLinear } from "./linear.js";
import { linearConfigSchema } from "./linear-config.js";
import { smallBatch, threeModalities } from "./testing/small-batch.js";

const defaults = linearConfigSchema.parse({});
const context = { training: false, seed: 1, step: 0 };

describe.each(modelBackends)("the linear model on $name", ({ create }) => {
  test("is one linear map of the concatenated masked means", () => {
    const backend = create();
    const model = createLinear(threeModalities, defaults, backend, 1);
    const [weight, bias] = [
      model.parameters.get("linear/weight").buffer.view,
      model.parameters.get("linear/bias").buffer.view,
    ];
    bias[0] = 0.25;
    const batch = smallBatch(threeModalities, [6, 7]);
    const vision = batch.modalities["vision"];
    if (!vision) throw new Error("no vision");
    const real = 1 + (6 % 4);
    const mean = Array.from({ length: 7 }, (_, i) => {
      const steps = Array.from({ length: real }, (_, t) => vision.values[t * 7 + i] ?? NaN);
      return steps.reduce((sum, v) => sum + v, 0) / real;
    });
    const features = [
      ...(batch.modalities["text"]?.values.slice(0, 13) ?? []),
      ...mean,
      ...(batch.modalities["audio"]?.values.slice(0, 5) ?? []),
    ];
    const expected = features.reduce((sum, v, i) => sum + v * (weight[i] ?? NaN), 0.25);
    expect(features).toHaveLength(25);
    expect(model.forward(new Tape(backend, false), batch, context).prediction.toArray()[0]).toBeCloseTo(
      expected,
      5,
    );
  });

  test("a missing modality contributes nothing, and a prediction does not depend on its batch", () => {
    const model = createLinear(threeModalities, defaults, create(), 1);
    const predict = (samples: readonly number[]) => {
      const batch = smallBatch(
        threeModalities,
        samples,
        (sample, modality) => modality === "audio" && sample === 2,
      );
      return model.forward(new Tape(model.parameters.backend, false), batch, context);
    };
    const together = predict([1, 2, 3]);
    expect(predict([2]).prediction.item()).toBe(together.prediction.toArray()[1]);
    expect(together.diagnostics["audio"]?.contribution?.[1]).toBe(0);
    expect(together.diagnostics["audio"]?.contribution?.[0]).toBeGreaterThan(0);
    expect(together.diagnostics["audio"]?.uncertainty[0]).toBeNaN();
  });

  test("its loss falls along its gradient, for classes and for several targets", () => {
    for (const task of [
      { kind: "classification", classes: ["a", "b", "c"] },
      { kind: "regression", targets: ["x", "y"] },
    ] as const) {
      const backend = create();
      const signature = { ...threeModalities, task };
      const model = createLinear(signature, { ...defaults, inputDropout: 0.1 }, backend, 1);
      const batch = smallBatch(signature, [1, 2, 3, 4, 5]);
      const tape = new Tape(backend);
      const first = model.forward(tape, batch, { training: true, seed: 1, step: 0 }).losses?.total;
      if (!first) throw new Error("no losses");
      const before = first.item();
      tape.backward(first);
      const bias = model.parameters.get("linear/bias");
      const gradient = Array.from(tape.gradientOf(tape.parameter(bias)).view.subarray(0, bias.size));
      gradient.forEach((g, i) => {
        bias.buffer.view[i] = (bias.buffer.view[i] ?? 0) - 0.05 * g;
      });
      const after =
        model
          .forward(new Tape(backend, false), batch, { training: true, seed: 1, step: 0 })
          .losses?.total.item() ?? NaN;
      expect(after).toBeLessThan(before);
    }
  });

  test("a loss that does not fit the task is refused", () => {
    expect(() =>
      createLinear(threeModalities, { ...defaults, taskLoss: "cross-entropy" }, create(), 1),
    ).toThrow(ConfigError);
  });
});
