import type { Pulse } from "./pulses.js";
import { decibels, powerAt } from "./spectrum-at.js";

/**
 * Length of the Fourier transform to whose bins the parabola is fitted, and error at which fitting stops
 * (Alku et al. 1997).
 */
const BINS = 2048;
const LARGEST_ERROR = 0.01;
const FEWEST_BINS = 3;

/**
 * Computes the parabolic spectral parameter: decay of the spectrum of one cycle of flow at low frequencies,
 * relative to the fastest possible decay at its length, that of a rectangle of one period. Near 1 for a flow
 * that hardly varies, small for a short, sharp pulse (Alku, Strik & Vilkman, "Parabolic spectral parameter -
 * A new method for quantification of the glottal flow", Speech Communication 22(1), 1997).
 *
 * As in COVAREP, the flow is scaled to [0, 1] and the rectangle has unit area, which determines where either
 * fit stops.
 * @param fastestOf `fastestDecay`, possibly cached
 * @returns undefined without flow
 */
export function parabolicSpectralParameter(
  flow: Float64Array,
  { start, end }: Pulse,
  fastestOf: (period: number) => number,
): number | undefined {
  const cycle = flow.slice(start, end + 1);
  const lowest = cycle.reduce((least, value) => Math.min(least, value), Infinity);
  const range = cycle.reduce((most, value) => Math.max(most, value), -Infinity) - lowest;
  if (!(range > 0)) return undefined;
  const scaled = cycle.map((value) => (value - lowest) / range);
  const fastest = fastestOf(end - start);
  return fastest === 0 ? undefined : spectralDecay(scaled) / fastest;
}

/** Returns the decay of a rectangle of unit area that is `period` samples long. */
export function fastestDecay(period: number): number {
  return spectralDecay(new Float64Array(period).fill(1 / period));
}

function spectralDecay(x: Float64Array): number {
  return curvature((bin) => decibels(powerAt(x, (2 * Math.PI * bin) / BINS)));
}

/**
 * Returns the a of the parabola a k^2 + b that best fits the levels of bins 0..N-1, at the first N whose
 * squared error, relative to the squared levels, reaches the limit (eqs. 3 to 5 of the paper).
 */
function curvature(level: (bin: number) => number): number {
  let sumX = 0;
  let sumXX = 0;
  let sumXK = 0;
  let sumK = 0;
  let sumKK = 0;
  let a = 0;
  for (let bin = 0; bin < BINS / 2; bin++) {
    const x = level(bin);
    const k = bin * bin;
    const count = bin + 1;
    sumX += x;
    sumXX += x * x;
    sumXK += x * k;
    sumK += k;
    sumKK += k * k;
    if (count < FEWEST_BINS) continue;
    a = (count * sumXK - sumX * sumK) / (count * sumKK - sumK * sumK);
    const b = (sumX - a * sumK) / count;
    if (sumXX - a * sumXK - b * sumX >= LARGEST_ERROR * sumXX) break;
  }
  return a;
}
