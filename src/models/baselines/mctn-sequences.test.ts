import { expect, test } from "vitest";
import type { Batch } from "../../data/batch.js";
import { modelBackends } from "../../nn/testing/backends.js";
import { gradientValues } from "../../nn/testing/gradients.js";
import { createReferenceBackend } from "../../tensor/backends/reference/index.js";
import { Tape } from "../../tensor/tape.js";
import type { Model } from "../model.js";
import { createModel } from "../registry.js";
import { type Missing, smallBatch, threeModalities } from "../testing/small-batch.js";

/** Vision has four steps, of which samples have one to four. */
const options = { hidden: 4, head: [3], translationSource: "vision" };
const build = (backend = createReferenceBackend()): Model =>
  createModel("mctn", threeModalities, options, backend, 1);
const context = { training: true, seed: 1, step: 0 };

function predictions(model: Model, batch: Batch): number[] {
  return model
    .forward(new Tape(model.parameters.backend, false), batch, { ...context, training: false })
    .prediction.toArray();
}

test.each(modelBackends)("a prediction has the same bits in every batch on $name", ({ create }) => {
  const model = build(create());
  const whole = predictions(model, smallBatch(threeModalities, [0, 1, 2, 3, 6]));
  [0, 1, 2, 3, 6].forEach((sample, i) => {
    expect(predictions(model, smallBatch(threeModalities, [sample]))[0]).toBe(whole[i]);
  });
});

test("the order of the source's steps counts; padding, its place and the other modalities do not", () => {
  const model = build();
  const batch = smallBatch(threeModalities, [3]);
  const plain = predictions(model, batch);
  const vision = batch.modalities["vision"];
  if (!vision) throw new Error("no vision");
  const { width, steps, values } = vision;
  const withVision = (rows: readonly number[], mask: readonly number[]): Batch => {
    const moved = rows.flatMap((row) =>
      row < 0
        ? new Array<number>(width).fill(9e9)
        : Array.from(values.subarray(row * width, (row + 1) * width)),
    );
    return {
      ...batch,
      modalities: {
        ...batch.modalities,
        vision: { ...vision, values: Float32Array.from(moved), mask: Uint8Array.from(mask) },
      },
    };
  };
  expect(steps).toBe(4);
  expect(predictions(model, withVision([3, 2, 1, 0], [1, 1, 1, 1]))).not.toEqual(plain);
  const two = predictions(model, withVision([0, 1, -1, -1], [1, 1, 0, 0]));
  expect(two).not.toEqual(plain);
  expect(predictions(model, withVision([-1, 0, -1, 1], [0, 1, 0, 1]))).toEqual(two);
  const lacking: Missing = (_, modality) => modality !== "vision";
  expect(predictions(model, smallBatch(threeModalities, [3], lacking))).toEqual(plain);
});

test("the gradient of the whole loss agrees with finite differences in float64", () => {
  const model = build();
  const { backend } = model.parameters;
  const batch = smallBatch(
    threeModalities,
    [1, 2, 3],
    (sample, modality) => modality === "audio" && sample === 2,
  );
  const total = (tape: Tape) => {
    const { losses } = model.forward(tape, batch, context);
    if (!losses) throw new Error("no losses");
    return losses.total;
  };
  const tape = new Tape(backend);
  tape.backward(total(tape));
  const all = model.parameters.all();
  const gradients = all.map((parameter) => gradientValues(backend, parameter));
  all.forEach((parameter, p) => {
    expect(gradients[p], parameter.name).toBeDefined();
    const { view } = parameter.buffer;
    for (let i = 0; i < parameter.size; i += Math.max(1, Math.floor(parameter.size / 4))) {
      const start = view[i] ?? NaN;
      const [above, below] = [1e-6, -1e-6].map((step) => {
        view[i] = start + step;
        const value = total(new Tape(backend, false)).item();
        backend.endStep();
        return value;
      });
      view[i] = start;
      expect(gradients[p]?.[i], `${parameter.name}[${i}]`).toBeCloseTo(
        ((above ?? NaN) - (below ?? NaN)) / 2e-6,
        6,
      );
    }
  });
});

test("translations and back-translations improve in training", () => {
  const model = build();
  const { backend } = model.parameters;
  const parts = (): Record<string, number> => {
    const tape = new Tape(backend);
    const { losses } = model.forward(tape, smallBatch(threeModalities, [1, 2, 3, 4, 5]), context);
    if (!losses) throw new Error("no losses");
    tape.backward(losses.total);
    return Object.fromEntries(Object.entries(losses.parts).map(([name, part]) => [name, part.item()]));
  };
  const before = parts();
  let after = before;
  for (let step = 0; step < 150; step++) {
    for (const parameter of model.parameters.all()) {
      const { view } = parameter.buffer;
      gradientValues(backend, parameter)?.forEach((slope, i) => {
        view[i] = (view[i] ?? NaN) - 0.3 * slope;
      });
      parameter.gradient = undefined;
    }
    backend.endStep();
    after = parts();
  }
  for (const name of ["translation/text", "cycle/text", "translation/audio", "cycle/audio"])
    expect(after[name], name).toBeLessThan((before[name] ?? NaN) * 0.97);
});
