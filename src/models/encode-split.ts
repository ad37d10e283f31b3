import { assembleBatch } from "../data/assemble-batch.js";
import type { BatchModality } from "../data/batch.js";
import type { ModalityTable, Split } from "../data/dataset.js";
import { type Normaliser, normaliseTable, vectorsOf } from "../data/normaliser.js";
import type { TextEncoder } from "../encoders/text-encoder.js";
import type { SampleDraws } from "../nn/sample-draws.js";
import { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * Number of texts that are encoded at once outside training. It is small, because the states of all layers
 * are in memory until the batch ends.
 */
export const ENCODING_BATCH = 32;

/** Returns the ids of each sample's real tokens; none for a sample without the modality. */
export function idsOf({ steps, values, mask, present }: BatchModality): Int32Array[] {
  return Array.from(present, (flag, b) => {
    if (flag === 0) return new Int32Array(0);
    const own = values.subarray(b * steps, (b + 1) * steps);
    return Int32Array.from(own.filter((_, t) => mask[b * steps + t] === 1));
  });
}

/** Replaces the tokens of a batch by vectors. */
export function encodedModality(
  { mask, present, steps, quality }: BatchModality,
  vectors: Tensor,
): BatchModality {
  const has = Uint8Array.from(present, (flag, b) =>
    flag === 1 && mask.subarray(b * steps, (b + 1) * steps).includes(1) ? 1 : 0,
  );
  const values = Float32Array.from(vectors.buffer.view.subarray(0, vectors.size));
  return {
    width: vectors.extent(1),
    steps: 1,
    values,
    mask: has,
    present: has,
    ...(quality && { quality }),
  };
}

/**
 * Returns the split that the inner model reads, with the encoder's current vectors.
 * @param scaling scales the vectors, see {@link scaledVectors}
 */
export function encodedSplit(
  split: Split,
  modality: string,
  encoder: TextEncoder,
  scaling?: Normaliser,
): Split {
  const { hidden } = encoder.shape;
  const { backend } = encoder.parameters;
  const values = new Float32Array(split.size * hidden);
  const present = new Uint8Array(split.size);
  for (let start = 0; start < split.size; start += ENCODING_BATCH) {
    const rows = Int32Array.from(
      { length: Math.min(ENCODING_BATCH, split.size - start) },
      (_, i) => start + i,
    );
    const tokens = assembleBatch(split, rows, { modalities: [modality], labels: false }).modalities[modality];
    if (!tokens) continue;
    const draws: SampleDraws = { training: false, seed: 0, step: 0, sampleIndex: rows };
    const part = encodedModality(tokens, encoder.forward(new Tape(backend, false), idsOf(tokens), draws));
    values.set(part.values, start * hidden);
    present.set(part.present, start);
    backend.endStep();
  }
  const table: ModalityTable = { width: hidden, steps: 1, values, mask: present, present };
  const vectors = scaledVectors(modality, table, scaling);
  return { ...split, modalities: { ...split.modalities, [modality]: vectors } };
}

/** Scales vectors of a frozen encoder; returns them unchanged if the normaliser has no statistics of them. */
export function scaledVectors<Table extends ModalityTable | BatchModality>(
  modality: string,
  table: Table,
  scaling: Normaliser | undefined,
): Table {
  const name = vectorsOf(modality);
  const statistics = scaling?.modalities[name];
  if (!scaling || !statistics) return table;
  const { values } = normaliseTable(name, table, statistics, scaling);
  return values === table.values ? table : { ...table, values };
}
