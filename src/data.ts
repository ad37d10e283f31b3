/**
 * `euar/data`: data sets as plain columns, the embedded data set, corruptions, normalisation and batches.
 * Runs in the browser; files are read by `loadDataset` of `euar`.
 */
export {
  addImageNoise,
  assembleBatch,
  blankWords,
  corruptSplit,
  damageMedium,
  datasetFromSamples,
  fitNormaliser,
  generateSynthetic,
  modalitySubsets,
  normaliseDataset,
  normaliseSplit,
  outputsOf,
  parseDamage,
  selectModalities,
  showCorruption,
  showDamage,
} from "./data/public.js";
export type { DamageDraw, DamagedMedium, DamageKinds, DamageStep } from "./corruption/damage-medium.js";
export type { DamagePart, DamageSpan } from "./corruption/damage-specification.js";
export type { DamageContext, MediaDamage, Span } from "./corruption/media-damage.js";
export { pictureDamages } from "./corruption/picture/picture-damages.js";
export { soundDamages } from "./corruption/sound/sound-damages.js";
export { textDamages } from "./corruption/text/text-damages.js";
export { videoDamages } from "./corruption/video/video-damages.js";
export type { AssembleOptions } from "./data/assemble-batch.js";
export type { Batch, BatchModality } from "./data/batch.js";
export type { CorruptOptions } from "./corruption/corrupt-split.js";
export { type Corruption, CORRUPTION_KINDS, type CorruptionKind } from "./corruption/corruption.js";
export {
  type CorruptionDefinition,
  corruptionKinds,
  registerCorruption,
} from "./corruption/register-corruption.js";
export type { SampleSteps } from "./corruption/feature-kind.js";
export { type ImageNoiseName, imageNoises, type NoiseDraw } from "./corruption/image-noise.js";
export type { PixelImage } from "./signal/pixels.js";
export { parseCorruption } from "./corruption/parse-corruption.js";
export { type WordNoiseName, wordNoises } from "./corruption/word-noise.js";
export type {
  CorruptionTruth,
  Dataset,
  ModalityInfo,
  ModalityTable,
  Split,
  SplitName,
  Task,
} from "./data/dataset.js";
export type { SampleContent } from "./data/formats/dataset-from-samples.js";
export type { SampleFeatures, SampleRecord } from "./data/formats/sample-columns.js";
export type { SampleSplits } from "./data/formats/sample-labels.js";
export type { FeatureStatistics, Normaliser, NormaliserKind, NormaliserOptions } from "./data/normaliser.js";
export { SYNTHETIC_SIZES, type SyntheticData, type SyntheticOptions } from "./data/synthetic/generate.js";
