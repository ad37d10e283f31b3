import { ConfigError } from "../../../core/errors.js";
import type { TaskLoss } from "../../../nn/losses/task.js";

/** Refuses a choice of the task loss for a model that brings its own losses. @throws ConfigError */
export function refuseTaskLoss(name: string, taskLoss: TaskLoss | "auto"): void {
  if (taskLoss === "auto") return;
  throw new ConfigError("config.conflict", `${name} has losses of its own, not "${taskLoss}"`, {
    hint: "Leave out taskLoss.",
  });
}
