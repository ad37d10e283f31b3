import { add, mul, scale, sub } from "../../tensor/ops/elementwise.js";
import { mean } from "../../tensor/ops/reductions.js";
import { exp, neg, square } from "../../tensor/ops/unary.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";

/** Gaussian predictions of samples, and their labels. */
export interface GaussianPredictions {
  /** Means, [R, outputs]; R at least 1. */
  readonly means: Tensor;
  /** Logarithm of the variance of each sample, [R, 1]. */
  readonly logVariances: Tensor;
  /** [R, outputs]. */
  readonly labels: ArrayLike<number>;
}

/**
 * Negative log-likelihood of labels under predicted Gaussians without its constant: mean over samples and
 * outputs of (exp(-s) (y - f)^2 + s) / 2 (Kendall & Gal, NeurIPS 2017, Eq. 8). The labels alone train the
 * variances. The best variance of a sample is its expected squared error.
 *
 * @returns a scalar
 * @throws ShapeError for a wrong number of labels
 */
export function heteroscedasticLoss(tape: Tape, given: GaussianPredictions): Tensor {
  const { means, logVariances, labels } = given;
  const errors = square(tape, sub(tape, means, tape.constant(labels, means.shape))); // [R, outputs]
  const weighed = mul(tape, errors, exp(tape, neg(tape, logVariances))); // [R, outputs]
  return scale(tape, mean(tape, add(tape, weighed, logVariances)), 0.5);
}
