import { ConfigError } from "../../../core/errors.js";
import type { TaskLoss } from "../../../nn/losses/task.js";
import type { DataSignature } from "../../model.js";

/**
 * Of a method that is defined by the probabilities of classes and brings its own losses. @throws ConfigError
 * for a regression task, or another task loss
 */
export function requireClasses(name: string, { task }: DataSignature, taskLoss: TaskLoss | "auto"): void {
  if (task.kind !== "classification")
    throw new ConfigError(
      "config.conflict",
      `${name} is defined for classification, and the task is ${task.kind}`,
      { hint: "Choose another model, or data with classes." },
    );
  if (taskLoss !== "auto")
    throw new ConfigError("config.conflict", `${name} has losses of its own, not "${taskLoss}"`, {
      hint: "Leave out taskLoss.",
    });
}
