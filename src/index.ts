/**
 * `euar`: train, stress-test and explain multimodal models that notice bad inputs.
 *
 * @example
 * import { evaluate, loadDataset, train } from "euar";
 * const dataset = await loadDataset("synthetic");
 * const { model, metrics } = await train({ model: { name: "euar" }, train: { epochs: 20 } }, dataset);
 * const textAlone = await evaluate(model, dataset, { available: ["text"] });
 */
export { Predictor, type PredictorParts } from "./predict/predictor.js";
export type {
  LoadOptions as ModelLoadOptions,
  PredictMediaOptions,
  PredictFeatureOptions,
  PredictOptions,
  PredictorOptions,
} from "./predict/load-options.js";
export { train, type TrainedRun } from "./train/train.js";
export { evaluate, type EvaluateOptions } from "./evaluate/evaluate.js";
export type { TrainHooks, TrainRequest } from "./train/train-request.js";
export type {
  DoneEvent,
  EpochEvent,
  RecoveryEvent,
  StartEvent,
  StepEvent,
  TrainEvent,
} from "./train/events.js";
export type {
  CoverageReport,
  CoverageSummary,
  DataDescription,
  EpochRecord,
  EvaluationResult,
  Metrics,
  ModalityUncertaintySummary,
  RunConfig,
  SelectiveSummary,
  SeverityAgreement,
  TrainResult,
} from "./runs/results.js";
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
export type { Features, ModalityFeatures } from "./predict/feature-input.js";
export { type TrainConfig, trainConfigSchema } from "./models/train-config.js";
export { type EuarConfig, euarConfigSchema } from "./models/euar-config.js";
export { euarPresets } from "./models/euar-presets.js";
export {
  defineModel,
  type AnyModelDefinition,
  type ModelDefinition,
  type ModelPreset,
} from "./models/define-model.js";
export { type ModelChoice, type ModelName, registerModel } from "./models/registry.js";
export { type LinearConfig, linearConfigSchema } from "./models/linear-config.js";
export { loadDataset } from "./data/formats/load-dataset.js";
export { type DataFormat, type FormatCandidate, registerFormat } from "./data/formats/data-format.js";
export { datasetFromSamples, type SampleContent } from "./data/formats/dataset-from-samples.js";
export type { SampleFeatures, SampleRecord } from "./data/formats/sample-columns.js";
export type { SampleSplits } from "./data/formats/sample-labels.js";
export type { LoadOptions as DataLoadOptions } from "./data/formats/load-options.js";
export type { Dataset, ModalityInfo, ModalityTable, Split, SplitName, Task } from "./data/dataset.js";
export { parseCorruption } from "./corruption/parse-corruption.js";
export type { Corruption } from "./corruption/corruption.js";
export { type CorruptionDefinition, registerCorruption } from "./corruption/register-corruption.js";
export type { SampleSteps } from "./corruption/feature-kind.js";
export {
  BackendError,
  CheckpointError,
  ConfigError,
  DataError,
  type ErrorCode,
  type ErrorDetails,
  EuarError,
  MediaError,
  ShapeError,
  TrainError,
} from "./core/errors.js";
