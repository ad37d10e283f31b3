import { taskLoss } from "../../nn/losses/task.js";
import { batchLoss, lossWeight } from "./loss.js";

/** Task loss of the linear shortcut (steady path). */
export const steady = batchLoss({
  part: "steady",
  meaning: "L_task of the linear shortcut, on samples that are not corrupted copies",
  schema: (zod) =>
    lossWeight(zod)
      .nullable()
      .default(null)
      .meta({
        description:
          "weight of the task loss of a linear shortcut, which makes the prediction if the inputs look " +
          "like the training data",
        alias: "steady",
      }),
  weight: (weight) => weight,
  // This path predicts for inputs that look like the training data. Corrupted copies do not.
  term: (tape, { kind, steady, labels, originals }) =>
    steady && taskLoss(tape, kind, steady, labels, originals),
});
