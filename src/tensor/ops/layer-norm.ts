import { ShapeError } from "../../core/errors.js";
import type { Tape } from "../tape.js";
import { formatShape, requireSameShape, type Tensor } from "../tensor.js";
import { rowsOf } from "./axis.js";

/**
 * Layer normalisation (Ba et al. 2016) over the last axis: (a - mean) / sqrt(variance + epsilon) * gain +
 * bias, with the biased variance.
 * @param a [..., D]
 * @param gain [D]
 * @param bias [D]
 * @throws ShapeError if gain or bias do not have the last axis' extent
 */
export function layerNorm(tape: Tape, a: Tensor, gain: Tensor, bias: Tensor, epsilon = 1e-5): Tensor {
  const { backend } = tape;
  const { rows, width } = rowsOf("layerNorm", a.shape);
  requireFit("layerNorm", a, gain, bias);
  const output = tape.output(a.shape, [a, gain, bias]);
  const call = {
    a: a.buffer,
    rows,
    width,
    gain: gain.buffer,
    bias: bias.buffer,
    epsilon,
    out: output.buffer,
    mean: backend.scratch(rows),
    inverseStd: backend.scratch(rows),
  };
  backend.layerNorm(call);
  tape.record(output, (dout) => {
    const da = a.requiresGradient ? tape.gradientOf(a) : undefined;
    backend.layerNormBackward(call, { dout, da, dgain: sink(tape, gain), dbias: sink(tape, bias) });
  });
  return output;
}

export interface AddLayerNorm {
  /** a + b [..., D] */
  readonly sum: Tensor;
  /** Layer normalisation of the sum [..., D] */
  readonly output: Tensor;
}

/**
 * Computes the residual sum a + b and its layer normalisation in one pass over the rows. A post-norm block
 * uses `output`, a pre-norm block uses both.
 *
 * @param a [..., D]
 * @param b [..., D]
 * @param gain [D]
 * @param bias [D]
 * @throws ShapeError if a and b differ, or gain or bias do not have the last axis' extent
 */
export function addLayerNorm(
  tape: Tape,
  a: Tensor,
  b: Tensor,
  gain: Tensor,
  bias: Tensor,
  epsilon = 1e-5,
): AddLayerNorm {
  const { backend } = tape;
  const { rows, width } = rowsOf("addLayerNorm", a.shape);
  requireSameShape("addLayerNorm: the operands of the sum", a.shape, b.shape);
  requireFit("addLayerNorm", a, gain, bias);
  const sum = tape.output(a.shape, [a, b]);
  const output = tape.output(a.shape, [a, b, gain, bias]);
  const call = {
    left: a.buffer,
    right: b.buffer,
    a: sum.buffer,
    rows,
    width,
    gain: gain.buffer,
    bias: bias.buffer,
    epsilon,
    out: output.buffer,
    mean: backend.scratch(rows),
    inverseStd: backend.scratch(rows),
  };
  backend.addLayerNorm(call);
  tape.recordJoint([sum, output], () => {
    const dsum = sum.requiresGradient ? tape.gradientOf(sum) : undefined;
    const dout = output.gradient;
    if (dout) {
      const [dgain, dbias] = [sink(tape, gain), sink(tape, bias)];
      backend.layerNormBackward(call, { dout, da: dsum, dgain, dbias });
    }
    if (!dsum) return;
    for (const operand of [a, b])
      if (operand.requiresGradient) tape.passGradient(operand, dsum, operand === b);
  });
  return { sum, output };
}

function requireFit(operation: string, a: Tensor, gain: Tensor, bias: Tensor): void {
  const width = a.shape.at(-1);
  for (const [name, tensor] of [
    ["gain", gain],
    ["bias", bias],
  ] as const) {
    if (tensor.shape.length === 1 && tensor.size === width) continue;
    throw new ShapeError(
      `${operation}: ${name} has shape ${formatShape(tensor.shape)}, expected [${width}] for ` +
        `input ${formatShape(a.shape)}`,
    );
  }
}

/** Returns the gradient buffer of `tensor`, or a temporary buffer if it needs no gradient. */
function sink(tape: Tape, tensor: Tensor): ReturnType<Tape["gradientOf"]> {
  if (tensor.requiresGradient) return tape.gradientOf(tensor);
  const buffer = tape.backend.scratch(tensor.size);
  tape.backend.fill(buffer, 0);
  return buffer;
}
