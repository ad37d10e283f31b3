import { ShapeError } from "../../core/errors.js";
import type { Tape } from "../tape.js";
import { formatShape, type Tensor } from "../tensor.js";
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
  for (const [name, tensor] of [
    ["gain", gain],
    ["bias", bias],
  ] as const) {
    if (tensor.shape.length === 1 && tensor.size === width) continue;
    throw new ShapeError(
      `layerNorm: ${name} has shape ${formatShape(tensor.shape)}, expected [${width}] for input ${formatShape(a.shape)}`,
    );
  }
  const output = tape.output(a.shape, [a, gain, bias]);
  const mean = backend.scratch(rows);
  const inverseStd = backend.scratch(rows);
  backend.layerNorm(
    a.buffer,
    rows,
    width,
    gain.buffer,
    bias.buffer,
    epsilon,
    output.buffer,
    mean,
    inverseStd,
  );
  tape.record(output, (dout) => {
    const da = a.requiresGradient ? tape.gradientOf(a) : undefined;
    backend.layerNormBackward(
      a.buffer,
      rows,
      width,
      gain.buffer,
      mean,
      inverseStd,
      dout,
      da,
      sink(tape, gain),
      sink(tape, bias),
    );
  });
  return output;
}

/** Where the gradient of `tensor` goes; a throw-away buffer if it needs none. */
function sink(tape: Tape, tensor: Tensor): ReturnType<Tape["gradientOf"]> {
  if (tensor.requiresGradient) return tape.gradientOf(tensor);
  const buffer = tape.backend.scratch(tensor.size);
  tape.backend.fill(buffer, 0);
  return buffer;
}
