import { crossEntropy, huber, l1, mse } from "../../tensor/ops/losses.js";
import { mean } from "../../tensor/ops/reductions.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";

export type TaskLoss = "mse" | "l1" | "huber" | "cross-entropy";

/**
 * L_task. `mse` is Eq. 11, the mean over samples and targets of (y - prediction)^2; `l1` and `huber` (delta 1) are the same mean of other errors;
 * `cross-entropy` is the mean over samples of -log softmax(prediction)[label].
 * @param prediction [B, outputs]
 * @param labels [B, outputs], or [B] class indices
 * @returns a scalar
 * @throws DataError for a label that is not a class; ShapeError when there are too few or too many labels
 */
export function taskLoss(tape: Tape, kind: TaskLoss, prediction: Tensor, labels: ArrayLike<number>): Tensor {
  if (kind === "cross-entropy") return mean(tape, crossEntropy(tape, prediction, labels));
  const target = tape.constant(labels, prediction.shape);
  if (kind === "mse") return mse(tape, prediction, target);
  return kind === "l1" ? l1(tape, prediction, target) : mean(tape, huber(tape, prediction, target));
}
