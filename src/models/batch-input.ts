import { DataError } from "../core/errors.js";
import type { Batch, BatchModality } from "../data/batch.js";
import type { ModalityInfo } from "../data/dataset.js";
import { presence, type Sequence } from "../nn/sequence.js";
import type { Tensor } from "../tensor/tensor.js";

/** One modality of a batch, with the samples that have it. */
export interface ModalityInput {
  readonly name: string;
  /** Undefined if the batch does not have the modality. */
  readonly sequence: Sequence | undefined;
  /** [B], 1 = the sample has the modality with at least one real step. */
  readonly present: Uint8Array;
  readonly presentCount: number;
  /** Measured quality of the media, [B, Q]. Undefined if the batch has none. */
  readonly quality: BatchModality["quality"];
}

/**
 * Returns the modalities of a batch, in the model's order.
 * @param encoded see {@link ForwardContext.encoded}
 * @throws {@link DataError} if a modality has another width than in the model
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
          hint: "Use features of the same adapter as the training data.",
        },
      );
    }
    const present = sequence ? presence(sequence) : new Uint8Array(batch.size);
    let presentCount = 0;
    for (const flag of present) presentCount += flag;
    return { name, sequence, present, presentCount, quality: given?.quality };
  });
}
