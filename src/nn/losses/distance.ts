import { ShapeError } from "../../core/errors.js";
import { log } from "../../core/math.js";
import { mul, scale, sub } from "../../tensor/ops/elementwise.js";
import { sum } from "../../tensor/ops/reductions.js";
import { square } from "../../tensor/ops/unary.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";

/** Variance of a clean input, in squared units of the features. */
export const LEAST_VARIANCE = 0.05;

/**
 * Distance loss L_dist of one modality: trains the variance of a corrupted copy to equal the squared distance
 * of its features from those of the original. Computes the mean over the present samples of
 * (u - log(LEAST_VARIANCE + d^2))^2, with the log-uncertainty u and the distance d (0 for originals). It
 * needs no labelled severity.
 *
 * @param u [B, 1]
 * @param distance d, [B], in units of the features' root mean square
 * @param present [B]
 * @returns a scalar, at least 0; 0 if no sample has the modality
 * @throws ShapeError if the numbers of samples differ
 */
export function distanceLoss(
  tape: Tape,
  u: Tensor,
  distance: ArrayLike<number>,
  present: ArrayLike<number>,
): Tensor {
  const batch = u.size;
  if (distance.length !== batch || present.length !== batch)
    throw new ShapeError(
      `distanceLoss: expected ${batch} values each, ` +
        `got ${distance.length} distances and ${present.length} presence flags`,
    );
  const targets = Float64Array.from(distance, (one) => log(LEAST_VARIANCE + one * one));
  const flags = Float32Array.from(present, (flag) => (flag === 0 ? 0 : 1));
  const count = flags.reduce((total, flag) => total + flag, 0);
  const errors = square(tape, sub(tape, u, tape.constant(targets, [batch, 1]))); // [B, 1]
  const counted = mul(tape, errors, tape.constant(flags, [batch, 1]));
  return scale(tape, sum(tape, counted), 1 / Math.max(1, count)); // []
}
