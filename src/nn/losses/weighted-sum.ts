import { defined } from "../../core/defined.js";
import { ShapeError } from "../../core/errors.js";
import type { Tape } from "../../tensor/tape.js";
import { formatShape, requireSameShape, type Tensor } from "../../tensor/tensor.js";

/*
 * Sums for the auxiliary losses, over arrays of [B, S]: a few hundred values in a usual step.
 *
 * Each sum is one entry on the tape, computed in float64. Elementwise operations would spend more time on
 * bookkeeping than on arithmetic.
 */

function scalar(tape: Tape, inputs: readonly Tensor[], value: number): Tensor {
  const out = tape.output([], inputs); // []
  out.buffer.view[0] = value;
  return out;
}

/** Computes sum_i weights_i a_i as a scalar. Weights are constants: one number for all, or one each. */
export function weightedSum(tape: Tape, a: Tensor, weights: number | ArrayLike<number>): Tensor {
  const weightAt = typeof weights === "number" ? () => weights : (i: number) => defined(weights[i]);
  if (typeof weights !== "number" && weights.length !== a.size) {
    throw new ShapeError(
      `weightedSum: ${weights.length} weights for an array of shape ${formatShape(a.shape)}`,
    );
  }
  let sum = 0;
  const values = a.buffer.view;
  for (let i = 0; i < a.size; i++) sum += weightAt(i) * defined(values[i]);
  const out = scalar(tape, [a], sum);
  tape.record(out, (dout) => {
    const into = tape.gradientOf(a).view;
    const scale = defined(dout.view[0]);
    for (let i = 0; i < a.size; i++) into[i] = defined(into[i]) + scale * weightAt(i);
  });
  return out;
}

/** Computes scale * sum_i a_i b_i as a scalar. With `stopSecond`, b is a constant. */
export function scaledInnerProduct(
  tape: Tape,
  a: Tensor,
  b: Tensor,
  scale: number,
  stopSecond = false,
): Tensor {
  requireSameShape("scaledInnerProduct: both factors", a.shape, b.shape);
  let sum = 0;
  const [left, right] = [a.buffer.view, b.buffer.view];
  for (let i = 0; i < a.size; i++) sum += defined(left[i]) * defined(right[i]);
  const out = scalar(tape, stopSecond ? [a] : [a, b], scale * sum);
  tape.record(out, (dout) => {
    if (a.requiresGradient) addScaled(tape, b, scale, defined(dout.view[0]), a);
    if (b.requiresGradient && !stopSecond) addScaled(tape, a, scale, defined(dout.view[0]), b);
  });
  return out;
}

/** Computes d(into) += from * scale * dout. */
function addScaled(tape: Tape, from: Tensor, scale: number, dout: number, into: Tensor): void {
  const gradient = tape.gradientOf(into).view;
  const values = from.buffer.view;
  for (let i = 0; i < into.size; i++) gradient[i] = defined(gradient[i]) + scale * dout * defined(values[i]);
}

/**
 * Computes sum_i weight_i term_i of scalars, as in Eq. 12. Skips terms of weight 0, so that no gradient flows
 * into them.
 */
export function weightedTotal(tape: Tape, terms: readonly (readonly [Tensor, number])[]): Tensor {
  const counted = terms.filter(([, weight]) => weight !== 0);
  let sum = 0;
  for (const [term, weight] of counted) sum += weight * term.item();
  const out = scalar(
    tape,
    counted.map(([term]) => term),
    sum,
  );
  tape.record(out, (dout) => {
    const scale = defined(dout.view[0]);
    for (const [term, weight] of counted) {
      if (!term.requiresGradient) continue;
      const into = tape.gradientOf(term).view;
      into[0] = defined(into[0]) + scale * weight;
    }
  });
  return out;
}
