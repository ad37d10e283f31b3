import { describe, expect, test } from "vitest";
import { defined } from "../core/defined.js";
import { EuarError } from "../core/errors.js";
import { assembleBatch } from "../data/assemble-batch.js";
import type { Batch } from "../data/batch.js";
import { damagedToy } from "../data/testing/damaged-toy.js";
import { toyDataset } from "../data/testing/toy-dataset.js";
import { gradientValues } from "../nn/testing/gradients.js";
import { createReferenceBackend } from "../tensor/backends/reference/index.js";
import { Tape } from "../tensor/tape.js";
import type { ForwardResult, Model } from "./model.js";
import { createModel } from "./registry.js";

const dataset = damagedToy();
const { train } = dataset.splits;
const signature = { task: dataset.task, modalities: dataset.modalities };
const batch = assembleBatch(train, [0, 5, 7, 11]);

const models: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  linear: { inputQuality: true },
  concat: { hidden: 5, head: [4], inputQuality: true },
  euar: {
    hidden: 5,
    head: [4],
    experts: { count: 3, topK: 3 },
    awareness: { quality: true, ranking: 0.5, statistics: { hidden: 3, gate: true } },
  },
};

/** Builds a model with quality, fitted, and with weights that are not zero. */
function build(name: string): Model {
  const model = createModel(name, signature, defined(models[name]), createReferenceBackend(), 1);
  model.fitStatistics?.(train);
  model.parameters.all().forEach((parameter, p) => {
    if (!parameter.name.includes("/quality/") || parameter.name.includes("/fitted/")) return;
    for (let i = 0; i < parameter.size; i++) parameter.buffer.view[i] = 0.1 * Math.sin(i + p);
  });
  return model;
}

function run(model: Model, of: Batch, training = false): ForwardResult {
  return model.forward(new Tape(model.parameters.backend, training), of, { training, seed: 1, step: 0 });
}

/** Returns the batch with another score of the audio of its first sample. */
function withScore(score: number): Batch {
  const audio = defined(batch.modalities["audio"]);
  const quality = defined(audio.quality).slice();
  quality[0] = score;
  return { ...batch, modalities: { ...batch.modalities, audio: { ...audio, quality } } };
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof EuarError) return error.code;
    throw error;
  }
  return "no error";
}

describe.each(Object.keys(models))("%s with measured quality", (name) => {
  test("gradients of all weights agree with finite differences; constants have none", () => {
    const model = build(name);
    const { backend } = model.parameters;
    const tape = new Tape(backend);
    const total = (of: ForwardResult) => defined(of.losses).total;
    tape.backward(total(model.forward(tape, batch, { training: true, seed: 1, step: 0 })));
    const gradients = new Map(model.parameters.all().map((one) => [one.name, gradientValues(backend, one)]));
    for (const parameter of model.parameters.all()) {
      const gradient = gradients.get(parameter.name);
      if (parameter.name.includes("/fitted/")) {
        expect(gradient, parameter.name).toBeUndefined();
        continue;
      }
      for (let i = 0; i < parameter.size; i += Math.max(1, Math.floor(parameter.size / 5))) {
        const { view } = parameter.buffer;
        const start = defined(view[i]);
        const [above, below] = [1e-6, -1e-6].map((step) => {
          view[i] = start + step;
          return total(run(model, batch, true)).item();
        });
        view[i] = start;
        expect(gradient?.[i], `${parameter.name}[${i}]`).toBeCloseTo(
          (defined(above) - defined(below)) / 2e-6,
          5,
        );
      }
    }
  });

  test("the quality of a sample changes its own prediction only", () => {
    const model = build(name);
    const [clean, bad] = [withScore(1), withScore(0)].map((of) => run(model, of).prediction.toArray());
    expect(bad?.[0]).not.toBe(clean?.[0]);
    expect(bad?.slice(1)).toEqual(clean?.slice(1));
  });

  test("the quality of a modality that a sample lacks changes nothing", () => {
    const model = build(name);
    const [clean, bad] = [withScore(1), withScore(0)].map((of) => {
      const audio = { ...defined(of.modalities["audio"]), present: Uint8Array.of(0, 1, 1, 1) };
      return run(model, { ...of, modalities: { ...of.modalities, audio } }).prediction.toArray();
    });
    expect(bad).toEqual(clean);
  });

  test("measures are standardised with the training split, with a least deviation", () => {
    const model = build(name);
    const quality = defined(train.quality?.["audio"]);
    const audio = defined(train.modalities["audio"]);
    const levels = Array.from(audio.present.keys())
      .filter((n) => audio.present[n] === 1)
      .map((n) => defined(quality.values[2 * n + 1]));
    expect(levels.length).toBeLessThan(train.size);
    const mean = levels.reduce((sum, value) => sum + value, 0) / levels.length;
    const variance = levels.reduce((sum, value) => sum + (value - mean) ** 2, 0) / levels.length;
    const constant = (part: string): readonly number[] =>
      Array.from(model.parameters.get(`audio/quality/fitted/${part}`).buffer.view.subarray(0, 2));
    expect(constant("mean")[0]).toBe(1);
    expect(constant("mean")[1]).toBeCloseTo(mean, 5);
    expect(constant("deviation")[0]).toBeCloseTo(0.1, 6); // every training sample has the score 1
    expect(constant("deviation")[1]).toBeCloseTo(Math.sqrt(variance), 4);
  });

  test("data without quality are refused, when the model is built and when it predicts", () => {
    const plain = toyDataset();
    const other = { task: plain.task, modalities: plain.modalities };
    expect(codeOf(() => createModel(name, other, defined(models[name]), createReferenceBackend(), 1))).toBe(
      "config.conflict",
    );
    expect(codeOf(() => run(build(name), assembleBatch(plain.splits.train, [0, 1])))).toBe(
      "data.missing-quality",
    );
  });
});

test("a new EUAR with quality predicts as one without: its layer starts at zero", () => {
  const [reads, plain] = [true, undefined].map((quality) =>
    createModel(
      "euar",
      signature,
      { ...models["euar"], awareness: { ...(quality && { quality }) } },
      createReferenceBackend(),
      1,
    ),
  );
  expect(run(defined(reads), batch).prediction.toArray()).toEqual(
    run(defined(plain), batch).prediction.toArray(),
  );
});
