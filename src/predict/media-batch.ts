import { DataError } from "../core/errors.js";
import type { Batch, BatchModality } from "../data/batch.js";
import type { ModalityInfo } from "../data/dataset.js";
import { storedMeasures } from "../data/quality-measures.js";
import type { ReadModality } from "../features/sample-reader.js";

/**
 * Makes a batch of one sample's features, with the measures of quality that the training data had. A modality
 * without a usable step is missing, as in a data set.
 * @throws DataError "data.width-mismatch" for features of another width than in training
 */
export function batchOfMedia(
  sample: ReadonlyMap<string, ReadModality>,
  modalities: readonly ModalityInfo[],
): Batch {
  const columns = modalities.map((info) => [info.name, columnOf(sample.get(info.name), info)] as const);
  return { size: 1, sampleIndex: new Int32Array(1), modalities: Object.fromEntries(columns) };
}

function columnOf(
  read: ReadModality | undefined,
  { name, width, quality: measures }: ModalityInfo,
): BatchModality {
  if (read?.kind !== "read" || !read.features.mask.includes(1)) {
    return {
      width,
      steps: 1,
      values: new Float32Array(width),
      mask: new Uint8Array(1),
      present: new Uint8Array(1),
    };
  }
  const { steps, sequence, mask, width: made, quality } = read.features;
  if (made !== width)
    throw new DataError(
      "data.width-mismatch",
      `prediction: the ${name} has ${made} features, the model expects ${width}`,
      { hint: "Use the model with the adapter that it was trained with." },
    );
  return {
    width,
    steps,
    values: sequence.slice(), // [1, T, D]
    mask: mask.slice(),
    present: Uint8Array.of(1),
    ...(measures && { quality: storedMeasures(quality, measures) }), // [1, Q]
  };
}
