import { describe, expect, test } from "vitest";
import { modelBackends } from "../nn/testing/backends.js";
import { gradientValues } from "../nn/testing/gradients.js";
import { createReferenceBackend } from "../tensor/backends/reference/index.js";
import { Tape } from "../tensor/tape.js";
import type { Backend } from "../tensor/backend.js";
import { createEuar } from "./euar.js";
import { euarConfigSchema } from "./euar-config.js";
import type { ForwardResult, Model } from "./model.js";
import { type Missing, smallBatch, threeModalities } from "./testing/small-batch.js";

const names = threeModalities.modalities.map(({ name }) => name);

function build(backend: Backend, steady: number | null, steadyRate?: number): Model {
  return createEuar(
    threeModalities,
    euarConfigSchema.parse({
      hidden: 6,
      experts: { count: 4 },
      head: [5],
      awareness: { statistics: { hidden: 3, steady, ...(steadyRate !== undefined && { steadyRate }) } },
    }),
    backend,
    1,
  );
}

/**
 * With the weights from the statistics to the anomaly score set to `size`. The score grows as its square.
 */
function withStrangeness(model: Model, size: number): Model {
  for (const name of names) model.parameters.get(`${name}/signals/out/weight`).buffer.view.fill(size);
  model.parameters.backend.endStep();
  return model;
}

function answer(model: Model, samples: readonly number[], missing?: Missing): ForwardResult {
  return model.forward(
    new Tape(model.parameters.backend, false),
    smallBatch(threeModalities, samples, missing),
    { training: false, seed: 1, step: 0, spread: true },
  );
}

const valueOf = (model: Model, missing?: Missing): number => answer(model, [4], missing).prediction.item();

describe.each(modelBackends)("the steady path on $name", ({ create }) => {
  const steadyAt = (size: number, missing?: Missing): number =>
    valueOf(withStrangeness(build(create(), 1), size), missing);
  const expertsAt = (size: number, missing?: Missing): number =>
    valueOf(withStrangeness(build(create(), null), size), missing);

  test("steady path: without anomaly it predicts alone, with x W + b of the modalities' means", () => {
    const model = withStrangeness(build(create(), 1), 0);
    const weight = model.parameters.get("steady/weight").buffer.view;
    const batch = smallBatch(threeModalities, [4]);
    let [expected, row] = [model.parameters.get("head/out/bias").buffer.view[0] ?? NaN, 0];
    for (const { name, width, steps } of threeModalities.modalities) {
      const { values, mask } = batch.modalities[name] ?? { values: [], mask: [] };
      const real = Array.from({ length: steps }, (_, t) => t).filter((t) => mask[t] === 1);
      for (let d = 0; d < width; d++)
        expected +=
          (real.reduce((sum, t) => sum + (values[t * width + d] ?? NaN), 0) / real.length) *
          (weight[row++] ?? NaN);
    }
    expect(valueOf(model)).toBeCloseTo(expected, 5);
  });

  test("steady path: its share is exp(-sum of anomaly scores); twice the score squares the share", () => {
    const [whole, none] = [steadyAt(0), expertsAt(0)];
    const share = (size: number): number => (steadyAt(size) - expertsAt(size)) / (whole - expertsAt(size));
    const once = share(0.1);
    expect(once).toBeGreaterThan(0.01);
    expect(once).toBeLessThan(0.99);
    expect(share(0.1 * Math.SQRT2)).toBeCloseTo(once ** 2, 4);
    expect(Math.abs(whole - none)).toBeGreaterThan(1e-3);
  });

  test("steady path: only the experts predict for very unusual inputs and for a missing modality", () => {
    expect(steadyAt(40)).toBeCloseTo(expertsAt(40), 6);
    const noAudio: Missing = (_, modality) => modality === "audio";
    expect(steadyAt(0, noAudio)).toBe(expertsAt(0, noAudio));
    expect(Number.isFinite(steadyAt(0, () => true))).toBe(true);
  });

  test("steady path: it has no variance, and lowers the experts' spread and contributions", () => {
    const [shortcut, alone] = [
      answer(withStrangeness(build(create(), 1), 0.1), [4]),
      answer(withStrangeness(build(create(), null), 0.1), [4]),
    ];
    const share =
      (shortcut.prediction.item() - alone.prediction.item()) / (steadyAt(0) - alone.prediction.item());
    expect(shortcut.spread?.[0]).toBeCloseTo((1 - share) * (alone.spread?.[0] ?? NaN), 5);
    const only = answer(withStrangeness(build(create(), 1), 0), [4]);
    expect(only.spread?.[0]).toBe(0);
    const shares = names.map((name) => only.diagnostics[name]?.contribution?.[0] ?? NaN);
    expect(shares.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
    expect(shares).not.toEqual(names.map((name) => alone.diagnostics[name]?.contribution?.[0]));
  });
});

test("steady path: corrupted copies do not teach it, and its loss moves no expert", () => {
  const backend = createReferenceBackend();
  const step = (steady: number | null, late: number) => {
    const model = build(backend, steady);
    const batch = { ...smallBatch(threeModalities, [1, 2, 3, 4]), originals: 2 };
    batch.labels?.fill(late, 2);
    const tape = new Tape(backend);
    const { losses } = model.forward(tape, batch, { training: true, seed: 1, step: 0 });
    if (!losses) throw new Error("the batch had labels");
    tape.backward(losses.total);
    return {
      own: losses.parts["steady"]?.item(),
      task: losses.parts["task"]?.item(),
      gradient: (name: string) => gradientValues(backend, model.parameters.get(name)),
    };
  };
  const [first, other, without] = [step(0.5, 1), step(0.5, -2), step(null, 1)];
  expect(first.own).toBeGreaterThan(0);
  expect(other.own).toBe(first.own);
  expect(other.task).not.toBe(first.task);
  expect(other.gradient("steady/weight")).toEqual(first.gradient("steady/weight"));
  for (const name of [
    "text/experts/weight",
    "text/router/weight",
    "text/signals/in/weight",
    "head/out/weight",
  ])
    expect(first.gradient(name), name).toEqual(without.gradient(name));
});

test("steady path: its rate is a factor on the learning rate of its own weight only", () => {
  const rates = (steadyRate?: number): [string, number][] =>
    build(createReferenceBackend(), 1, steadyRate)
      .parameters.all()
      .flatMap(({ name, rate }) => (rate === 1 ? [] : [[name, rate]]));
  expect(rates()).toEqual([]);
  expect(rates(16)).toEqual([["steady/weight", 16]]);
});
