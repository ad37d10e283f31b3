import { DataError } from "../core/errors.js";
import type { Batch, BatchModality } from "../data/batch.js";
import type { ModalityInfo } from "../data/dataset.js";
import { presence } from "../nn/sequence.js";

/** One modality of a batch, with the samples that really have it. */
export interface ModalityInput {
  readonly name: string;
  /** Absent when the batch does not bring the modality at all. */
  readonly sequence: BatchModality | undefined;
  /** [B]: 1 where the sample has it with at least one real step. */
  readonly present: Uint8Array;
  readonly presentCount: number;
}

/**
 * The model's view of a batch, in the model's order of modalities.
 * @throws {@link DataError} when a modality's width is not the one that the model was built for
 */
export function modalityInputs(batch: Batch, modalities: readonly ModalityInfo[]): ModalityInput[] {
  return modalities.map(({ name, width }) => {
    const sequence = Object.hasOwn(batch.modalities, name) ? batch.modalities[name] : undefined;
    if (sequence && sequence.width !== width) {
      throw new DataError(
        "data.width-mismatch",
        `modality "${name}" has ${sequence.width} features per step, but the model was built for ${width}`,
        {
          hint: "Use features made by the same extractor as the training data.",
        },
      );
    }
    const present = sequence ? presence(sequence) : new Uint8Array(batch.size);
    let presentCount = 0;
    for (const flag of present) presentCount += flag;
    return { name, sequence, present, presentCount };
  });
}
