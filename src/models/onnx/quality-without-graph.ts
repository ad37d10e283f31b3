import { ConfigError } from "../../core/errors.js";

/**
 * Returns the refusal of an export of a model that reads measured quality. The inputs of a graph are
 * features.
 * @param option path of the model's option
 */
export function qualityWithoutGraph(option: string): ConfigError {
  return new ConfigError("config.conflict", `a model with ${option} cannot be exported to ONNX`, {
    hint: "Serve it with `euar serve`, or train one without measured quality.",
  });
}
