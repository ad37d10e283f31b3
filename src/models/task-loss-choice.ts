import { ConfigError } from "../core/errors.js";
import type { Task } from "../data/dataset.js";
import type { TaskLoss } from "../nn/losses/task.js";

/**
 * The task loss that a configuration means for a task.
 * @throws {@link ConfigError} when the loss does not fit the task
 */
export function chooseTaskLoss(configured: TaskLoss | "auto", task: Task): TaskLoss {
  if (configured === "auto") return task.kind === "regression" ? "mse" : "cross-entropy";
  if ((configured === "cross-entropy") !== (task.kind === "classification")) {
    throw new ConfigError("config.conflict", `taskLoss "${configured}" does not fit a ${task.kind} task`, {
      hint: task.kind === "regression" ? "Use auto, mse, l1 or huber." : "Use auto or cross-entropy.",
    });
  }
  return configured;
}
