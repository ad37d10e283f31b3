import { taskLoss } from "../../nn/losses/task.js";
import { batchLoss, lossWeight } from "./loss.js";

/** Task loss (Eq. 11). It cannot be switched off. */
export const task = batchLoss({
  part: "task",
  meaning: "L_task, Eq. 11: error of the prediction",
  schema: (zod) =>
    zod.strictObject({ weight: lossWeight(zod).default(1).describe("weight of the task loss") }).prefault({}),
  weight: ({ weight }) => weight,
  term: (tape, { kind, scored, labels, taught }) => taskLoss(tape, kind, scored, labels, taught),
});
