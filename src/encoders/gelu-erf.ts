import { exp, sqrt } from "../core/math.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * Taylor polynomials of the normal distribution function Phi around the points i / STEPS, so that Phi costs a
 * look-up and five products. The remainder is below 1e-13.
 */
const STEPS = 32;
const REACH = 6;
const TERMS = 7;
const table = makeTable();

/** Phi at a non-negative x by the series phi(x) (x + x^3/3 + x^5/15 + ...), every term positive. */
function distribution(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 200; n++) {
    term *= (x * x) / (2 * n + 1);
    sum += term;
  }
  return 0.5 + density(x) * sum;
}

function density(x: number): number {
  return exp(-0.5 * x * x) / sqrt(2 * Math.PI);
}

/** Coefficients of (x - x0)^k, k < TERMS, around each point; derivatives of phi by its recurrence. */
function makeTable(): Float64Array {
  const points = 2 * REACH * STEPS + 1;
  const out = new Float64Array(points * TERMS);
  for (let i = 0; i < points; i++) {
    const x = i / STEPS - REACH;
    out[i * TERMS] = x < 0 ? 1 - distribution(-x) : distribution(x);
    // phi^(k+1) = -x phi^(k) - k phi^(k-1)
    let [before, now, factorial] = [0, density(x), 1];
    for (let k = 1; k < TERMS; k++) {
      factorial *= k;
      out[i * TERMS + k] = now / factorial;
      [before, now] = [now, -x * now - (k - 1) * before];
    }
  }
  return out;
}

function geluInto(a: Float32Array | Float64Array, out: Float32Array | Float64Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const x = a[i] ?? 0;
    if (!(x > -REACH && x < REACH)) {
      out[i] = x > 0 ? x : x * 0;
      continue;
    }
    const point = Math.round((x + REACH) * STEPS);
    const d = x - (point / STEPS - REACH);
    let at = point * TERMS + TERMS - 1;
    let p = table[at] ?? 0;
    for (let k = 1; k < TERMS; k++) p = p * d + (table[--at] ?? 0);
    out[i] = x * p;
  }
}

function geluSlopeInto(
  a: Float32Array | Float64Array,
  dout: Float32Array | Float64Array,
  da: Float32Array | Float64Array,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    const x = a[i] ?? 0;
    if (!(x > -REACH && x < REACH)) {
      if (x > 0) da[i] = (da[i] ?? 0) + (dout[i] ?? 0);
      continue;
    }
    const point = Math.round((x + REACH) * STEPS);
    const d = x - (point / STEPS - REACH);
    let at = point * TERMS + TERMS - 1;
    let p = table[at] ?? 0;
    let slope = 0;
    for (let k = 1; k < TERMS; k++) {
      slope = slope * d + p;
      p = p * d + (table[--at] ?? 0);
    }
    da[i] = (da[i] ?? 0) + (dout[i] ?? 0) * (p + x * slope);
  }
}

/** x Phi(x), the exact form of GELU (Hendrycks & Gimpel 2016), by a table of Taylor polynomials. */
export function geluErf(tape: Tape, a: Tensor): Tensor {
  const output = tape.output(a.shape, [a]);
  geluInto(a.buffer.view, output.buffer.view, a.size);
  tape.record(output, (dout) => {
    const da = tape.gradientOf(a); // may move memory: the views are taken after it
    geluSlopeInto(a.buffer.view, dout.view, da.view, a.size);
  });
  return output;
}
