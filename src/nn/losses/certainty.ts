import { defined } from "../../core/defined.js";
import { ShapeError } from "../../core/errors.js";
import { exp } from "../../core/math.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";

/**
 * How much a sample counts by its own scale: 0 is the plain likelihood, 1 a plain regression of the scale.
 */
const BETA = 0.5;

/**
 * L_certainty: how badly the expected errors b = exp(c) fit the errors e that were made, as the negative
 * log-likelihood of a Laplace distribution's scale, e / b + log b, least at b = e. Each sample is weighted by
 * b^beta, taken as a constant, so that large errors are not neglected (beta-NLL, Seitzer et al., ICLR 2022,
 * there for Gaussians). The errors are constants: the loss does not make predictions worse to be right about
 * them.
 *
 * mean over i of b_i^0.5 (e_i / b_i + c_i)
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
