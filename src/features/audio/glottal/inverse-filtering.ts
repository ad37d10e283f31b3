import { sampleAt } from "../../../signal/sample-at.js";
import { defined } from "../../../core/defined.js";
import { cos } from "../../../core/math.js";
import { highPass } from "../../../signal/butterworth.js";
import { predictionErrorFilter } from "../linear-prediction.js";
import { sampleRate } from "./analysis-rate.js";
import { isPeriod } from "./pulses.js";

/**
 * Orders and leak of integration as in COVAREP at 16 kHz. The first, crude model of the source has order 1.
 */
const TRACT_ORDER = 20;
const SOURCE_ORDER = 8;
const LEAK = 0.99;
/** Cutoff in Hz: hum and drift below it would dominate the integrated flow. */
const CUTOFF = { hertz: 40, sampleRate };

export interface GlottalFlow {
  /** [N] flow in the units of the speech times a period in samples. */
  readonly flow: Float64Array;
  /** [N] derivative of the flow in the units of the speech. */
  readonly derivative: Float64Array;
}

/**
 * Estimates the glottal flow by iterative adaptive inverse filtering (IAIF): Alku, "Glottal wave analysis
 * with pitch synchronous iterative adaptive inverse filtering", Speech Communication 11(2-3), 1992.
 *
 * A frame spans the two cycles around a closure. Its window rises over the first and falls over the second,
 * so that windows of neighbouring frames add up to one. The derivative is overlap-added, then integrated as a
 * whole. 0 where there are no closures.
 * @param speech speech with corrected polarity
 */
export function glottalFlow(speech: Float64Array, closures: readonly number[]): GlottalFlow {
  const clean = highPass(speech, CUTOFF);
  const derivative = new Float64Array(speech.length);
  closures.forEach((closure, i) => {
    const before = closure - (closures[i - 1] ?? -Infinity);
    const after = (closures[i + 1] ?? Infinity) - closure;
    if (!isPeriod(before) && !isPeriod(after)) return;
    addFrame(derivative, clean, closure, isPeriod(before) ? before : after, isPeriod(after) ? after : before);
  });
  return { flow: integrate(derivative), derivative };
}

/** Adds the derivative of flow in the `before` samples before a closure and the `after` samples after it. */
function addFrame(
  derivative: Float64Array,
  speech: Float64Array,
  closure: number,
  before: number,
  after: number,
): void {
  const window = Float64Array.from({ length: before + after - 1 }, (_, i) => {
    const offset = i + 1 - before;
    return 0.5 + 0.5 * cos((Math.PI * offset) / (offset < 0 ? before : after));
  });
  const start = closure - before + 1;
  const frame = window.map((weight, i) => weight * sampleAt(speech, start + i));
  inverseFilterFrame(frame, window).forEach((value, i) => {
    const at = start + i;
    if (at >= 0 && at < derivative.length) derivative[at] = defined(derivative[at]) + value;
  });
}

/**
 * Removes a crude source and fits the tract; removes the tract and fits the source better; removes that
 * source and fits the tract better; removes that tract.
 */
function inverseFilterFrame(frame: Float64Array, window: Float64Array): Float64Array {
  const predictor = (signal: Float64Array, order: number): Float64Array => {
    const filter = new Float64Array(order + 1);
    predictionErrorFilter(multiply(signal, window), order, filter);
    return filter;
  };
  const crudeSource = predictor(frame, 1);
  const crudeTract = predictor(inverseFilter(crudeSource, frame), TRACT_ORDER);
  const source = predictor(integrate(inverseFilter(crudeTract, frame)), SOURCE_ORDER);
  const tract = predictor(integrate(inverseFilter(source, frame)), TRACT_ORDER);
  return inverseFilter(tract, frame);
}

/** Computes y[n] = sum over k of filter[k] x[n - k], with x = 0 before the frame. */
function inverseFilter(filter: Float64Array, x: Float64Array): Float64Array {
  const y = new Float64Array(x.length);
  for (let n = 0; n < x.length; n++) {
    let sum = 0;
    for (let k = Math.min(n, filter.length - 1); k >= 0; k--) sum += defined(filter[k]) * defined(x[n - k]);
    y[n] = sum;
  }
  return y;
}

/** Computes y[n] = x[n] + LEAK y[n - 1], which undoes the radiation at the lips. */
function integrate(x: Float64Array): Float64Array {
  let sum = 0;
  return x.map((value) => (sum = value + LEAK * sum));
}

function multiply(x: Float64Array, window: Float64Array): Float64Array {
  return x.map((value, i) => value * defined(window[i]));
}
