/**
 * `euar/predict`: a trained model that scores samples, and nothing else. Runs in the browser:
 * `Predictor.load(url)`, `Predictor.fromWeights(bytes)`.
 */
export { Predictor, type PredictorParts } from "./predict/predictor.js";
export type {
  LoadOptions,
  PredictMediaOptions,
  PredictFeatureOptions,
  PredictOptions,
  PredictorOptions,
} from "./predict/load-options.js";
export type { Features, ModalityFeatures } from "./predict/feature-input.js";
export type { Interval } from "./predict/intervals.js";
export type {
  ClassificationPrediction,
  LabelPrediction,
  ModalityPrediction,
  MultiLabelPrediction,
  MultiTargetPrediction,
  Prediction,
  PredictionBase,
  PredictionTask,
  RegressionPrediction,
} from "./predict/prediction.js";
export type { Doubt, DoubtReason } from "./predict/doubts.js";
export type { MediaDetails, MediaModalityPrediction, MediaPrediction } from "./predict/media-prediction.js";
export type { MediaEnvironment, RawMedia, TranscriptCheck } from "./features/raw-media.js";
export type { DataDescription, RunConfig } from "./runs/results.js";
export {
  CheckpointError,
  ConfigError,
  DataError,
  type ErrorCode,
  EuarError,
  MediaError,
} from "./core/errors.js";
