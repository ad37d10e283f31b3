import type { Backend } from "../../tensor/backend.js";
import type { Gradient, Parameter } from "../../tensor/tensor.js";

/**
 * Square of the Euclidean norm of one parameter's gradient. A factored gradient is never written down: see
 * `groupedSquaredNorm`.
 */
export function squaredGradientNorm(backend: Backend, gradient: Gradient): number {
  if (gradient.kind === "dense") return backend.squaredNorm(gradient.buffer, gradient.buffer.size);
  if (gradient.kind === "rows") return backend.squaredNorm(gradient.values, gradient.values.size);
  return backend.groupedSquaredNorm(
    gradient.x,
    gradient.dout,
    gradient.dispatch,
    gradient.inputs,
    gradient.outputs,
  );
}

/**
 * Euclidean norm of all gradients together, as torch.nn.utils.clip_grad_norm_ takes it; NaN or infinite if
 * one of them is.
 */
export function globalGradientNorm(backend: Backend, parameters: readonly Parameter[]): number {
  let sum = 0;
  for (const { gradient } of parameters) if (gradient) sum += squaredGradientNorm(backend, gradient);
  return Math.sqrt(sum);
}

/**
 * Factor that brings a gradient of this norm to at most `clipNorm`: min(1, clipNorm / (norm + 1e-6)),
 * PyTorch's.
 */
export function clippingFactor(norm: number, clipNorm: number): number {
  return Math.min(1, clipNorm / (norm + 1e-6));
}

/**
 * The first parameter whose gradient holds a NaN or an infinity, or undefined. Of a factored gradient it
 * reads the factors only, which costs far less than the norm and finds the same NaN.
 */
export function firstBrokenGradient(
  backend: Backend,
  parameters: readonly Parameter[],
): Parameter | undefined {
  return parameters.find(({ gradient }) => gradient !== undefined && !isSound(backend, gradient));
}

function isSound(backend: Backend, gradient: Gradient): boolean {
  if (gradient.kind === "dense")
    return Number.isFinite(backend.squaredNorm(gradient.buffer, gradient.buffer.size));
  if (gradient.kind === "rows")
    return Number.isFinite(backend.squaredNorm(gradient.values, gradient.values.size));
  const { dispatch, dout, outputs } = gradient;
  return Number.isFinite(backend.squaredNorm(dout, dispatch.pairs * outputs));
}
