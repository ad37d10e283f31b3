import { sampleAt } from "../../signal/sample-at.js";
import { defined } from "../../core/defined.js";
import { sqrt } from "../../core/math.js";
import { hannWindow } from "./windows.js";

/**
 * Computes the coefficients a[0] = 1, a[1] .. a[p] of the prediction error filter by the autocorrelation
 * method and the Levinson-Durbin recursion (Makhoul, "Linear prediction: a tutorial review", Proc. IEEE 63,
 * 1975).
 * @param frame [n] windowed samples
 * @param order p
 * @param out [p + 1] receives the coefficients; 1, 0, 0 .. for a frame of zeros
 */
export function predictionErrorFilter(frame: Float64Array, order: number, out: Float64Array): void {
  const correlation = autocorrelation(frame, order);
  out.fill(0);
  out[0] = 1;
  let error = defined(correlation[0]);
  // A perfectly predicted frame (zeros, a single sinusoid) ends the recursion early.
  const floor = error * 1e-12;
  const previous = new Float64Array(order + 1);
  for (let i = 1; i <= order && error > floor; i++) {
    let sum = defined(correlation[i]);
    for (let j = 1; j < i; j++) sum += defined(out[j]) * defined(correlation[i - j]);
    const reflection = -sum / error;
    previous.set(out);
    for (let j = 1; j < i; j++) out[j] = defined(previous[j]) + reflection * defined(previous[i - j]);
    out[i] = reflection;
    error *= 1 - reflection * reflection;
  }
}

function autocorrelation(frame: Float64Array, order: number): Float64Array {
  const result = new Float64Array(order + 1);
  for (let lag = 0; lag <= order; lag++) {
    let sum = 0;
    for (let i = lag; i < frame.length; i++) sum += defined(frame[i]) * defined(frame[i - lag]);
    result[lag] = sum;
  }
  return result;
}

export interface ResidualOptions {
  /** Number of samples of an analysis window. */
  readonly window: number;
  /** Number of samples between windows. */
  readonly shift: number;
  readonly order: number;
  /** Signal from which the filters are computed, of the same length. Default: the signal itself. */
  readonly model?: ArrayLike<number>;
}

/**
 * Computes the linear prediction residual: each Hann-windowed segment is inverse filtered, scaled to its
 * original energy, and added to its neighbours (the excitation estimate of Drugman & Alwan, Interspeech 2011,
 * section 2.1). The signal is zero outside its ends.
 * @param signal [N]
 * @param from first requested sample
 * @param to end of the requested samples
 * @returns [to - from]; the value of a sample does not depend on the requested range
 */
export function predictionResidual(
  signal: ArrayLike<number>,
  options: ResidualOptions,
  from: number,
  to: number,
): Float64Array {
  const { window, shift, order, model } = options;
  const taper = hannWindow(window);
  const residual = new Float64Array(to - from);
  const frame = new Float64Array(window);
  const modelled = model === undefined ? frame : new Float64Array(window);
  const filter = new Float64Array(order + 1);
  const output = new Float64Array(window);
  const first = Math.ceil((from - window + 1) / shift) * shift;
  for (let start = first; start < to; start += shift) {
    copyWindowed(signal, start, taper, frame);
    if (model !== undefined) copyWindowed(model, start, taper, modelled);
    predictionErrorFilter(modelled, order, filter);
    const gain = inverseFilter(frame, filter, output);
    for (let i = Math.max(0, from - start); i < Math.min(window, to - start); i++) {
      const at = start + i - from;
      residual[at] = defined(residual[at]) + gain * defined(output[i]);
    }
  }
  return residual;
}

function copyWindowed(
  signal: ArrayLike<number>,
  start: number,
  taper: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < out.length; i++) out[i] = sampleAt(signal, start + i) * defined(taper[i]);
}

/** Filters, and returns the gain that gives the output the energy of the input. */
function inverseFilter(frame: Float64Array, filter: Float64Array, out: Float64Array): number {
  let before = 0;
  let after = 0;
  for (let i = 0; i < frame.length; i++) {
    let sum = 0;
    for (let j = Math.min(i, filter.length - 1); j >= 0; j--)
      sum += defined(filter[j]) * defined(frame[i - j]);
    out[i] = sum;
    before += defined(frame[i]) * defined(frame[i]);
    after += sum * sum;
  }
  return after > 0 ? sqrt(before / after) : 0;
}
