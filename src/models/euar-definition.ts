import { defineModel } from "./define-model.js";
import { createEuar } from "./euar.js";
import { euarConfigSchema } from "./euar-config.js";
import { formerEuarOptions } from "./euar-migration.js";
import { euarPresets } from "./euar-presets.js";

export const euarModel = defineModel({
  name: "euar",
  label: "EUAR",
  summary: "a mixture of Gaussian experts per modality, routed by their uncertainty",
  schema: euarConfigSchema,
  presets: euarPresets,
  former: formerEuarOptions,
  create: createEuar,
  onnx: async (config) => (await import("./onnx/euar-graph.js")).euarGraph(config),
});
