import { ConfigError } from "../../../core/errors.js";
import type { TaskLoss } from "../../../nn/losses/task.js";

/**
 * Refuses a task loss for a model that has its own losses.
 * @throws ConfigError
 */
export function refuseTaskLoss(name: string, taskLoss: TaskLoss | "auto"): void {
  if (taskLoss === "auto") return;
  throw new ConfigError("config.conflict", `${name} has its own losses and cannot use "${taskLoss}"`, {
    hint: "Omit taskLoss.",
  });
}
