import { ConfigError } from "../../core/errors.js";
import type { UnaryOp } from "../backend.js";
import type { Tape } from "../tape.js";
import type { Tensor } from "../tensor.js";

function apply(tape: Tape, op: UnaryOp, a: Tensor): Tensor {
  const output = tape.output(a.shape, [a]);
  tape.backend.unary(op, a.buffer, output.buffer);
  tape.record(output, (dout) => {
    tape.backend.unaryBackward(op, a.buffer, output.buffer, dout, tape.gradientOf(a));
  });
  return output;
}

/** -a. */
export function neg(tape: Tape, a: Tensor): Tensor {
  return apply(tape, "neg", a);
}

/** e^a. */
export function exp(tape: Tape, a: Tensor): Tensor {
  return apply(tape, "exp", a);
}

/** Natural logarithm; NaN below 0, -Infinity at 0. */
export function log(tape: Tape, a: Tensor): Tensor {
  return apply(tape, "log", a);
}

/** Square root; NaN below 0. Its gradient at 0 is infinite. */
export function sqrt(tape: Tape, a: Tensor): Tensor {
  return apply(tape, "sqrt", a);
}

/** a^2. */
export function square(tape: Tape, a: Tensor): Tensor {
  return apply(tape, "square", a);
}

/** |a|; gradient 0 at 0. */
export function abs(tape: Tape, a: Tensor): Tensor {
  return apply(tape, "abs", a);
}

/** 1 / a. */
export function reciprocal(tape: Tape, a: Tensor): Tensor {
  return apply(tape, "reciprocal", a);
}

/** max(a, 0); gradient 0 at 0. */
export function relu(tape: Tape, a: Tensor): Tensor {
  return apply(tape, "relu", a);
}

/**
 * a/2 (1 + tanh(sqrt(2/pi) (a + 0.044715 a^3))): the tanh form of GELU (Hendrycks & Gimpel 2016, PyTorch's
 * `approximate="tanh"`).
 */
export function gelu(tape: Tape, a: Tensor): Tensor {
  return apply(tape, "gelu", a);
}

/** a times the standard normal distribution function: the exact form of GELU (PyTorch's default). */
export function geluErf(tape: Tape, a: Tensor): Tensor {
  return apply(tape, "geluErf", a);
}

/** 1 / (1 + e^-a), in (0, 1). */
export function sigmoid(tape: Tape, a: Tensor): Tensor {
  return apply(tape, "sigmoid", a);
}

/** Hyperbolic tangent, in [-1, 1]. */
export function tanh(tape: Tape, a: Tensor): Tensor {
  return apply(tape, "tanh", a);
}

/** log(1 + e^a), positive. */
export function softplus(tape: Tape, a: Tensor): Tensor {
  return apply(tape, "softplus", a);
}

/**
 * Limits a to [low, high]. The gradient passes if low <= a <= high, including the bounds.
 *
 * @throws ConfigError if low > high
 */
export function clamp(tape: Tape, a: Tensor, low: number, high: number): Tensor {
  if (!(low <= high)) {
    throw new ConfigError(
      "config.invalid",
      `clamp: the lower bound ${low} is above the upper bound ${high}`,
      { hint: "Swap the bounds." },
    );
  }
  const output = tape.output(a.shape, [a]);
  tape.backend.clamp(a.buffer, low, high, output.buffer);
  tape.record(output, (dout) => {
    tape.backend.clampBackward(a.buffer, low, high, dout, tape.gradientOf(a));
  });
  return output;
}

/** Returns the same values as a constant, without gradient. */
export function stopGradient(tape: Tape, a: Tensor): Tensor {
  return tape.detached(a);
}
