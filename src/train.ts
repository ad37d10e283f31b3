/**
 * `euar/train`: the training loop and the evaluation. Runs in the browser as long as a run has no folder;
 * `euar/data` makes data sets.
 */
export { evaluate, type EvaluateOptions } from "./evaluate/evaluate.js";
export {
  type ConditionResult,
  evaluateProtocol,
  type ProtocolRequest,
  type ProtocolResult,
} from "./evaluate/evaluate-protocol.js";
export { builtInProtocol, builtInProtocols } from "./protocols/built-in.js";
export { type ResolvedCondition, resolveConditions } from "./protocols/conditions.js";
export { checkProtocol } from "./protocols/protocol.js";
export type { Condition, Protocol } from "./protocols/protocol-schema.js";
export type { ProtocolSummary } from "./protocols/summary.js";
export { MemoryEncoder, type MemoryEncoderOptions } from "./features/encoders/memory-encoder.js";
export { train, type TrainedRun } from "./train/train.js";
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
  EpochRecord,
  EvaluationResult,
  Metrics,
  RunConfig,
  TrainResult,
} from "./runs/results.js";
export { type TrainConfig, trainConfigSchema } from "./models/train-config.js";
