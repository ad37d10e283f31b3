import { taskLoss } from "../../nn/losses/task.js";
import { add } from "../../tensor/ops/elementwise.js";
import { gatherRows } from "../../tensor/ops/shape-ops.js";
import type { Tensor } from "../../tensor/tensor.js";
import { labelsOfRows, taughtRows } from "../baselines/shared/rows.js";
import { batchLoss, lossWeight } from "./loss.js";

/** Task loss of the prediction of each modality alone. */
export const alone = batchLoss({
  part: "alone",
  meaning: "sum over modalities of L_task of the modality's own prediction",
  schema: (zod) =>
    lossWeight(zod)
      .nullable()
      .default(null)
      .meta({
        description:
          "weight of the task loss on the prediction of each modality alone " +
          "(needs --fusion precision, mean or sum)",
        alias: "alone",
      }),
  weight: (weight) => weight,
  term: (tape, { alone: own, kind, labels, taught }) => {
    const terms = (own ?? []).flatMap(({ prediction, present }) => {
      const rows = taughtRows(present, taught);
      if (rows.length === 0) return [];
      const theirs = labelsOfRows(labels, rows, present.length);
      return [taskLoss(tape, kind, gatherRows(tape, prediction, rows), theirs)];
    });
    return terms.reduce<Tensor | undefined>((sum, one) => (sum ? add(tape, sum, one) : one), undefined);
  },
});
