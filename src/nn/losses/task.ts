import { binaryCrossEntropyWithLogits, crossEntropy, huber, l1, mse } from "../../tensor/ops/losses.js";
import { mean } from "../../tensor/ops/reductions.js";
import { slice } from "../../tensor/ops/shape-ops.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";

export type TaskLoss = "mse" | "l1" | "huber" | "cross-entropy" | "binary-cross-entropy";

/**
 * Task loss L_task.
 *
 * - `mse`: Eq. 11, mean over samples and targets of (y - prediction)^2.
 * - `l1`, `huber` (delta 1): the same mean of other errors.
 * - `cross-entropy`: mean over samples of -log softmax(prediction)[label].
 * - `binary-cross-entropy`: mean over samples and labels of -(y log sigmoid(prediction) + (1 - y) log(1 -
 *   sigmoid(prediction))).
 *
 * @param prediction [B, outputs]
 * @param labels [B, outputs] (0 or 1 for binary cross-entropy), or [B] class indices
 * @param taught number of samples that count, from the start of the batch; default all
 * @returns a scalar
 * @throws DataError for a label that is not a class
 * @throws ShapeError for a wrong number of labels
 */
export function taskLoss(
  tape: Tape,
  kind: TaskLoss,
  prediction: Tensor,
  labels: ArrayLike<number>,
  taught?: number,
): Tensor {
  if (taught !== undefined && taught < prediction.extent(0)) {
    const taughtLabels = Array.from(labels).slice(0, (labels.length / prediction.extent(0)) * taught);
    return taskLoss(tape, kind, slice(tape, prediction, 0, 0, taught), taughtLabels);
  }
  if (kind === "cross-entropy") return mean(tape, crossEntropy(tape, prediction, labels));
  const target = tape.constant(labels, prediction.shape);
  if (kind === "binary-cross-entropy")
    return mean(tape, binaryCrossEntropyWithLogits(tape, prediction, target));
  if (kind === "mse") return mse(tape, prediction, target);
  return kind === "l1" ? l1(tape, prediction, target) : mean(tape, huber(tape, prediction, target));
}
