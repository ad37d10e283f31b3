/**
 * `euar/server`: trained models behind HTTP, on this machine. `euar serve` starts the server. {@link
 * createApp} returns its routes, for use in another JavaScript server.
 */
export { type AppOptions, createApp } from "./server/app.js";
export { type RunningServer, type ServerOptions, startServer } from "./server/start-server.js";
export type { RequestLimits, Services } from "./server/services.js";
export { type LoadedModel, LoadedModels } from "./server/models/loaded-models.js";
export { Batcher, type BatchOptions } from "./server/models/batcher.js";
export { type MediaLimits, MediaQueue } from "./server/models/media-queue.js";
export { localScorer, openLocalScorer, type ScorerOptions } from "./server/models/local-scorer.js";
export { openThreadScorer } from "./server/models/thread-scorer.js";
export { type JobOptions, type JobRequest, Jobs } from "./server/jobs/jobs.js";
export { AuditLog } from "./server/keys/audit-log.js";
export { type KeyInfo, Keys, type KnownKey, type NewKey } from "./server/keys/keys.js";
export { RateLimit } from "./server/keys/rate-limit.js";
export type { Scope } from "./server/keys/scopes.js";
export { RunFolders, type RunContent } from "./server/runs/run-folders.js";
export {
  type ExperimentInfo,
  type ExperimentOptions,
  type ExperimentRequest,
  ExperimentFolders,
  type ExperimentState,
} from "./server/experiments/experiment-folders.js";
export type { ExperimentName, Experiments } from "./experiments.js";
export {
  type Comparison,
  type ComparisonRequest,
  compareRuns,
  type MetricComparison,
  type SplitName,
} from "./server/runs/compare-runs.js";
export { type TrainingOptions, type TrainingRequest, Trainings } from "./server/runs/trainings.js";
export type { CommandOutcome, RunningCommand } from "./server/runs/run-command.js";
export { Store } from "./server/store/store.js";
export type { Operations } from "./server/store/operations.js";
export type {
  AuditRow,
  CorrectionRow,
  JobRow,
  JobState,
  KeyRow,
  PredictionFilter,
  PredictionRow,
  Retention,
  RunRow,
  RunState,
  StoredPrediction,
} from "./server/store/rows.js";
export type {
  BodyAnswer,
  BodyForm,
  BodyRequest,
  MediaRequest,
  ModelDescription,
  ModelModality,
  SampleAnswer,
  SampleId,
  Scorer,
} from "./server/models/scorer.js";
export { fileAnswer, type StudioFile, StudioFiles } from "./server/studio/studio-files.js";
export {
  type ErrorText,
  type Problem,
  problemAnswer,
  problemOf,
  type ProblemStatus,
  statusOf,
} from "./server/http/problem.js";
export { type ErrorCode, EuarError, ServerError } from "./core/errors.js";
