import { ConfigError, DataError, ShapeError } from "../../core/errors.js";
import type { Tape } from "../tape.js";
import { formatShape, requireSameShape, type Tensor } from "../tensor.js";
import { add, mul, scale, sub } from "./elementwise.js";
import { mean } from "./reductions.js";
import { gatherRows, reshape } from "./shape-ops.js";
import { logSoftmax } from "./softmax.js";
import { abs, clamp, exp, neg, softplus, square } from "./unary.js";

// Losses per element, without reduction. `mse` and `l1` below are the two common means.

/**
 * Computes (prediction - target)^2 per element, in [0, inf).
 *
 * @throws ShapeError if the shapes differ (for all losses here)
 */
export function squaredError(tape: Tape, prediction: Tensor, target: Tensor): Tensor {
  requireSameShape("squaredError: prediction and target", prediction.shape, target.shape);
  return square(tape, sub(tape, prediction, target));
}

/** Computes |prediction - target| per element, in [0, inf). */
export function absoluteError(tape: Tape, prediction: Tensor, target: Tensor): Tensor {
  requireSameShape("absoluteError: prediction and target", prediction.shape, target.shape);
  return abs(tape, sub(tape, prediction, target));
}

/**
 * Huber's loss (1964): e^2 / 2 for |e| <= delta, delta (|e| - delta / 2) beyond, e = prediction - target.
 * @param delta > 0
 */
export function huber(tape: Tape, prediction: Tensor, target: Tensor, delta = 1): Tensor {
  if (!(delta > 0)) throw new ConfigError("config.invalid", `huber: delta must be positive, got ${delta}`);
  const error = absoluteError(tape, prediction, target);
  const limited = clamp(tape, error, 0, delta); // c (|e| - c / 2) with c = min(|e|, delta)
  return mul(tape, limited, sub(tape, error, scale(tape, limited, 0.5)));
}

/**
 * -log softmax(logits)[label].
 * @param logits [B, C]
 * @param labels [B] class indices in [0, C)
 * @returns [B], in [0, inf)
 * @throws DataError for a label that is not a class; ShapeError if the counts differ
 */
export function crossEntropy(tape: Tape, logits: Tensor, labels: ArrayLike<number>): Tensor {
  const [batch, classes] = logits.shape;
  if (batch === undefined || classes === undefined || logits.shape.length !== 2 || labels.length !== batch) {
    throw new ShapeError(
      `crossEntropy: logits must be [B, C] with one label per row, got ` +
        `${formatShape(logits.shape)} and ${labels.length} labels`,
    );
  }
  const entries = Array.from(labels, (label, row) => {
    if (Number.isInteger(label) && label >= 0 && label < classes) return row * classes + label;
    throw new DataError(
      "data.invalid-value",
      `crossEntropy: label ${label} of row ${row} is not a class index below ${classes}`,
    );
  });
  const flat = reshape(tape, logSoftmax(tape, logits), [batch * classes, 1]); // [B * C, 1]
  return neg(tape, reshape(tape, gatherRows(tape, flat, entries), [batch])); // [B]
}

/**
 * -(y log sigmoid(x) + (1 - y) log(1 - sigmoid(x))) = softplus(x) - x y, without overflow.
 * @param target in [0, 1], the shape of `logits`
 */
export function binaryCrossEntropyWithLogits(tape: Tape, logits: Tensor, target: Tensor): Tensor {
  requireSameShape("binaryCrossEntropyWithLogits: logits and target", logits.shape, target.shape);
  return sub(tape, softplus(tape, logits), mul(tape, logits, target));
}

/**
 * Negative log-likelihood of a Gaussian without its constant: (log sigma^2 + (target - mu)^2 / sigma^2) / 2.
 * @param mu prediction
 * @param logVar log sigma^2, the shape of `mu`
 */
export function gaussianNll(tape: Tape, mu: Tensor, logVar: Tensor, target: Tensor): Tensor {
  requireSameShape("gaussianNll: mu and logVar", mu.shape, logVar.shape);
  const weighted = mul(tape, squaredError(tape, mu, target), exp(tape, neg(tape, logVar)));
  return scale(tape, add(tape, logVar, weighted), 0.5);
}

/** Mean squared error, a scalar (Eq. 11). */
export function mse(tape: Tape, prediction: Tensor, target: Tensor): Tensor {
  return mean(tape, squaredError(tape, prediction, target));
}

/** Mean absolute error, a scalar. */
export function l1(tape: Tape, prediction: Tensor, target: Tensor): Tensor {
  return mean(tape, absoluteError(tape, prediction, target));
}
