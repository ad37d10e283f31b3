/** `euar/models`: models, for users with their own training loop. Runs in the browser. */
export {
  defineModel,
  type AnyModelDefinition,
  type ModelDefinition,
  type ModelPreset,
} from "./models/define-model.js";
export { type EuarConfig, euarConfigSchema } from "./models/euar-config.js";
export { euarPresets } from "./models/euar-presets.js";
export { type LinearConfig, linearConfigSchema } from "./models/linear-config.js";
export { createEncodedModel } from "./models/encoded-text.js";
export { buildEncoder, type OpenedEncoder } from "./encoders/open-encoder.js";
export type {
  DataSignature,
  ForwardContext,
  ForwardResult,
  Losses,
  ModalityDiagnostics,
  Model,
} from "./models/model.js";
export {
  builtInModels,
  createModel,
  knownModels,
  type ModelChoice,
  type ModelName,
  modelNames,
  registerModel,
  resolveModelConfig,
} from "./models/registry.js";
export { Adam, type AdamOptions } from "./nn/optim/adam.js";
export { ParameterSet } from "./nn/parameter-set.js";
