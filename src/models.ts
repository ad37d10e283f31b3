/** `euar/models`: models without a trainer, for those who bring their own loop. Runs in the browser. */
export { type EuarConfig, euarConfigSchema, euarPresets } from "./models/euar-config.js";
export { type LinearConfig, linearConfigSchema } from "./models/linear-config.js";
export type {
  DataSignature,
  ForwardContext,
  ForwardResult,
  Losses,
  ModalityDiagnostics,
  Model,
} from "./models/model.js";
export { createModel, modelNames, resolveModelConfig } from "./models/registry.js";
export { Adam, type AdamOptions } from "./nn/optim/adam.js";
export { ParameterSet } from "./nn/parameter-set.js";
