import { defined } from "../../core/defined.js";
import { ShapeError } from "../../core/errors.js";
import { exp } from "../../core/math.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";

/** Exponent of a sample's weight: 0 gives the plain likelihood, 1 a plain regression of the scale. */
const BETA = 0.5;

/**
 * Loss of the expected errors: mean over i of b_i^0.5 (e_i / b_i + c_i).
 *
 * The expected error is b = exp(c), the actual error is e. The loss is the negative log-likelihood of the
 * scale of a Laplace distribution, e / b + log b, which is least at b = e. Each sample has the constant
 * weight b^beta, so that large errors are not neglected (beta-NLL, Seitzer et al., ICLR 2022, for Gaussians).
 * The errors are constants, so that the loss cannot trade worse predictions for better expected errors.
 *
 * @param c [B, 1]
 * @param errors [B], at least 0
 * @returns a scalar
 */
export function certaintyLoss(tape: Tape, c: Tensor, errors: ArrayLike<number>): Tensor {
  const batch = c.size;
  if (errors.length !== batch)
    throw new ShapeError(`certaintyLoss: ${batch} expected errors for ${errors.length} errors`);
  const values = c.buffer.view;
  const slopes = new Float64Array(batch);
  let sum = 0;
  for (let b = 0; b < batch; b++) {
    const [value, error] = [defined(values[b]), defined(errors[b])];
    const weight = exp(BETA * value);
    const ratio = error * exp(-value);
    sum += weight * (ratio + value);
    slopes[b] = (weight * (1 - ratio)) / batch;
  }
  const out = tape.output([], [c]); // []
  out.buffer.view[0] = sum / batch;
  tape.record(out, (dout) => {
    const into = tape.gradientOf(c).view;
    const scale = defined(dout.view[0]);
    for (let b = 0; b < batch; b++) into[b] = defined(into[b]) + scale * defined(slopes[b]);
  });
  return out;
}
