import { exp, log, sqrt } from "../../../core/math.js";
import type { FloatArray } from "../../buffers.js";
import { add, at } from "../../backends/reference/access.js";
import type { ReductionsKernels } from "./contract.js";

/**
 * Returns the index of the first maximum along the axis. NaN counts as the maximum, so that it stays visible.
 */
function argMax(x: FloatArray, start: number, stride: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) {
    const value = at(x, start + i * stride);
    const champion = at(x, start + best * stride);
    if (value > champion || (Number.isNaN(value) && !Number.isNaN(champion))) best = i;
  }
  return best;
}

function sumOf(x: FloatArray, start: number, stride: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += at(x, start + i * stride);
  return sum;
}

export const reference: ReductionsKernels = {
  reduce(op, a, { outer, axis, inner }, out) {
    const x = a.view;
    const y = out.view;
    for (let o = 0; o < outer; o++) {
      for (let j = 0; j < inner; j++) {
        const start = o * axis * inner + j;
        if (op === "max") y[o * inner + j] = at(x, start + argMax(x, start, inner, axis) * inner);
        else y[o * inner + j] = sumOf(x, start, inner, axis) / (op === "mean" ? axis : 1);
      }
    }
  },

  reduceBackward(op, a, { outer, axis, inner }, dout, da) {
    const x = a.view;
    const dy = dout.view;
    const dx = da.view;
    for (let o = 0; o < outer; o++) {
      for (let j = 0; j < inner; j++) {
        const start = o * axis * inner + j;
        const d = at(dy, o * inner + j);
        if (op === "max") add(dx, start + argMax(x, start, inner, axis) * inner, d);
        else for (let i = 0; i < axis; i++) add(dx, start + i * inner, op === "mean" ? d / axis : d);
      }
    }
  },

  softmax(a, rows, width, out) {
    const x = a.view;
    const y = out.view;
    const powers = new Float64Array(width);
    for (let r = 0; r < rows; r++) {
      const start = r * width;
      const largest = at(x, start + argMax(x, start, 1, width));
      for (let j = 0; j < width; j++) powers[j] = exp(at(x, start + j) - largest);
      const sum = sumOf(powers, 0, 1, width);
      for (let j = 0; j < width; j++) y[start + j] = at(powers, j) / sum;
    }
  },

  softmaxBackward(out, rows, width, dout, da) {
    const y = out.view;
    const dy = dout.view;
    const dx = da.view;
    for (let r = 0; r < rows; r++) {
      const start = r * width;
      let dot = 0;
      for (let j = 0; j < width; j++) dot += at(y, start + j) * at(dy, start + j);
      for (let j = 0; j < width; j++) add(dx, start + j, at(y, start + j) * (at(dy, start + j) - dot));
    }
  },

  logSumExp(a, rows, width, out) {
    const x = a.view;
    const y = out.view;
    for (let r = 0; r < rows; r++) {
      const start = r * width;
      const largest = at(x, start + argMax(x, start, 1, width));
      let sum = 0;
      for (let j = 0; j < width; j++) sum += exp(at(x, start + j) - largest);
      // an infinite maximum is the result
      y[r] = Number.isFinite(largest) ? largest + log(sum) : largest;
    }
  },

  layerNorm({ a, rows, width, gain, bias, epsilon, out, mean, inverseStd }) {
    const x = a.view;
    const y = out.view;
    for (let r = 0; r < rows; r++) {
      const start = r * width;
      const m = sumOf(x, start, 1, width) / width;
      let squares = 0;
      for (let j = 0; j < width; j++) squares += (at(x, start + j) - m) ** 2;
      const s = 1 / sqrt(squares / width + epsilon);
      for (let j = 0; j < width; j++)
        y[start + j] = (at(x, start + j) - m) * s * at(gain.view, j) + at(bias.view, j);
      mean.view[r] = m;
      inverseStd.view[r] = s;
    }
  },

  layerNormBackward({ a, rows, width, gain, mean, inverseStd }, { dout, da, dgain, dbias }) {
    const x = a.view;
    const dy = dout.view;
    const dx = da?.view;
    for (let r = 0; r < rows; r++) {
      const start = r * width;
      const m = at(mean.view, r);
      const s = at(inverseStd.view, r);
      let sum = 0; // sum of the gradients of the normalised values
      let dot = 0; // sum of their products with the normalised values
      for (let j = 0; j < width; j++) {
        const normalised = (at(x, start + j) - m) * s;
        const d = at(dy, start + j) * at(gain.view, j);
        sum += d;
        dot += d * normalised;
        add(dgain.view, j, at(dy, start + j) * normalised);
        add(dbias.view, j, at(dy, start + j));
      }
      if (!dx) continue;
      for (let j = 0; j < width; j++) {
        const normalised = (at(x, start + j) - m) * s;
        const d = at(dy, start + j) * at(gain.view, j);
        add(dx, start + j, s * (d - sum / width - (normalised * dot) / width));
      }
    }
  },

  addLayerNorm(call) {
    const { left, right, a, rows, width } = call;
    for (let i = 0; i < rows * width; i++) a.view[i] = at(left.view, i) + at(right.view, i);
    reference.layerNorm(call);
  },

  columnSums(a, rows, width, out) {
    const x = a.view;
    for (let j = 0; j < width; j++) add(out.view, j, sumOf(x, j, width, rows));
  },

  squaredNorm(a, count) {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += at(a.view, i) ** 2;
    return sum;
  },
};
