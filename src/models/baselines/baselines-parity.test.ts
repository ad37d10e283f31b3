import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import type { Batch, BatchModality } from "../../data/batch.js";
import { modelBackends } from "../../nn/testing/backends.js";
import { fixtureValues } from "../../nn/testing/fixture-values.js";
import { gradientValues } from "../../nn/testing/gradients.js";
import { Tape } from "../../tensor/tape.js";
import type { DataSignature } from "../model.js";
import { createModel } from "../registry.js";
import { setParityParameters } from "../testing/parity-fixture.js";

const numbers = z.array(z.number());
const fixture = z
  .object({
    case: z.object({
      modalities: z.record(z.string(), z.number()),
      batch: z.number(),
      classes: z.number(),
      hidden: z.number(),
      head: z.number(),
      step: z.number(),
      absent: z.record(z.string(), numbers),
      sentiments: numbers,
      lengths: z.record(z.string(), numbers),
      steps: z.record(z.string(), z.number()),
    }),
    results: z.record(
      z.string(),
      z.object({
        logits: numbers,
        total: z.number(),
        losses: z.record(z.string(), z.number()),
        gradients: z.record(z.string(), numbers),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL("../../../test/fixtures/baselines.json", import.meta.url), "utf8")));

/** Parameters that are fitted to the data set, not trained. */
const constants = ["flow/range", "labels/scale"];

/** Options by which scripts/fixtures/baselines.py makes a baseline smaller than it is by default. */
const smaller: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  dcca: { canonical: 2 },
  dicmor: { flowLayers: 3 },
  mmin: { autoencoders: 2, autoencoderWidth: 3 },
};

const { batch: size, classes, hidden, head, step, absent, sentiments, lengths, steps: counts } = fixture.case;
const classification: DataSignature = {
  task: { kind: "classification", classes: Array.from({ length: classes }, (_, k) => `class ${k}`) },
  modalities: Object.entries(fixture.case.modalities).map(([name, width]) => ({ name, width, steps: 1 })),
};

const regression: DataSignature = {
  ...classification,
  task: { kind: "regression", targets: ["sentiment"], range: [-3, 3] },
};

const sequences: DataSignature = {
  ...classification,
  modalities: classification.modalities.map((one) => ({ ...one, steps: counts[one.name] ?? 1 })),
};
const signatures: Readonly<Record<string, DataSignature>> = { regression, sequences };

/** Fixture that scripts/fixtures/baselines.py makes. */
function batch({ task, modalities: all }: DataSignature): Batch {
  const modalities = all.map(({ name, width, steps }): [string, BatchModality] => {
    const present = Uint8Array.from({ length: size }, (_, b) => (absent[name]?.includes(b) === true ? 0 : 1));
    return [
      name,
      {
        width,
        steps,
        values: fixtureValues(steps === 1 ? `x/${name}/0` : `steps/${name}`, size * steps * width),
        mask: Uint8Array.from({ length: size * steps }, (_, i) =>
          steps === 1 || i % steps < (lengths[name]?.[Math.floor(i / steps)] ?? 0) ? 1 : 0,
        ),
        present,
      },
    ];
  });
  const drawn = fixtureValues("labels/0", size * classes);
  const labels =
    task.kind === "regression"
      ? Float32Array.from(sentiments)
      : Float32Array.from({ length: size }, (_, b) => {
          const row = Array.from(drawn.subarray(b * classes, (b + 1) * classes), Math.abs);
          return row.indexOf(Math.max(...row));
        });
  return {
    size,
    sampleIndex: Int32Array.from({ length: size }, (_, b) => b),
    modalities: Object.fromEntries(modalities),
    labels,
  };
}

/** Largest difference, relative to the scale of the array. */
function distance(a: readonly number[], b: readonly number[], floor: number): number {
  expect(a.length).toBe(b.length);
  const scale = b.reduce((largest, value) => Math.max(largest, Math.abs(value)), floor);
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b[i] ?? NaN)) / scale), 0);
}

const limits = { wasm: { forward: 1e-5, gradient: 1e-4 }, reference: { forward: 1e-7, gradient: 1e-6 } };

for (const { name: backendName, create } of modelBackends) {
  const limit = backendName === "wasm" ? limits.wasm : limits.reference;
  test.each(Object.entries(fixture.results))(
    `parity with PyTorch, %s, ${backendName}: logits, losses and all gradients of one step`,
    (row, results) => {
      const form = Object.keys(signatures).find((ending) => row.endsWith(`-${ending}`));
      const name = form === undefined ? row : row.slice(0, -form.length - 1);
      const signature = signatures[form ?? ""] ?? classification;
      const backend = create();
      const model = createModel(
        name,
        signature,
        {
          hidden,
          ...(["concat", "align", "dcca", "mctn", "mmin", "gcnet", "dicmor"].includes(name) && {
            head: [head],
          }),
          ...smaller[name],
        },
        backend,
        1,
      );
      setParityParameters(model.parameters.all().filter(({ name }) => !constants.includes(name)));
      const tape = new Tape(backend);
      const { prediction, losses } = model.forward(tape, batch(signature), { training: true, seed: 1, step });
      expect(distance(prediction.toArray(), results.logits, 1)).toBeLessThan(limit.forward);
      if (!losses) throw new Error("no losses");
      expect(Object.keys(losses.parts).sort()).toEqual(Object.keys(results.losses).sort());
      for (const [part, value] of Object.entries(losses.parts))
        expect(distance([value.item()], [results.losses[part] ?? NaN], 1e-2), part).toBeLessThan(
          limit.forward,
        );
      expect(distance([losses.total.item()], [results.total], 1)).toBeLessThan(limit.forward);
      tape.backward(losses.total);
      const found = model.parameters.all().flatMap((parameter): string[] => {
        const gradient = gradientValues(backend, parameter);
        if (gradient === undefined) return [];
        expect(
          distance(gradient, results.gradients[parameter.name] ?? [], 1e-3),
          parameter.name,
        ).toBeLessThan(limit.gradient);
        return [parameter.name];
      });
      expect(found.sort()).toEqual(Object.keys(results.gradients).sort());
    },
  );
}
