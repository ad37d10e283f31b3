import { EuarError } from "../../../core/errors.js";
import { exp, log, normalCdf, normalPdf, sigmoid, softplus, sqrt, tanh } from "../../../core/math.js";
import { normalAt, type RandomKey, uniformAt } from "../../../core/random.js";
import { add, at } from "../../backends/reference/access.js";
import type { Activation } from "../sequences/contract.js";
import type { BinaryOp, ElementwiseKernels, UnaryOp } from "./contract.js";

const GELU_SCALE = 0.7978845608028654; // sqrt(2 / pi)
const GELU_CUBIC = 0.044715;

/**
 * GELU in its tanh form: x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), PyTorch's approximate="tanh"
 * (Hendrycks & Gimpel 2016).
 */
function gelu(x: number): number {
  return 0.5 * x * (1 + tanh(GELU_SCALE * (x + GELU_CUBIC * x * x * x)));
}

function geluDerivative(x: number): number {
  const t = tanh(GELU_SCALE * (x + GELU_CUBIC * x * x * x));
  return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * GELU_SCALE * (1 + 3 * GELU_CUBIC * x * x);
}

const unaryFunctions: Readonly<Record<UnaryOp, (x: number) => number>> = {
  neg: (x) => -x,
  exp,
  log,
  sqrt,
  square: (x) => x * x,
  abs: Math.abs,
  reciprocal: (x) => 1 / x,
  relu: (x) => (x <= 0 ? 0 : x), // NaN stays NaN
  gelu,
  geluErf: (x) => x * normalCdf(x),
  sigmoid,
  tanh,
  softplus,
};

/** Derivative at x, given y = op(x). At a kink it is 0 (relu, abs), as in PyTorch. */
const unaryDerivatives: Readonly<Record<UnaryOp, (x: number, y: number) => number>> = {
  neg: () => -1,
  exp: (_, y) => y,
  log: (x) => 1 / x,
  sqrt: (_, y) => 0.5 / y,
  square: (x) => 2 * x,
  abs: (x) => Math.sign(x),
  reciprocal: (_, y) => -y * y,
  relu: (x) => (x > 0 ? 1 : 0),
  gelu: geluDerivative,
  geluErf: (x) => normalCdf(x) + x * normalPdf(x),
  sigmoid: (_, y) => y * (1 - y),
  tanh: (_, y) => 1 - y * y,
  softplus: (x) => sigmoid(x),
};

/** Returns the derivative of an activation that needs no forward value. */
export function activationDerivative(op: Activation): (x: number) => number {
  return (x) => unaryDerivatives[op](x, NaN);
}

const binaryFunctions: Readonly<Record<BinaryOp, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  max: (a, b) => Math.max(a, b),
};

export const reference: ElementwiseKernels = {
  fill(out, value) {
    out.view.fill(value);
  },

  copy(a, aOffset, out, outOffset, count, accumulate = false) {
    const from = a.view;
    const to = out.view;
    requireRange("copy", aOffset, count, from.length);
    requireRange("copy", outOffset, count, to.length);
    for (let i = 0; i < count; i++) {
      const value = at(from, aOffset + i);
      to[outOffset + i] = accumulate ? at(to, outOffset + i) + value : value;
    }
  },

  unary(op, a, out) {
    const f = unaryFunctions[op];
    const x = a.view;
    const y = out.view;
    for (let i = 0; i < x.length; i++) y[i] = f(at(x, i));
  },

  unaryBackward(op, a, out, dout, da) {
    const derivative = unaryDerivatives[op];
    const x = a.view;
    const y = out.view;
    const dy = dout.view;
    const dx = da.view;
    for (let i = 0; i < x.length; i++) add(dx, i, at(dy, i) * derivative(at(x, i), at(y, i)));
  },

  binary(op, a, b, out) {
    const f = binaryFunctions[op];
    const x = a.view;
    const y = b.view;
    const z = out.view;
    for (let i = 0; i < x.length; i++) z[i] = f(at(x, i), at(y, i));
  },

  affine(a, scale, shift, out) {
    const x = a.view;
    const y = out.view;
    for (let i = 0; i < x.length; i++) y[i] = at(x, i) * scale + shift;
  },

  addScaled(a, scale, out) {
    const x = a.view;
    const y = out.view;
    for (let i = 0; i < x.length; i++) add(y, i, at(x, i) * scale);
  },

  clamp(a, low, high, out) {
    const x = a.view;
    const y = out.view;
    for (let i = 0; i < x.length; i++) y[i] = Math.min(Math.max(at(x, i), low), high);
  },

  clampBackward(a, low, high, dout, da) {
    const x = a.view;
    const dy = dout.view;
    const dx = da.view;
    for (let i = 0; i < x.length; i++) {
      if (low <= at(x, i) && at(x, i) <= high) add(dx, i, at(dy, i));
    }
  },

  dropout(a, rows, width, keys, rate, out) {
    const x = a.view;
    const y = out.view;
    const words = keys.view;
    for (let r = 0; r < rows; r++) {
      const key: RandomKey = { k0: at(words, 2 * r), k1: at(words, 2 * r + 1) };
      for (let i = 0; i < width; i++)
        y[r * width + i] = uniformAt(key, i) >= rate ? at(x, r * width + i) / (1 - rate) : 0;
    }
  },

  normals(keys, rows, width, out) {
    const words = keys.view;
    for (let r = 0; r < rows; r++) {
      const key: RandomKey = { k0: at(words, 2 * r), k1: at(words, 2 * r + 1) };
      for (let j = 0; j < width; j++) out.view[r * width + j] = normalAt(key, j);
    }
  },
};

function requireRange(what: string, offset: number, count: number, size: number): void {
  if (offset >= 0 && count >= 0 && offset + count <= size) return;
  throw new EuarError(
    "internal",
    `${what}: elements ${offset} to ${offset + count} lie outside a buffer of ${size}`,
  );
}
