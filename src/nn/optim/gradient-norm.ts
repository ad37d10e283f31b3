import type { Backend } from "../../tensor/backend.js";
import type { Gradient, Parameter } from "../../tensor/tensor.js";

/**
 * Computes the squared Euclidean norm of one parameter's gradient. A factored gradient is never expanded: see
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
 * Computes the Euclidean norm of all gradients together, as torch.nn.utils.clip_grad_norm_. It is NaN or
 * infinite if a gradient is.
 */
export function globalGradientNorm(backend: Backend, parameters: readonly Parameter[]): number {
  let sum = 0;
  for (const { gradient } of parameters) if (gradient) sum += squaredGradientNorm(backend, gradient);
  return Math.sqrt(sum);
}

/** Computes PyTorch's clipping factor, min(1, clipNorm / (norm + 1e-6)). It limits the norm to `clipNorm`. */
export function clippingFactor(norm: number, clipNorm: number): number {
  return Math.min(1, clipNorm / (norm + 1e-6));
}

/**
 * Returns the first parameter whose gradient contains NaN or infinity, or undefined. Reads only the factors
 * of a factored gradient, which is much cheaper than the norm and finds the same values.
 */
export function firstBrokenGradient(
  backend: Backend,
  parameters: readonly Parameter[],
): Parameter | undefined {
  return parameters.find(({ gradient }) => gradient !== undefined && !hasFiniteGradient(backend, gradient));
}

function hasFiniteGradient(backend: Backend, gradient: Gradient): boolean {
  if (gradient.kind === "dense")
    return Number.isFinite(backend.squaredNorm(gradient.buffer, gradient.buffer.size));
  if (gradient.kind === "rows")
    return Number.isFinite(backend.squaredNorm(gradient.values, gradient.values.size));
  const { dispatch, dout, outputs } = gradient;
  return Number.isFinite(backend.squaredNorm(dout, dispatch.pairs * outputs));
}
