/**
 * `euar/data`: data sets as plain columns, the embedded data set, corruptions, normalisation and batches.
 * Runs in the browser; files are read by `loadDataset` of `euar`.
 */
export { assembleBatch, type AssembleOptions } from "./data/assemble-batch.js";
export type { Batch, BatchModality } from "./data/batch.js";
export { type CorruptOptions, corruptSplit } from "./data/corrupt/corrupt-split.js";
export {
  type Corruption,
  CORRUPTION_KINDS,
  type CorruptionKind,
  corruptionKinds,
  showCorruption,
} from "./data/corrupt/corruption.js";
export {
  addImageNoise,
  type ImageNoiseName,
  imageNoises,
  type NoiseDraw,
  type PixelImage,
} from "./data/corrupt/image-noise.js";
export { parseCorruption } from "./data/corrupt/parse-corruption.js";
export { blankWords, type WordNoiseName, wordNoises } from "./data/corrupt/word-noise.js";
export {
  type CorruptionTruth,
  type Dataset,
  type ModalityInfo,
  type ModalityTable,
  outputsOf,
  type Split,
  type SplitName,
  type Task,
} from "./data/dataset.js";
export { datasetFromSamples, type SampleContent } from "./data/formats/dataset-from-samples.js";
export type { SampleFeatures, SampleRecord } from "./data/formats/sample-columns.js";
export type { SampleSplits } from "./data/formats/sample-labels.js";
export {
  type FeatureStatistics,
  fitNormaliser,
  type Normaliser,
  type NormaliserKind,
  type NormaliserOptions,
  normaliseDataset,
  normaliseSplit,
} from "./data/normaliser.js";
export { selectModalities } from "./data/select-modalities.js";
export { modalitySubsets } from "./data/subsets.js";
export {
  generateSynthetic,
  SYNTHETIC_SIZES,
  type SyntheticData,
  type SyntheticOptions,
} from "./data/synthetic/generate.js";
