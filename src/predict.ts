/**
 * `euar/predict`: a trained model that scores samples, and nothing else. Runs in the browser:
 * `Euar.fromWeights(bytes)`.
 */
export { Euar, type LoadOptions, type PredictOptions } from "./train/euar.js";
export type { Features, ModalityFeatures } from "./train/feature-input.js";
export type { Interval } from "./train/intervals.js";
export type { ModalityPrediction, Prediction } from "./train/prediction.js";
export type { Doubt, DoubtReason } from "./train/doubts.js";
export type { MediaModalityPrediction, MediaPrediction } from "./train/media-prediction.js";
export type { MediaEnvironment, RawMedia } from "./features/raw-media.js";
export type { DataDescription, RunConfig } from "./train/results.js";
export {
  CheckpointError,
  ConfigError,
  DataError,
  type ErrorCode,
  EuarError,
  MediaError,
} from "./core/errors.js";
