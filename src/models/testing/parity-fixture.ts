import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Batch, BatchModality } from "../../data/batch.js";
import { fixtureValues } from "../../nn/testing/fixture-values.js";
import { euarConfigSchema } from "../euar-config.js";
import type { DataSignature } from "../model.js";

const numbers = z.array(z.number());

const fixtureSchema = z.object({
  case: z.object({
    config: euarConfigSchema,
    modalities: z.array(z.object({ name: z.string(), width: z.number(), steps: z.number() })),
    size: z.number(),
    outputs: z.number(),
    seed: z.number(),
    absent: z.record(z.string(), z.string()),
    changing: z.boolean(),
    lengths: numbers,
    padding: z.enum(["left", "right"]),
  }),
  results: z.object({
    prediction: numbers,
    evaluated: numbers,
    losses: z.record(z.string(), z.number()),
    gradients: z.record(z.string(), numbers),
    firstLosses: numbers,
  }),
});

/** Fixture that scripts/fixtures/euar.py makes. */
export type ParityFixture = z.infer<typeof fixtureSchema>;

export function readParityFixture(name: string): ParityFixture {
  const file = new URL(`../../../test/fixtures/euar/${name}.json`, import.meta.url);
  return fixtureSchema.parse(JSON.parse(readFileSync(file, "utf8")));
}

export function signatureOf({ case: spec }: ParityFixture): DataSignature {
  const names = Array.from({ length: spec.outputs }, (_, i) => `output ${i}`);
  const classes = spec.config.taskLoss === "cross-entropy";
  return {
    task: classes ? { kind: "classification", classes: names } : { kind: "regression", targets: names },
    modalities: spec.modalities,
  };
}

/** The batch of one step, as `batch_of` in scripts/fixtures/euar.py makes it. */
export function parityBatch(fixture: ParityFixture, step: number): Batch {
  const { case: spec } = fixture;
  const { size, outputs } = spec;
  const modalities: Record<string, BatchModality> = {};
  for (const { name, width, steps } of spec.modalities) {
    const mask = Uint8Array.from({ length: size * steps }, (_, i) => {
      const length = Math.min(spec.lengths[Math.floor(i / steps)] ?? 0, steps);
      const t = spec.padding === "right" ? i % steps : steps - 1 - (i % steps);
      return t < length ? 1 : 0;
    });
    const values = fixtureValues(`x/${name}/${step}`, size * steps * width).map(
      (v, i) => v * (mask[Math.floor(i / width)] ?? 0),
    );
    const absent = spec.absent[name] ?? "0".repeat(size);
    const present = Uint8Array.from({ length: size }, (_, b) =>
      absent[(b + (spec.changing ? step : 0)) % size] === "0" ? 1 : 0,
    );
    modalities[name] = { width, steps, values, mask, present };
  }
  const values = fixtureValues(`labels/${step}`, size * outputs);
  const labels = spec.config.taskLoss === "cross-entropy" ? largestOfEachRow(values, size, outputs) : values;
  return {
    size,
    sampleIndex: Int32Array.from({ length: size }, (_, b) => 100 * step + 3 * b),
    modalities,
    labels,
  };
}

function largestOfEachRow(values: Float32Array, size: number, outputs: number): Float32Array {
  return Float32Array.from({ length: size }, (_, b) => {
    const row = Array.from(values.subarray(b * outputs, (b + 1) * outputs), Math.abs);
    return row.indexOf(Math.max(...row));
  });
}

/** Gives every parameter the values that scripts/fixtures/euar_torch.py gives it. */
export function setParityParameters(
  parameters: readonly {
    name: string;
    shape: readonly number[];
    buffer: { view: Float32Array | Float64Array };
  }[],
): void {
  for (const { name, shape, buffer } of parameters) {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const isGain = name.endsWith("/gain");
    const fanIn = shape.at(-2) ?? 1;
    const isWeight = name.endsWith("/weight");
    const values = fixtureValues(
      `parameter/${name}`,
      size,
      isGain ? 0.2 : isWeight ? 1 / Math.sqrt(fanIn) : 0.3,
    );
    buffer.view.set(isGain ? values.map((v) => v + 1) : values);
  }
}
