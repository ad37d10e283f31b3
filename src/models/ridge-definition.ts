import { defineModel } from "./define-model.js";
import { createRidge } from "./ridge.js";
import { ridgeConfigSchema } from "./ridge-config.js";

export const ridgeModel = defineModel({
  name: "ridge",
  label: "Ridge",
  summary: "the linear model in closed form, with its penalty chosen on validation data",
  schema: ridgeConfigSchema,
  tasks: ["regression"],
  deterministic: true,
  create: createRidge,
  onnx: async () => (await import("./onnx/linear-graph.js")).linearGraph({}),
});
