import type { Batch, BatchModality } from "../../data/batch.js";
import { fixtureValues } from "../../nn/testing/fixture-values.js";
import { outputsOf } from "../../data/dataset.js";
import type { DataSignature } from "../model.js";

export const threeModalities: DataSignature = {
  task: { kind: "regression", targets: ["sentiment"] },
  modalities: [
    { name: "text", width: 13, steps: 1 },
    { name: "vision", width: 7, steps: 4 },
    { name: "audio", width: 5, steps: 1 },
  ],
};

/** Is sample s missing modality m? */
export type Missing = (sample: number, modality: string) => boolean;

/** A batch of the given samples; a sample's features depend on its number alone. */
export function smallBatch(
  signature: DataSignature,
  samples: readonly number[],
  missing: Missing = () => false,
): Batch {
  const modalities: Record<string, BatchModality> = {};
  for (const { name, width, steps } of signature.modalities) {
    const each = samples.map((sample) => fixtureValues(`small/${name}/${sample}`, steps * width));
    const values = Float32Array.from(each.flatMap((row) => Array.from(row)));
    const mask = Uint8Array.from({ length: samples.length * steps }, (_, i) =>
      i % steps < 1 + ((samples[Math.floor(i / steps)] ?? 0) % steps) ? 1 : 0,
    );
    const present = Uint8Array.from(samples, (sample) => (missing(sample, name) ? 0 : 1));
    modalities[name] = { width, steps, values, mask, present };
  }
  const { task } = signature;
  const labels =
    task.kind === "classification"
      ? Float32Array.from(samples, (sample) => sample % task.classes.length)
      : Float32Array.from(
          samples.flatMap((sample) =>
            Array.from(fixtureValues(`small/labels/${sample}`, outputsOf(task)), (value) =>
              task.kind === "regression" ? value : Number(value > 0),
            ),
          ),
        );
  return { size: samples.length, sampleIndex: Int32Array.from(samples), modalities, labels };
}
