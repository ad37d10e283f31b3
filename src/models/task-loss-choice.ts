import { ConfigError } from "../core/errors.js";
import type { Task, TaskKind } from "../data/dataset.js";
import type { TaskLoss } from "../nn/losses/task.js";

/** Losses that fit a task; "auto" is the first one. */
const FITTING: Readonly<Record<TaskKind, readonly TaskLoss[]>> = {
  regression: ["mse", "l1", "huber"],
  classification: ["cross-entropy"],
  "multi-label": ["binary-cross-entropy"],
};

/**
 * Returns the task loss of a configuration for a task.
 * @throws {@link ConfigError} if the loss does not fit the task
 */
export function chooseTaskLoss(configured: TaskLoss | "auto", task: Task): TaskLoss {
  const fitting = FITTING[task.kind];
  const [first] = fitting;
  const chosen = configured === "auto" ? first : fitting.find((loss) => loss === configured);
  if (chosen !== undefined) return chosen;
  throw new ConfigError("config.conflict", `taskLoss "${configured}" does not fit a ${task.kind} task`, {
    hint: `Use ${["auto", ...fitting].join(" or ")}.`,
  });
}
