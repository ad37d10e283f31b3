import { CheckpointError } from "../core/errors.js";
import { copyValues } from "../nn/copy-values.js";
import type { ParameterSet } from "../nn/parameter-set.js";
import type { FloatArray } from "../tensor/backend.js";
import type { Weights } from "./checkpoint.js";

/**
 * Returns a copy of all weights.
 * @param into earlier copy that is not needed any more: its arrays are overwritten
 */
export function copyWeights(parameters: ParameterSet, into?: Weights): Map<string, FloatArray> {
  return new Map(
    parameters.all().map(({ name, buffer }) => [name, copyValues(buffer.view, into?.get(name))]),
  );
}

/**
 * Restores weights.
 *
 * @throws CheckpointError if a parameter is missing or has another size
 */
export function setWeights(parameters: ParameterSet, weights: Weights, what: string): void {
  for (const parameter of parameters.all()) {
    const saved = weights.get(parameter.name);
    if (saved?.length !== parameter.size) {
      throw new CheckpointError(
        "checkpoint.mismatch",
        `${what}: parameter "${parameter.name}" of shape [${parameter.shape.join(", ")}] ` +
          `needs ${parameter.size} values, found ${saved ? saved.length : "none"}`,
        { hint: "The weights belong to a model of another configuration." },
      );
    }
    parameter.buffer.view.set(saved);
  }
}
