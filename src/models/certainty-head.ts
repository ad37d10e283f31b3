import { defined } from "../core/defined.js";
import { exp, sigmoid } from "../core/math.js";
import { Linear } from "../nn/linear.js";
import type { ParameterSet } from "../nn/parameter-set.js";
import { clamp, relu } from "../tensor/ops/unary.js";
import { concat } from "../tensor/ops/shape-ops.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { TaskLoss } from "../nn/losses/task.js";

const HIDDEN = 16;
/** Bounds of the logarithm of an expected error. */
const [LEAST, MOST] = [-8, 8];

/**
 * Predicts the error of a sample's prediction from the uncertainties of its modalities. The inputs are the
 * logarithms of the uncertainties (0 for a missing modality) and the presence of each modality. There is one
 * hidden layer of 16 units. Parameters: `<name>/in/...`, `<name>/out/...`.
 */
export class CertaintyHead {
  private readonly inner: Linear;
  private readonly outer: Linear;

  constructor(parameters: ParameterSet, name: string, modalities: number) {
    this.inner = new Linear(parameters, `${name}/in`, 2 * modalities, HIDDEN);
    this.outer = new Linear(parameters, `${name}/out`, HIDDEN, 1);
  }

  /**
   * @param logUncertainties M of [B, 1]
   * @param present M flags [B]
   * @returns logarithm of the expected error, [B, 1]
   */
  forward(tape: Tape, logUncertainties: readonly Tensor[], present: readonly ArrayLike<number>[]): Tensor {
    const flags = present.map((flag) => tape.constant(Array.from(flag), [flag.length, 1]));
    // [B, 16]
    const hidden = relu(tape, this.inner.forward(tape, concat(tape, [...logUncertainties, ...flags], 1)));
    return clamp(tape, this.outer.forward(tape, hidden), LEAST, MOST); // [B, 1]
  }
}

/** Returns exp of the head's output. [B, 1] -> [B] */
export function expectedErrors(logErrors: Tensor): Float32Array {
  return Float32Array.from(logErrors.toArray(), exp);
}

/**
 * Computes the errors of predictions. Regression: mean of |prediction - label| over the targets.
 * Classification: 1 - the probability of the true class. Multi-label: mean of |probability - label|.
 * @param prediction [B, outputs]
 * @returns [B]
 */
export function madeErrors(kind: TaskLoss, prediction: Tensor, labels: ArrayLike<number>): Float64Array {
  const [batch, outputs] = [prediction.extent(0), prediction.extent(1)];
  const values = prediction.toArray();
  return Float64Array.from({ length: batch }, (_, b) => {
    const logits = values.slice(b * outputs, (b + 1) * outputs);
    const row = kind === "binary-cross-entropy" ? logits.map(sigmoid) : logits;
    if (kind !== "cross-entropy")
      return row.reduce(
        (sum, value, o) => sum + Math.abs(value - defined(labels[b * outputs + o])) / outputs,
        0,
      );
    const largest = Math.max(...row);
    const total = row.reduce((sum, logit) => sum + exp(logit - largest), 0);
    return 1 - exp(defined(row[defined(labels[b])]) - largest) / total;
  });
}
