import { defineModel } from "./define-model.js";
import { createLinear } from "./linear.js";
import { linearConfigSchema } from "./linear-config.js";

export const linearModel = defineModel({
  name: "linear",
  label: "Linear",
  summary: "one linear layer on the mean of each modality: the reference row of every table",
  schema: linearConfigSchema,
  create: createLinear,
  onnx: async (config) => (await import("./onnx/linear-graph.js")).linearGraph(config),
});
