import { DataError } from "../core/errors.js";
import type { Batch } from "../data/batch.js";
import type { ModalityInfo } from "../data/dataset.js";
import { presence, type Sequence } from "../nn/sequence.js";
import type { Tensor } from "../tensor/tensor.js";

/** One modality of a batch, with the samples that really have it. */
export interface ModalityInput {
  readonly name: string;
  /** Absent when the batch does not bring the modality at all. */
  readonly sequence: Sequence | undefined;
  /** [B], 1 where the sample has it with at least one real step. */
  readonly present: Uint8Array;
  readonly presentCount: number;
}

/**
 * The model's view of a batch, in the model's order of modalities.
 * @param encoded see {@link ForwardContext.encoded}
 * @throws {@link DataError} when a modality's width is not the one that the model was built for
 */
export function modalityInputs(
  batch: Batch,
  modalities: readonly ModalityInfo[],
  encoded?: ReadonlyMap<string, Tensor>,
): ModalityInput[] {
  return modalities.map(({ name, width }) => {
    const given = Object.hasOwn(batch.modalities, name) ? batch.modalities[name] : undefined;
    const vectors = encoded?.get(name);
    const sequence: Sequence | undefined = given && vectors ? { ...given, vectors } : given;
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
